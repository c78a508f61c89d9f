"""messages by person and address, deliveries by when"""

from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('message', schema=None) as batch_op:
        batch_op.create_index('ix_message_person', ['person_id', 'address', 'id'], unique=False)
    with op.batch_alter_table('delivery', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_delivery_at'), ['at'], unique=False)


def downgrade() -> None:
    raise RuntimeError("a schema is never taken back; restore a backup instead")
