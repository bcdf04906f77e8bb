"""What is concluded from the evidence: methods, rules, standings, scores, flags, situations, and occasions."""

import sqlalchemy as sa
from alembic import op

revision = "003"
down_revision = "002"
branch_labels = None
depends_on = None

# What was concluded and decided, and why.
APPEND_ONLY = ("flag_events", "situation_events")


def upgrade() -> None:
    make_tables()
    for table in APPEND_ONLY:
        forbid_changes(table)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_only_grows() CASCADE")
    for table in (
        *("occasions", "situation_watchers", "situation_events", "flag_events", "flags", "situations"),
        *("score_history", "scores_now", "standings", "rule_versions", "method_versions"),
    ):
        op.drop_table(table)


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


def make_tables() -> None:
    op.create_table(
        "method_versions",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("switched_on_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("switched_on_by", sa.Integer(), nullable=True),
        sa.Column("in_force_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "in_force_since IS NULL OR discarded_at IS NULL", name=op.f("method_versions_in_force_or_discarded")
        ),
        sa.CheckConstraint(
            "(switched_on_at IS NULL) = (switched_on_by IS NULL)", name=op.f("method_versions_switched_on_by_somebody")
        ),
        sa.CheckConstraint(
            "switched_on_at IS NULL OR discarded_at IS NULL", name=op.f("method_versions_switched_on_or_discarded")
        ),
        sa.ForeignKeyConstraint(
            ["made_by"], ["people.id"], name=op.f("method_versions_made_by_fk"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["switched_on_by"], ["people.id"], name=op.f("method_versions_switched_on_by_fk"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("number", name=op.f("method_versions_pk")),
    )
    op.create_table(
        "occasions",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("iso3", sa.String(length=3), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "election",
                "anniversary",
                "verdict",
                "census",
                "review",
                "session",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("handling", sa.SmallInteger(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("removed", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("occasions_has_a_name")),
        sa.CheckConstraint("handling BETWEEN 0 AND 4", name=op.f("occasions_handling_known")),
        sa.ForeignKeyConstraint(
            ["entered_by"], ["people.id"], name=op.f("occasions_entered_by_fk"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["iso3"], ["countries.iso3"], name=op.f("occasions_iso3_fk"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("occasions_pk")),
    )
    op.create_index("occasions_iso3_day_index", "occasions", ["iso3", "day"], unique=False)
    op.create_table(
        "rule_versions",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("speaks", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by", sa.Integer(), nullable=True),
        sa.Column("switched_on_by", sa.Integer(), nullable=True),
        sa.Column("in_force_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("discarded_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "in_force_since IS NULL OR discarded_at IS NULL", name=op.f("rule_versions_in_force_or_discarded")
        ),
        sa.CheckConstraint("number >= 1", name=op.f("rule_versions_number_from_one")),
        sa.CheckConstraint(
            "switched_on_by IS NULL OR in_force_since IS NOT NULL", name=op.f("rule_versions_switched_on_is_in_force")
        ),
        sa.ForeignKeyConstraint(["made_by"], ["people.id"], name=op.f("rule_versions_made_by_fk"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["switched_on_by"], ["people.id"], name=op.f("rule_versions_switched_on_by_fk"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("key", "number", name=op.f("rule_versions_pk")),
    )
    op.create_table(
        "situations",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("iso3", sa.String(length=3), nullable=False),
        sa.Column("part", sa.String(length=120), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "new",
                "verifying",
                "assessed",
                "responding",
                "monitoring",
                "closed",
                name="state_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("handling", sa.SmallInteger(), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "close_reason",
            sa.Enum(
                "unfounded",
                "resolved",
                "merged",
                "out_of_scope",
                name="close_reason_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=True,
        ),
        sa.Column("split_from", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'closed') = (close_reason IS NOT NULL)", name=op.f("situations_closed_with_reason")
        ),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("situations_closed_at_some_time")),
        sa.CheckConstraint("(state = 'closed') = (due_on IS NULL)", name=op.f("situations_open_has_a_due_day")),
        sa.CheckConstraint("handling BETWEEN 0 AND 4", name=op.f("situations_handling_known")),
        sa.ForeignKeyConstraint(["iso3"], ["countries.iso3"], name=op.f("situations_iso3_fk"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["opened_by"], ["people.id"], name=op.f("situations_opened_by_fk"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["owner_id"], ["people.id"], name=op.f("situations_owner_id_fk"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["split_from"], ["situations.id"], name=op.f("situations_split_from_fk"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("situations_pk")),
    )
    op.create_index(
        "situations_open_unique",
        "situations",
        ["iso3", "part"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("situations_owner_id_index", "situations", ["owner_id"], unique=False)
    op.create_table(
        "flags",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("iso3", sa.String(length=3), nullable=False),
        sa.Column("rule_key", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column(
            "verdict",
            sa.Enum(
                "confirmed", "discarded", name="verdict_known", native_enum=False, create_constraint=True, length=20
            ),
            nullable=True,
        ),
        sa.Column("verdict_by", sa.Integer(), nullable=True),
        sa.Column("verdict_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verdict_reason", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("raised_by", sa.Integer(), nullable=True),
        sa.Column("situation_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("verdict <> 'discarded' OR closed_at IS NOT NULL", name=op.f("flags_discarded_is_closed")),
        sa.CheckConstraint("verdict <> 'discarded' OR verdict_reason <> ''", name=op.f("flags_discarded_with_reason")),
        sa.CheckConstraint("(verdict IS NULL) = (verdict_at IS NULL)", name=op.f("flags_verdict_has_a_time")),
        sa.ForeignKeyConstraint(["iso3"], ["countries.iso3"], name=op.f("flags_iso3_fk"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["raised_by"], ["people.id"], name=op.f("flags_raised_by_fk"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["situation_id"], ["situations.id"], name=op.f("flags_situation_id_fk"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["verdict_by"], ["people.id"], name=op.f("flags_verdict_by_fk"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("flags_pk")),
    )
    op.create_index("flags_iso3_index", "flags", ["iso3"], unique=False)
    op.create_index(
        "flags_open_unique",
        "flags",
        ["iso3", "rule_key", "subject"],
        unique=True,
        sqlite_where=sa.text("closed_at IS NULL"),
        postgresql_where=sa.text("closed_at IS NULL"),
    )
    op.create_index("flags_situation_id_index", "flags", ["situation_id"], unique=False)
    op.create_table(
        "score_history",
        sa.Column("method_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("iso3", sa.String(length=3), nullable=False),
        sa.Column("handling", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("known_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.CheckConstraint("handling BETWEEN 0 AND 4", name=op.f("score_history_handling_known")),
        sa.ForeignKeyConstraint(["iso3"], ["countries.iso3"], name=op.f("score_history_iso3_fk"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["method_version"],
            ["method_versions.number"],
            name=op.f("score_history_method_version_fk"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("method_version", "iso3", "handling", "day", "known_at", name=op.f("score_history_pk")),
    )
    op.create_table(
        "scores_now",
        sa.Column("method_version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("iso3", sa.String(length=3), nullable=False),
        sa.Column("handling", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("record", sa.LargeBinary(), nullable=False),
        sa.Column("draws", sa.LargeBinary(), nullable=True),
        sa.Column("changes_on", sa.Date(), nullable=True),
        sa.CheckConstraint("handling BETWEEN 0 AND 4", name=op.f("scores_now_handling_known")),
        sa.ForeignKeyConstraint(["iso3"], ["countries.iso3"], name=op.f("scores_now_iso3_fk"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["method_version"],
            ["method_versions.number"],
            name=op.f("scores_now_method_version_fk"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("method_version", "iso3", "handling", name=op.f("scores_now_pk")),
    )
    op.create_table(
        "situation_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("situation_id", sa.Integer(), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "opened",
                "flag_joined",
                "flag_confirmed",
                "flag_discarded",
                "flag_cleared",
                "moved",
                "assessed",
                "dissented",
                "noted",
                "assigned",
                "split",
                "merged",
                name="act_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("handling", sa.SmallInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.CheckConstraint("handling BETWEEN 0 AND 4", name=op.f("situation_events_handling_known")),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("situation_events_by_id_fk"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["situation_id"], ["situations.id"], name=op.f("situation_events_situation_id_fk"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("situation_events_pk")),
    )
    op.create_index("situation_events_at_index", "situation_events", ["at"], unique=False)
    op.create_index("situation_events_situation_id_index", "situation_events", ["situation_id"], unique=False)
    op.create_table(
        "situation_watchers",
        sa.Column("situation_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("situation_watchers_person_id_fk"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["situation_id"], ["situations.id"], name=op.f("situation_watchers_situation_id_fk"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("situation_id", "person_id", name=op.f("situation_watchers_pk")),
    )
    op.create_index("situation_watchers_person_id_index", "situation_watchers", ["person_id"], unique=False)
    op.create_table(
        "standings",
        sa.Column("iso3", sa.String(length=3), nullable=False),
        sa.Column("indicator_id", sa.SmallInteger(), nullable=False),
        sa.Column("handling", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("revision", sa.SmallInteger(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("standard_error", sa.Double(), nullable=True),
        sa.Column("reliability", sa.String(length=1), nullable=False),
        sa.Column("credibility", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("handling BETWEEN 0 AND 4", name=op.f("standings_handling_known")),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicators.id"], name=op.f("standings_indicator_id_fk"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["iso3"], ["countries.iso3"], name=op.f("standings_iso3_fk"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("iso3", "indicator_id", "handling", name=op.f("standings_pk")),
    )
    op.create_table(
        "flag_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("flag_id", sa.Integer(), nullable=False),
        sa.Column("handling", sa.SmallInteger(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "raised",
                "worsened",
                "eased",
                "cleared",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("severity", sa.SmallInteger(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rule_version", sa.SmallInteger(), nullable=True),
        sa.Column("method_version", sa.Integer(), nullable=True),
        sa.Column("explanation", sa.JSON(), nullable=False),
        sa.CheckConstraint("handling BETWEEN 0 AND 4", name=op.f("flag_events_handling_known")),
        sa.CheckConstraint("severity BETWEEN 1 AND 3", name=op.f("flag_events_severity_known")),
        sa.CheckConstraint(
            "(rule_version IS NULL) = (method_version IS NULL)", name=op.f("flag_events_rule_with_its_method")
        ),
        sa.ForeignKeyConstraint(["flag_id"], ["flags.id"], name=op.f("flag_events_flag_id_fk"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["method_version"],
            ["method_versions.number"],
            name=op.f("flag_events_method_version_fk"),
            ondelete="RESTRICT",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("flag_events_pk")),
    )
    op.create_index("flag_events_at_index", "flag_events", ["at"], unique=False)
    op.create_index("flag_events_flag_id_index", "flag_events", ["flag_id"], unique=False)
