"""Of what comes again single days may be left out."""

import sqlalchemy as sa
from alembic import op

revision = "014"
down_revision = "013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("occasions") as table:
        table.add_column(sa.Column("left_out", sa.Text(), server_default=sa.text("''"), nullable=False))
        table.create_check_constraint(
            op.f("occasions_leaves_out_of_what_comes_again"), "left_out = '' OR every_months IS NOT NULL"
        )


def downgrade() -> None:
    with op.batch_alter_table("occasions") as table:
        table.drop_constraint(op.f("occasions_leaves_out_of_what_comes_again"), type_="check")
        table.drop_column("left_out")
