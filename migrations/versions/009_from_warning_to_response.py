"""From warning to response: what is proposed, decided and done, who asks for help and who is there to be asked, what
councils did, and what was learnt. Days to come may concern several countries, and come again."""

import sqlalchemy as sa
from alembic import op

revision = "009"
down_revision = "008"
branch_labels = None
depends_on = None

APPEND_ONLY = ("response_events", "case_study_revisions")
MEASURES = (
    *("diplomatic", "political", "mediation", "monitoring", "assistance", "security_sector", "accountability"),
    *("economic", "peace_operation", "force"),
)
ROLES = ("reader", "analyst", "reviewer", "methodologist", "administrator")
KINDS = ("election", "anniversary", "verdict", "census", "review", "session")


def upgrade() -> None:
    widen_occasions()
    widen("person_roles", "role", "role_known", *ROLES, "focal_point")
    make_focal_points()
    make_responses()
    make_council_acts()
    make_case_studies()
    make_consistency_notes()
    for table in APPEND_ONLY:
        forbid_changes(table)


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for table in APPEND_ONLY:
            op.execute(f"DROP FUNCTION {table}_only_grows() CASCADE")
    for name in (
        *("consistency_notes", "case_study_revisions", "case_studies", "council_acts"),
        *("response_events", "responses", "assistance_requests", "focal_points"),
    ):
        op.drop_table(name)
    # nobody can hold a role that there is not
    op.execute("DELETE FROM person_roles WHERE role = 'focal_point'")
    widen("person_roles", "role", "role_known", *ROLES)
    narrow_occasions()


