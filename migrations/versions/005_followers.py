"""Who wants to hear of a situation follows it, in the database as on the pages."""

import sqlalchemy as sa
from alembic import op

revision = "005"
down_revision = "004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _move("situation_watchers", "situation_followers")


def downgrade() -> None:
    _move("situation_followers", "situation_watchers")


def _move(old: str, new: str) -> None:
    """A table of its own, because a constraint keeps the name that it was made with."""
    op.create_table(
        new,
        sa.Column("situation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f(f"{new}_person_id_fk"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["situation_id"], ["situations.id"], name=op.f(f"{new}_situation_id_fk"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("situation_id", "person_id", name=op.f(f"{new}_pk")),
    )
    op.create_index(f"{new}_person_id_index", new, ["person_id"], unique=False)
    columns = "situation_id, person_id, since"
    op.execute(f"INSERT INTO {new} ({columns}) SELECT {columns} FROM {old}")  # noqa: S608 (two names of ours)
    op.drop_table(old)
