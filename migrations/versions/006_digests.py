"""Digests: who wants which, what becomes of each, and a queue of mail that knows what may have left."""

import sqlalchemy as sa
from alembic import op

revision = "006"
down_revision = "005"
branch_labels = None
depends_on = None

SETTLED = "(sent_at IS NOT NULL OR given_up_at IS NOT NULL)"
TEXT_KEPT = f"(body IS NULL) = {SETTLED}"
BEING_URGENT = sa.text("kind = 'urgent' AND state IN ('planned', 'queued')")


def upgrade() -> None:
    make_subscriptions()
    make_deliveries()
    forbid_changes("delivery_events")
    widen_outgoing_mails()


def downgrade() -> None:
    # nothing of theirs is left that could be sent
    op.execute("DELETE FROM outgoing_mails WHERE delivery_id IS NOT NULL")
    op.drop_index("outgoing_mails_delivery_id_unique", table_name="outgoing_mails")
    with op.batch_alter_table("outgoing_mails") as table:
        table.drop_constraint(op.f("outgoing_mails_delivery_id_fk"), type_="foreignkey")
        table.drop_constraint(op.f("outgoing_mails_lease_has_an_owner"), type_="check")
        table.drop_constraint(op.f("outgoing_mails_body_kept_until_settled"), type_="check")
        table.create_check_constraint(op.f("outgoing_mails_body_kept_until_settled"), TEXT_KEPT)
        for column in ("transmitting_at", "owner", "delivery_id"):
            table.drop_column(column)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION delivery_events_only_grows() CASCADE")
    for name in ("refused_addresses", "delivery_events", "delivery_messages", "deliveries"):
        op.drop_table(name)
    for name in ("urgent_wishes", "subscriptions"):
        op.drop_table(name)