def widen_occasions() -> None:
    widen("occasions", "kind", "kind_known", *KINDS, "focal_points")
    with op.batch_alter_table("occasions") as table:
        table.alter_column("iso3", existing_type=sa.String(length=3), nullable=True)
        table.add_column(sa.Column("group_key", sa.String(length=60), nullable=True))
        table.add_column(sa.Column("every_months", sa.SmallInteger(), nullable=True))
        table.add_column(sa.Column("until", sa.Date(), nullable=True))
        table.add_column(sa.Column("note", sa.Text(), server_default=sa.text("''"), nullable=False))
        table.add_column(sa.Column("link", sa.Text(), nullable=True))
        table.add_column(sa.Column("uid", sa.String(length=250), nullable=True))
        table.add_column(moment("removed_at", nullable=True))
        table.add_column(sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
        table.create_foreign_key(op.f("occasions_group_key_fk"), "groups", ["group_key"], ["key"], ondelete="RESTRICT")
        for name, rule in OF_OCCASIONS.items():
            table.create_check_constraint(op.f(f"occasions_{name}"), rule)
    op.create_index("occasions_uid_index", "occasions", ["uid"])


def narrow_occasions() -> None:
    # of no single country, or of a kind that there was not: nothing could show them
    op.execute("DELETE FROM occasions WHERE iso3 IS NULL OR kind = 'focal_points'")
    op.drop_index("occasions_uid_index", table_name="occasions")
    with op.batch_alter_table("occasions") as table:
        for name in OF_OCCASIONS:
            table.drop_constraint(op.f(f"occasions_{name}"), type_="check")
        table.drop_constraint(op.f("occasions_group_key_fk"), type_="foreignkey")
        for name in ("version", "removed_at", "uid", "link", "note", "until", "every_months", "group_key"):
            table.drop_column(name)
        table.alter_column("iso3", existing_type=sa.String(length=3), nullable=False)
    widen("occasions", "kind", "kind_known", *KINDS)


OF_OCCASIONS = {
    "of_a_country_or_an_organisation": "iso3 IS NULL OR group_key IS NULL",
    "comes_again_within_a_century": "every_months BETWEEN 1 AND 1200",
    "ends_only_what_comes_again": "until IS NULL OR every_months IS NOT NULL",
    "link_is_web": "link LIKE 'https://%' OR link LIKE 'http://%'",
    "removed_at_some_time": "removed_at IS NULL OR removed = true",
}


def widen(table: str, column: str, name: str, *known: str) -> None:
    """Other words may stand there from now on."""
    listed = ", ".join(f"'{word}'" for word in known)
    with op.batch_alter_table(table) as changed:
        changed.drop_constraint(op.f(f"{table}_{name}"), type_="check")
        changed.create_check_constraint(op.f(f"{table}_{name}"), f"{column} IN ({listed})")


def make_focal_points() -> None:
    op.create_table(
        "focal_points",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("iso3", sa.String(length=3), nullable=True),
        sa.Column("group_key", sa.String(length=60), nullable=True),
        sa.Column("office", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("contact", sa.Text(), nullable=False),
        sa.Column("handling", sa.SmallInteger(), nullable=False),
        sa.Column("since", sa.Date(), nullable=False),
        sa.Column("until", sa.Date(), nullable=True),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        moment("entered_at"),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("link LIKE 'https://%' OR link LIKE 'http://%'", name=op.f("focal_points_link_is_web")),
        sa.CheckConstraint("office <> ''", name=op.f("focal_points_has_an_office")),
        sa.CheckConstraint(
            "(iso3 IS NULL) <> (group_key IS NULL)", name=op.f("focal_points_of_a_country_or_an_organisation")
        ),
        sa.CheckConstraint("handling BETWEEN 0 AND 4", name=op.f("focal_points_handling_known")),
        sa.CheckConstraint("until IS NULL OR until >= since", name=op.f("focal_points_ends_after_it_began")),
        refers("focal_points", "entered_by", "people.id"),
        refers("focal_points", "group_key", "groups.key"),
        refers("focal_points", "iso3", "countries.iso3"),
        refers("focal_points", "person_id", "people.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("focal_points_pk")),
    )
    op.create_index("focal_points_iso3_index", "focal_points", ["iso3"])
    op.create_index("focal_points_person_id_index", "focal_points", ["person_id"])
    op.create_table(
        "assistance_requests",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("iso3", sa.String(length=3), nullable=False),
        sa.Column("kind", words("kind_known", *MEASURES), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=200), nullable=False),
        sa.Column("needed_by", sa.Date(), nullable=True),
        sa.Column("handling", sa.SmallInteger(), nullable=False),
        moment("asked_at"),
        sa.Column("asked_by", sa.Integer(), nullable=False),
        sa.Column("state", words("state_known", "open", "answered", "declined", "withdrawn"), nullable=False),
        moment("answered_at", nullable=True),
        sa.Column("answered_by", sa.Integer(), nullable=True),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'open') = (answered_at IS NULL)", name=op.f("assistance_requests_answered_at_some_time")
        ),
        sa.CheckConstraint("state = 'open' OR answer <> ''", name=op.f("assistance_requests_answered_in_words")),
        sa.CheckConstraint("title <> ''", name=op.f("assistance_requests_has_a_title")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (answered_by IS NULL)", name=op.f("assistance_requests_answered_by_somebody")
        ),
        sa.CheckConstraint("handling BETWEEN 0 AND 4", name=op.f("assistance_requests_handling_known")),
        refers("assistance_requests", "answered_by", "people.id"),
        refers("assistance_requests", "asked_by", "people.id"),
        refers("assistance_requests", "iso3", "countries.iso3"),
        sa.PrimaryKeyConstraint("id", name=op.f("assistance_requests_pk")),
    )
    op.create_index("assistance_requests_iso3_index", "assistance_requests", ["iso3"])


