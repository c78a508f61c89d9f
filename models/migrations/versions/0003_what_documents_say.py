"""what documents say: visits, plans of return, transport and meals, where reviews meet, what people said, agreed summaries"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

ADDED = {
    'visit': ('sites_seen', 'pupil_seen', 'staff_met', 'central_record', 'premises', 'teaching', 'behaviour', 'registers',
              'actions'),
    'terms': ('transport', 'meals'),
    'consultation': ('said',),
    'view': ('said',),
    'review': ('place',),
    'triage': ('summary',),
    'concern_closure': ('summary',),
    'return_plan': ('worked', 'risk', 'step_back'),
}


def upgrade() -> None:
    for table, columns in ADDED.items():
        with op.batch_alter_table(table, schema=None) as batch_op:
            for column in columns:
                batch_op.add_column(sa.Column(column, sa.String(), nullable=True))
            if table == 'return_plan':
                batch_op.add_column(sa.Column('review_on', sa.JSON(none_as_null=True), nullable=True))
                batch_op.add_column(sa.Column('part_time_agreed_on', sa.Date(), nullable=True))


def downgrade() -> None:
    raise RuntimeError("a schema is never taken back; restore a backup instead")
