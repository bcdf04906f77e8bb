"""A digest keeps how things stood when it was told: the next one tells what differs."""

import sqlalchemy as sa
from alembic import op

revision = "008"
down_revision = "007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("deliveries", sa.Column("stood", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("deliveries", "stood")
