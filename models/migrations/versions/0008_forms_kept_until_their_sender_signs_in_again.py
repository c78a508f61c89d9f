"""forms kept until their sender signs in again"""

import sqlalchemy as sa
from alembic import op

import models.recorded

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('kept_form',
    sa.Column('id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('key_hash', sa.String(), nullable=False),
    sa.Column('account_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=False),
    sa.Column('person_id', sa.BigInteger().with_variant(sa.Integer(), 'sqlite'), nullable=True),
    sa.Column('sealed', sa.String(), nullable=False),
    sa.Column('kept_at', models.recorded.Instant(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['account_id'], ['account.id'], name=op.f('fk_kept_form_account_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_kept_form_person_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_kept_form')),
    sa.UniqueConstraint('key_hash', name=op.f('uq_kept_form_key_hash'))
    )
    with op.batch_alter_table('kept_form', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_kept_form_account_id'), ['account_id'], unique=False)
        batch_op.create_index(batch_op.f('ix_kept_form_kept_at'), ['kept_at'], unique=False)


def downgrade() -> None:
    raise RuntimeError("a schema is never taken back; restore a backup instead")