def make_subscriptions() -> None:
    op.create_table(
        "subscriptions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("cadence", words("cadence_known", "daily", "weekly", "monthly"), nullable=False),
        sa.Column("time_of_day", sa.Time(), nullable=False),
        sa.Column("zone", sa.String(length=60), nullable=False),
        sa.Column("weekday", sa.SmallInteger(), nullable=False),
        sa.Column("month_day", sa.SmallInteger(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("interest", sa.JSON(), nullable=False),
        sa.Column("also_when_nothing_is_new", sa.Boolean(), nullable=False),
        sa.Column("paused_until", sa.Date(), nullable=True),
        moment("created_at"),
        sa.Column("created_by", sa.Integer(), nullable=False),
        moment("planned_until"),
        moment("next_due_at", nullable=True),
        moment("ended_at", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("subscriptions_has_a_name")),
        sa.CheckConstraint("weekday BETWEEN 1 AND 7", name=op.f("subscriptions_weekday_known")),
        sa.CheckConstraint("month_day BETWEEN 1 AND 31", name=op.f("subscriptions_month_day_known")),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (next_due_at IS NOT NULL)", name=op.f("subscriptions_due_until_it_ends")
        ),
        refers("subscriptions", "person_id", "people.id"),
        refers("subscriptions", "created_by", "people.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("subscriptions_pk")),
    )
    for column in ("next_due_at", "person_id", "planned_until"):
        op.create_index(f"subscriptions_{column}_index", "subscriptions", [column])
    op.create_table(
        "urgent_wishes",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        moment("since"),
        sa.Column("quiet_from", sa.Time(), nullable=True),
        sa.Column("quiet_until", sa.Time(), nullable=True),
        sa.CheckConstraint(
            "(quiet_from IS NULL) = (quiet_until IS NULL)", name=op.f("urgent_wishes_quiet_hours_begin_and_end")
        ),
        refers("urgent_wishes", "person_id", "people.id"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("urgent_wishes_pk")),
    )


def make_deliveries() -> None:
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", words("kind_known", "digest", "urgent"), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("subscription_id", sa.Integer(), nullable=True),
        sa.Column("period_key", sa.String(length=20), nullable=False),
        moment("due_at"),
        moment("planned_at"),
        sa.Column("state", words("state_known", "planned", "queued", "sent", "skipped", "dead"), nullable=False),
        sa.Column("message_id", sa.String(length=60), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        moment("next_attempt_at"),
        sa.Column("owner", sa.String(length=60), nullable=True),
        moment("leased_until", nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        moment("told_since", nullable=True),
        moment("told_until", nullable=True),
        moment("made_at", nullable=True),
        sa.Column("person_version", sa.Integer(), nullable=True),
        sa.Column("catalogue_version", sa.Integer(), nullable=True),
        sa.Column("subject", sa.Text(), nullable=True),
        sa.Column("handling", sa.SmallInteger(), nullable=True),
        moment("settled_at", nullable=True),
        sa.CheckConstraint(
            "(kind = 'digest') = (subscription_id IS NOT NULL)", name=op.f("deliveries_digest_has_a_subscription")
        ),
        sa.CheckConstraint("handling BETWEEN 0 AND 4", name=op.f("deliveries_handling_known")),
        sa.CheckConstraint(
            "(state IN ('planned', 'queued')) = (settled_at IS NULL)", name=op.f("deliveries_settled_at_some_time")
        ),
        sa.CheckConstraint(
            "state NOT IN ('queued', 'sent') OR made_at IS NOT NULL", name=op.f("deliveries_queued_is_made")
        ),
        sa.CheckConstraint("(made_at IS NULL) = (handling IS NULL)", name=op.f("deliveries_made_has_a_mark")),
        sa.CheckConstraint("(owner IS NULL) = (leased_until IS NULL)", name=op.f("deliveries_lease_has_an_owner")),
        refers("deliveries", "person_id", "people.id"),
        refers("deliveries", "subscription_id", "subscriptions.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("deliveries_pk")),
        sa.UniqueConstraint("message_id", name=op.f("deliveries_message_id_unique")),
        sa.UniqueConstraint("subscription_id", "period_key", name=op.f("deliveries_subscription_id_period_key_unique")),
    )
    for column in ("person_id", "told_until"):
        op.create_index(f"deliveries_{column}_index", "deliveries", [column])
    op.create_index("deliveries_state_next_attempt_at_index", "deliveries", ["state", "next_attempt_at"])
    op.create_index(
        "deliveries_urgent_unique",
        "deliveries",
        ["person_id"],
        unique=True,
        sqlite_where=BEING_URGENT,
        postgresql_where=BEING_URGENT,
    )
    op.create_table(
        "delivery_messages",
        sa.Column("delivery_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("message", sa.LargeBinary(), nullable=False),
        refers("delivery_messages", "delivery_id", "deliveries.id"),
        sa.PrimaryKeyConstraint("delivery_id", name=op.f("delivery_messages_pk")),
    )
    acts = (
        *("made", "sent", "failed", "skipped", "given_up", "uncertain", "requeued", "taken_as_sent"),
        *("called", "call_failed", "call_given_up"),
    )
    op.create_table(
        "delivery_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("act", words("act_known", *acts), nullable=False),
        moment("at"),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        refers("delivery_events", "delivery_id", "deliveries.id"),
        refers("delivery_events", "by_id", "people.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("delivery_events_pk")),
    )
    op.create_index("delivery_events_delivery_id_index", "delivery_events", ["delivery_id"])
    op.create_table(
        "refused_addresses",
        sa.Column("address", sa.String(length=254), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        moment("last_at"),
        sa.Column("words", sa.Text(), nullable=False),
        sa.CheckConstraint("times >= 1", name=op.f("refused_addresses_times_from_one")),
        sa.PrimaryKeyConstraint("address", name=op.f("refused_addresses_pk")),
    )


def widen_outgoing_mails() -> None:
    op.add_column("outgoing_mails", sa.Column("owner", sa.String(length=60), nullable=True))
    # what a worker held that was stopped for this migration is taken over as it always was
    op.execute("UPDATE outgoing_mails SET owner = 'a worker of before' WHERE leased_until IS NOT NULL")
    with op.batch_alter_table("outgoing_mails") as table:
        table.add_column(sa.Column("delivery_id", sa.Integer(), nullable=True))
        table.add_column(moment("transmitting_at", nullable=True))
        table.create_foreign_key(
            op.f("outgoing_mails_delivery_id_fk"), "deliveries", ["delivery_id"], ["id"], ondelete="RESTRICT"
        )
        table.create_check_constraint(
            op.f("outgoing_mails_lease_has_an_owner"), "(owner IS NULL) = (leased_until IS NULL)"
        )
        table.drop_constraint(op.f("outgoing_mails_body_kept_until_settled"), type_="check")
        table.create_check_constraint(
            op.f("outgoing_mails_body_kept_until_settled"), f"delivery_id IS NOT NULL OR {TEXT_KEPT}"
        )
    op.create_index("outgoing_mails_delivery_id_unique", "outgoing_mails", ["delivery_id"], unique=True)


def forbid_changes(table: str) -> None:
    sentence = f"{table} only grows: a row can be neither changed nor removed"
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_forbid_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
            )
        return
    op.execute(
        f"CREATE FUNCTION {table}_only_grows() RETURNS trigger LANGUAGE plpgsql AS "
        f"$$ BEGIN RAISE EXCEPTION '{sentence}'; END $$"
    )
    op.execute(
        f"CREATE TRIGGER {table}_forbid_change BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION {table}_only_grows()"
    )
    op.execute(
        f"CREATE TRIGGER {table}_forbid_truncate BEFORE TRUNCATE ON {table} "
        f"FOR EACH STATEMENT EXECUTE FUNCTION {table}_only_grows()"
    )


def words(name: str, *known: str) -> sa.Enum:
    return sa.Enum(*known, name=name, native_enum=False, create_constraint=True, length=20)


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"{table}_{column}_fk"), ondelete="RESTRICT")
