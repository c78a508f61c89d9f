"""what every page asks found fast: the next meeting, and who is marked present"""

from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('mark', schema=None) as batch_op:
        batch_op.drop_index('ix_mark_day')
        batch_op.create_index('ix_mark_day', ['school_id', 'day', 'session', 'provider_id', 'pupil_id', 'code'], unique=False)
    with op.batch_alter_table('standing', schema=None) as batch_op:
        batch_op.create_index('ix_standing_meeting', ['school_id', 'live', 'meets_on'], unique=False)


def downgrade() -> None:
    raise RuntimeError("a schema is never taken back; restore a backup instead")
