"""marks of a day found fast"""

from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('mark', schema=None) as batch_op:
        batch_op.create_index('ix_mark_day', ['school_id', 'day', 'session', 'provider_id', 'pupil_id'], unique=False)


def downgrade() -> None:
    raise RuntimeError("a schema is never taken back; restore a backup instead")