def make_responses() -> None:
    op.create_table(
        "responses",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("situation_id", sa.Integer(), nullable=False),
        sa.Column("measure_key", sa.String(length=60), nullable=True),
        sa.Column("kind", words("kind_known", *MEASURES), nullable=False),
        sa.Column(
            "sphere", words("sphere_known", "national", "bilateral", "regional", "united_nations"), nullable=False
        ),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column(
            "state",
            words("state_known", "proposed", "decided", "declined", "under_way", "done", "abandoned"),
            nullable=False,
        ),
        sa.Column("handling", sa.SmallInteger(), nullable=False),
        sa.Column("assistance_id", sa.Integer(), nullable=True),
        sa.Column("owner", sa.String(length=200), nullable=False),
        sa.Column("owner_id", sa.Integer(), nullable=True),
        sa.Column("organisation", sa.String(length=200), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=True),
        moment("proposed_at"),
        sa.Column("proposed_by", sa.Integer(), nullable=False),
        moment("decided_at", nullable=True),
        sa.Column("decided_by", sa.String(length=200), nullable=False),
        moment("started_at", nullable=True),
        moment("ended_at", nullable=True),
        sa.Column("tests", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("misgivings", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'proposed') = (decided_at IS NULL)", name=op.f("responses_decided_at_some_time")),
        sa.CheckConstraint(
            "(state IN ('done', 'abandoned')) = (ended_at IS NOT NULL)", name=op.f("responses_ended_at_some_time")
        ),
        sa.CheckConstraint("decided_at IS NULL OR decided_by <> ''", name=op.f("responses_decided_by_somebody")),
        sa.CheckConstraint("kind <> 'force' OR tests IS NOT NULL", name=op.f("responses_force_is_tested")),
        sa.CheckConstraint(
            "state <> 'under_way' OR (owner <> '' AND due_on IS NOT NULL)", name=op.f("responses_under_way_by_somebody")
        ),
        sa.CheckConstraint(
            "state NOT IN ('under_way', 'done') OR started_at IS NOT NULL", name=op.f("responses_started_at_some_time")
        ),
        sa.CheckConstraint("title <> ''", name=op.f("responses_has_a_title")),
        sa.CheckConstraint("handling BETWEEN 0 AND 4", name=op.f("responses_handling_known")),
        refers("responses", "assistance_id", "assistance_requests.id"),
        refers("responses", "owner_id", "people.id"),
        refers("responses", "proposed_by", "people.id"),
        refers("responses", "situation_id", "situations.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("responses_pk")),
    )
    op.create_index("responses_assistance_id_index", "responses", ["assistance_id"])
    op.create_index("responses_owner_id_index", "responses", ["owner_id"])
    op.create_index("responses_situation_id_index", "responses", ["situation_id"])
    op.create_table(
        "response_events",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("response_id", sa.Integer(), nullable=False),
        sa.Column(
            "act",
            words(
                "act_known", "proposed", "changed", "decided", "declined", "started", "reported", "done", "abandoned"
            ),
            nullable=False,
        ),
        moment("at"),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("handling", sa.SmallInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.CheckConstraint(
            "act NOT IN ('declined', 'reported', 'done', 'abandoned') OR words <> ''",
            name=op.f("response_events_says_what_happened"),
        ),
        sa.CheckConstraint("handling BETWEEN 0 AND 4", name=op.f("response_events_handling_known")),
        refers("response_events", "by_id", "people.id"),
        refers("response_events", "response_id", "responses.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("response_events_pk")),
    )
    op.create_index("response_events_at_index", "response_events", ["at"])
    op.create_index("response_events_response_id_index", "response_events", ["response_id"])


def make_council_acts() -> None:
    op.create_table(
        "council_acts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("iso3", sa.String(length=3), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=True),
        sa.Column("council", sa.String(length=120), nullable=False),
        sa.Column("kind", words("kind_known", "decision", "referral", "statement", "veto"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("vetoed_by", sa.JSON(), nullable=False),
        sa.Column("link", sa.Text(), nullable=True),
        sa.Column("handling", sa.SmallInteger(), nullable=False),
        sa.Column("entered_by", sa.Integer(), nullable=False),
        moment("entered_at"),
        moment("removed_at", nullable=True),
        sa.CheckConstraint("council <> ''", name=op.f("council_acts_has_a_council")),
        sa.CheckConstraint("link LIKE 'https://%' OR link LIKE 'http://%'", name=op.f("council_acts_link_is_web")),
        sa.CheckConstraint("words <> ''", name=op.f("council_acts_says_what_happened")),
        sa.CheckConstraint("handling BETWEEN 0 AND 4", name=op.f("council_acts_handling_known")),
        refers("council_acts", "entered_by", "people.id"),
        refers("council_acts", "iso3", "countries.iso3"),
        refers("council_acts", "occasion_id", "occasions.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("council_acts_pk")),
    )
    op.create_index("council_acts_iso3_day_index", "council_acts", ["iso3", "day"])


def make_case_studies() -> None:
    op.create_table(
        "case_studies",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("iso3", sa.String(length=3), nullable=True),
        sa.Column("situation_id", sa.Integer(), nullable=True),
        sa.Column("began_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column(
            "stage", words("stage_known", "early_prevention", "early_violence", "ongoing_violence"), nullable=True
        ),
        sa.Column("criteria", sa.JSON(), nullable=False),
        sa.Column("kinds", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("profile", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("handling", sa.SmallInteger(), nullable=False),
        moment("made_at"),
        sa.Column("made_by", sa.Integer(), nullable=False),
        moment("withdrawn_at", nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("title <> ''", name=op.f("case_studies_has_a_title")),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= began_on", name=op.f("case_studies_ends_after_it_began")),
        sa.CheckConstraint("handling BETWEEN 0 AND 4", name=op.f("case_studies_handling_known")),
        refers("case_studies", "iso3", "countries.iso3"),
        refers("case_studies", "made_by", "people.id"),
        refers("case_studies", "situation_id", "situations.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("case_studies_pk")),
    )
    op.create_index("case_studies_iso3_index", "case_studies", ["iso3"])
    op.create_index("case_studies_situation_id_index", "case_studies", ["situation_id"])
    op.create_table(
        "case_study_revisions",
        sa.Column("case_study_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("handling", sa.SmallInteger(), nullable=False),
        moment("at"),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("number = 1 OR reason <> ''", name=op.f("case_study_revisions_changed_with_reason")),
        sa.CheckConstraint("handling BETWEEN 0 AND 4", name=op.f("case_study_revisions_handling_known")),
        sa.CheckConstraint("number >= 1", name=op.f("case_study_revisions_number_from_one")),
        refers("case_study_revisions", "by_id", "people.id"),
        refers("case_study_revisions", "case_study_id", "case_studies.id"),
        sa.PrimaryKeyConstraint("case_study_id", "number", name=op.f("case_study_revisions_pk")),
    )


def make_consistency_notes() -> None:
    op.create_table(
        "consistency_notes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("iso3", sa.String(length=3), nullable=False),
        sa.Column("other_iso3", sa.String(length=3), nullable=False),
        sa.Column("year", sa.SmallInteger(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("handling", sa.SmallInteger(), nullable=False),
        moment("at"),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("words <> ''", name=op.f("consistency_notes_says_why")),
        sa.CheckConstraint("handling BETWEEN 0 AND 4", name=op.f("consistency_notes_handling_known")),
        sa.CheckConstraint("iso3 <= other_iso3", name=op.f("consistency_notes_pair_in_order")),
        refers("consistency_notes", "by_id", "people.id"),
        refers("consistency_notes", "iso3", "countries.iso3"),
        refers("consistency_notes", "other_iso3", "countries.iso3"),
        sa.PrimaryKeyConstraint("id", name=op.f("consistency_notes_pk")),
    )
    op.create_index("consistency_notes_year_iso3_other_iso3_index", "consistency_notes", ["year", "iso3", "other_iso3"])


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


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def words(name: str, *known: str) -> sa.Enum:
    return sa.Enum(*known, name=name, native_enum=False, create_constraint=True, length=20)


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"{table}_{column}_fk"), ondelete="RESTRICT")
