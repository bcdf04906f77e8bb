"""A digest keeps which countries it was about: who reaches them no more reads it no more."""

import sqlalchemy as sa
from alembic import op

revision = "011"
down_revision = "010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("countries", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("deliveries", "countries")
