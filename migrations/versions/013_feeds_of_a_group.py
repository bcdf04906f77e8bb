"""A feed may tell of the countries of one group alone."""

import sqlalchemy as sa
from alembic import op

revision = "013"
down_revision = "012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("feeds") as table:
        table.add_column(sa.Column("group_key", sa.String(length=60), nullable=True))
        table.create_foreign_key(op.f("feeds_group_key_fk"), "groups", ["group_key"], ["key"], ondelete="RESTRICT")


def downgrade() -> None:
    with op.batch_alter_table("feeds") as table:
        table.drop_constraint(op.f("feeds_group_key_fk"), type_="foreignkey")
        table.drop_column("group_key")
