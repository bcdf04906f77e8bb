"""Days out of other calendars keep how often they were changed there: what an older file says of them is refused."""

import sqlalchemy as sa
from alembic import op

revision = "012"
down_revision = "011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("occasions") as table:
        table.add_column(sa.Column("sequence", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
        table.create_check_constraint(op.f("occasions_sequence_counts_up"), "sequence >= 0")


def downgrade() -> None:
    with op.batch_alter_table("occasions") as table:
        table.drop_constraint(op.f("occasions_sequence_counts_up"), type_="check")
        table.drop_column("sequence")
