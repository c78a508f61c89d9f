"""whether a contact reached anybody: what was recorded before did, as far as anybody said"""

import sqlalchemy as sa
from alembic import op

revision = '0009'
down_revision = '0008'
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table('contact', schema=None) as batch_op:
        batch_op.add_column(sa.Column('reached', sa.Boolean(), nullable=False, server_default=sa.true()))


def downgrade() -> None:
    raise RuntimeError("a schema is never taken back; restore a backup instead")
