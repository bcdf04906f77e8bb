"""Feeds and webhooks; a job says when it is due again and how it failed last, and somebody can want it at once."""

import sqlalchemy as sa
from alembic import op

revision = "007"
down_revision = "006"
branch_labels = None
depends_on = None

OF_JOBS = ("due_again_at", "wanted_at", "failed_at")


def upgrade() -> None:
    op.create_table(
        "feeds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("news", "calendar", name="kind_known", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        moment("made_at"),
        moment("last_used_at", nullable=True),
        moment("revoked_at", nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("feeds_has_a_name")),
        refers("feeds", "person_id", "people.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("feeds_pk")),
        sa.UniqueConstraint("token_hash", name=op.f("feeds_token_hash_unique")),
    )
    op.create_index("feeds_person_id_index", "feeds", ["person_id"])
    op.create_table(
        "webhooks",
        sa.Column("subscription_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("host", sa.String(length=255), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        moment("made_at"),
        refers("webhooks", "subscription_id", "subscriptions.id"),
        sa.PrimaryKeyConstraint("subscription_id", name=op.f("webhooks_pk")),
    )
    make_calls()
    for name in OF_JOBS:
        op.add_column("job_runs", moment(name, nullable=True))
    op.add_column("job_runs", sa.Column("failure", sa.Text(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("job_runs") as table:
        for name in ("failure", *reversed(OF_JOBS)):
            table.drop_column(name)
    for name in ("outgoing_calls", "webhooks", "feeds"):
        op.drop_table(name)


def make_calls() -> None:
    settled = "(told_at IS NOT NULL OR given_up_at IS NOT NULL)"
    op.create_table(
        "outgoing_calls",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=True),
        sa.Column("message_id", sa.String(length=60), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("person_version", sa.Integer(), nullable=True),
        sa.Column("catalogue_version", sa.Integer(), nullable=True),
        moment("queued_at"),
        sa.Column("attempts", sa.Integer(), nullable=False),
        moment("next_attempt_at"),
        moment("leased_until", nullable=True),
        moment("told_at", nullable=True),
        moment("given_up_at", nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(f"(body IS NULL) = {settled}", name=op.f("outgoing_calls_body_kept_until_settled")),
        sa.CheckConstraint("told_at IS NULL OR given_up_at IS NULL", name=op.f("outgoing_calls_settled_one_way")),
        sa.CheckConstraint(
            "(person_version IS NULL) = (catalogue_version IS NULL)",
            name=op.f("outgoing_calls_told_for_somebody"),
        ),
        refers("outgoing_calls", "subscription_id", "subscriptions.id"),
        refers("outgoing_calls", "delivery_id", "deliveries.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("outgoing_calls_pk")),
        sa.UniqueConstraint("message_id", name=op.f("outgoing_calls_message_id_unique")),
    )
    op.create_index("outgoing_calls_delivery_id_unique", "outgoing_calls", ["delivery_id"], unique=True)
    for column in ("next_attempt_at", "subscription_id"):
        op.create_index(f"outgoing_calls_{column}_index", "outgoing_calls", [column])


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"{table}_{column}_fk"), ondelete="RESTRICT")
