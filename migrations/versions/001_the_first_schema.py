"""The first schema: catalogue, evidence, people, audit log, mail queue."""

import sqlalchemy as sa
from alembic import op

revision = "001"
down_revision = None
branch_labels = None
depends_on = None

APPEND_ONLY = ("audit_entries", "observations")


def upgrade() -> None:
    op.create_table(
        "catalogue_versions",
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("loaded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("catalogue_versions_pk")),
    )
    op.create_table(
        "countries",
        sa.Column("iso3", sa.String(length=3), nullable=False),
        sa.Column("iso2", sa.String(length=2), nullable=True),
        sa.Column("numeric", sa.String(length=3), nullable=True),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("un_member", sa.Boolean(), nullable=False),
        sa.Column("watched", sa.Boolean(), nullable=False),
        sa.CheckConstraint("length(iso2) = 2 AND iso2 = upper(iso2)", name=op.f("countries_iso2_form")),
        sa.CheckConstraint("length(iso3) = 3 AND iso3 = upper(iso3)", name=op.f("countries_iso3_form")),
        sa.PrimaryKeyConstraint("iso3", name=op.f("countries_pk")),
        sa.UniqueConstraint("iso2", name=op.f("countries_iso2_unique")),
    )
    op.create_table(
        "criteria",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column(
            "dimension",
            sa.Enum(
                "pressure",
                "signs",
                "protection",
                name="dimension_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("meaning", sa.Text(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("leading", sa.Boolean(), nullable=False),
        sa.Column("citations", sa.JSON(), nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.CheckConstraint("weight > 0", name=op.f("criteria_weight_positive")),
        sa.PrimaryKeyConstraint("key", name=op.f("criteria_pk")),
    )
    op.create_table(
        "groups",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "un_region",
                "un_subregion",
                "organisation",
                name="kind_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("names", sa.JSON(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("as_of", sa.Date(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("groups_pk")),
    )
    op.create_table(
        "job_runs",
        sa.Column("job", sa.String(length=60), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("job", name=op.f("job_runs_pk")),
    )
    op.create_table(
        "outgoing_mails",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(length=200), nullable=False),
        sa.Column("recipient", sa.String(length=254), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.Column("queued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("useless_after", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.CheckConstraint(
            "(body IS NULL) = (sent_at IS NOT NULL OR given_up_at IS NOT NULL)",
            name=op.f("outgoing_mails_body_kept_until_settled"),
        ),
        sa.CheckConstraint("sent_at IS NULL OR given_up_at IS NULL", name=op.f("outgoing_mails_settled_one_way")),
        sa.PrimaryKeyConstraint("id", name=op.f("outgoing_mails_pk")),
        sa.UniqueConstraint("message_id", name=op.f("outgoing_mails_message_id_unique")),
    )
    op.create_index("outgoing_mails_next_attempt_at_index", "outgoing_mails", ["next_attempt_at"])

    op.create_table(
        "people",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column(
            "status",
            sa.Enum(
                "invited",
                "active",
                "deactivated",
                name="status_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("totp_secret", sa.Text(), nullable=True),
        sa.Column("totp_last_step", sa.Integer(), nullable=True),
        sa.Column("sees_all", sa.Boolean(), nullable=False),
        sa.Column("clearance", sa.SmallInteger(), nullable=False),
        sa.Column("language", sa.String(length=10), nullable=False),
        sa.Column("time_zone", sa.String(length=60), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("email = lower(email) AND email LIKE '%_@_%'", name=op.f("people_email_form")),
        sa.CheckConstraint("status <> 'active' OR password_hash IS NOT NULL", name=op.f("people_active_has_password")),
        sa.CheckConstraint("clearance BETWEEN 0 AND 4", name=op.f("people_clearance_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("people_pk")),
        sa.UniqueConstraint("email", name=op.f("people_email_unique")),
    )
    op.create_table(
        "sign_in_attempts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_hash", sa.String(length=64), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("sign_in_attempts_pk")),
    )
    op.create_index("sign_in_attempts_account_hash_at_index", "sign_in_attempts", ["account_hash", "at"])
    op.create_index("sign_in_attempts_at_index", "sign_in_attempts", ["at"])

    op.create_table(
        "sources",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("publisher", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("licence", sa.Text(), nullable=False),
        sa.Column("attribution", sa.Text(), nullable=False),
        sa.Column("reliability", sa.String(length=1), nullable=False),
        sa.Column("credibility", sa.SmallInteger(), nullable=False),
        sa.CheckConstraint("reliability IN ('A','B','C','D','E','F')", name=op.f("sources_reliability_known")),
        sa.CheckConstraint("url LIKE 'https://%' OR url LIKE 'http://%'", name=op.f("sources_url_is_web")),
        sa.CheckConstraint("credibility BETWEEN 1 AND 6", name=op.f("sources_credibility_known")),
        sa.PrimaryKeyConstraint("id", name=op.f("sources_pk")),
        sa.UniqueConstraint("key", name=op.f("sources_key_unique")),
    )
    op.create_table(
        "audit_entries",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=60), nullable=False),
        sa.Column("subject", sa.String(length=120), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("previous_hash", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["people.id"], name=op.f("audit_entries_by_id_fk"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("number", name=op.f("audit_entries_pk")),
        sa.UniqueConstraint("hash", name=op.f("audit_entries_hash_unique")),
        sa.UniqueConstraint("previous_hash", name=op.f("audit_entries_previous_hash_unique")),
    )
    op.create_index("audit_entries_action_index", "audit_entries", ["action"])
    op.create_index("audit_entries_at_index", "audit_entries", ["at"])
    op.create_index("audit_entries_by_id_index", "audit_entries", ["by_id"])
    op.create_index("audit_entries_subject_index", "audit_entries", ["subject"])

    op.create_table(
        "batches",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("published", "coded", name="kind_known", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("source_id", sa.Integer(), nullable=False),
        sa.Column("catalogue_version", sa.Integer(), nullable=False),
        sa.Column("recorded_by", sa.Integer(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=True),
        sa.Column("file_fingerprint", sa.String(length=64), nullable=True),
        sa.CheckConstraint(
            "(file_name IS NULL) = (file_fingerprint IS NULL)", name=op.f("batches_file_has_name_and_fingerprint")
        ),
        sa.ForeignKeyConstraint(
            ["catalogue_version"],
            ["catalogue_versions.number"],
            name=op.f("batches_catalogue_version_fk"),
            ondelete="RESTRICT",
        ),
        sa.ForeignKeyConstraint(
            ["recorded_by"], ["people.id"], name=op.f("batches_recorded_by_fk"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("batches_source_id_fk"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("batches_pk")),
    )
    op.create_index("batches_recorded_at_index", "batches", ["recorded_at"])
    op.create_index("batches_source_id_index", "batches", ["source_id"])

    op.create_table(
        "group_members",
        sa.Column("group_key", sa.String(length=60), nullable=False),
        sa.Column("iso3", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_key"], ["groups.key"], name=op.f("group_members_group_key_fk"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["iso3"], ["countries.iso3"], name=op.f("group_members_iso3_fk"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("group_key", "iso3", name=op.f("group_members_pk")),
    )
    op.create_index("group_members_iso3_index", "group_members", ["iso3"])

    op.create_table(
        "indicators",
        sa.Column("id", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("criterion_key", sa.String(length=60), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("question", sa.Text(), nullable=False),
        sa.Column(
            "voice",
            sa.Enum("coded", "published", name="voice_known", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column("best", sa.Double(), nullable=False),
        sa.Column("worst", sa.Double(), nullable=False),
        sa.Column("unit", sa.Text(), nullable=False),
        sa.Column(
            "transform",
            sa.Enum("none", "log", name="transform_known", native_enum=False, create_constraint=True, length=20),
            nullable=False,
        ),
        sa.Column(
            "cadence",
            sa.Enum(
                "monthly",
                "quarterly",
                "yearly",
                "once",
                name="cadence_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("fresh_for_days", sa.Integer(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("guidance", sa.Text(), nullable=False),
        sa.Column("levels", sa.JSON(), nullable=False),
        sa.Column("risk_factors", sa.JSON(), nullable=False),
        sa.Column("citations", sa.JSON(), nullable=False),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(length=60), nullable=True),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "(voice = 'published') = (source_id IS NOT NULL)", name=op.f("indicators_published_has_source")
        ),
        sa.CheckConstraint("best <> worst", name=op.f("indicators_scale_has_length")),
        sa.CheckConstraint("fresh_for_days > 0", name=op.f("indicators_freshness_positive")),
        sa.CheckConstraint("weight > 0", name=op.f("indicators_weight_positive")),
        sa.ForeignKeyConstraint(
            ["criterion_key"], ["criteria.key"], name=op.f("indicators_criterion_key_fk"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["source_id"], ["sources.id"], name=op.f("indicators_source_id_fk"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("indicators_pk")),
        sa.UniqueConstraint("key", name=op.f("indicators_key_unique")),
    )
    op.create_table(
        "one_time_links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "first_administrator",
                "invitation",
                "reset",
                "second_factor",
                "address_change",
                "new_passkey",
                "passkey_sign_in",
                name="purpose_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("details", sa.Text(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(purpose IN ('first_administrator', 'passkey_sign_in')) = (person_id IS NULL)",
            name=op.f("one_time_links_person_named"),
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("one_time_links_person_id_fk"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("one_time_links_pk")),
        sa.UniqueConstraint("token_hash", name=op.f("one_time_links_token_hash_unique")),
    )
    op.create_index("one_time_links_person_id_index", "one_time_links", ["person_id"])

    op.create_table(
        "passkeys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.String(length=1400), nullable=False),
        sa.Column("public_key", sa.Text(), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("passkeys_person_id_fk"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("passkeys_pk")),
        sa.UniqueConstraint("credential_id", name=op.f("passkeys_credential_id_unique")),
    )
    op.create_index("passkeys_person_id_index", "passkeys", ["person_id"])

    op.create_table(
        "person_roles",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "reader",
                "analyst",
                "reviewer",
                "methodologist",
                "administrator",
                name="role_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("person_roles_person_id_fk"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("person_id", "role", name=op.f("person_roles_pk")),
    )
    op.create_table(
        "recovery_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("recovery_codes_person_id_fk"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("recovery_codes_pk")),
        sa.UniqueConstraint("code_hash", name=op.f("recovery_codes_code_hash_unique")),
    )
    op.create_index("recovery_codes_person_id_index", "recovery_codes", ["person_id"])

    op.create_table(
        "scope_countries",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("iso3", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["iso3"], ["countries.iso3"], name=op.f("scope_countries_iso3_fk"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("scope_countries_person_id_fk"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("person_id", "iso3", name=op.f("scope_countries_pk")),
    )
    op.create_table(
        "scope_groups",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("group_key", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(
            ["group_key"], ["groups.key"], name=op.f("scope_groups_group_key_fk"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("scope_groups_person_id_fk"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("person_id", "group_key", name=op.f("scope_groups_pk")),
    )
    op.create_table(
        "sign_ins",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("address", sa.String(length=60), nullable=False),
        sa.Column("browser", sa.String(length=200), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("sign_ins_person_id_fk"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("sign_ins_pk")),
        sa.UniqueConstraint("key_hash", name=op.f("sign_ins_key_hash_unique")),
    )
    op.create_index("sign_ins_person_id_index", "sign_ins", ["person_id"])

    op.create_table(
        "observations",
        sa.Column("observed_on", sa.Date(), nullable=False),
        sa.Column("iso3", sa.String(length=3), nullable=False),
        sa.Column("indicator_id", sa.SmallInteger(), nullable=False),
        sa.Column("revision", sa.SmallInteger(), autoincrement=False, nullable=False),
        sa.Column("value", sa.Double(), nullable=False),
        sa.Column("standard_error", sa.Double(), nullable=True),
        sa.Column("reliability", sa.String(length=1), nullable=True),
        sa.Column("credibility", sa.SmallInteger(), nullable=True),
        sa.Column("handling", sa.SmallInteger(), nullable=False),
        sa.Column("attributable", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=True),
        sa.Column("evidence_url", sa.Text(), nullable=True),
        sa.Column("batch_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "evidence_url LIKE 'https://%' OR evidence_url LIKE 'http://%'",
            name=op.f("observations_evidence_url_is_web"),
        ),
        sa.CheckConstraint("reliability IN ('A','B','C','D','E','F')", name=op.f("observations_reliability_known")),
        sa.CheckConstraint("credibility BETWEEN 1 AND 6", name=op.f("observations_credibility_known")),
        sa.CheckConstraint("handling BETWEEN 0 AND 4", name=op.f("observations_handling_known")),
        sa.CheckConstraint("revision >= 1", name=op.f("observations_revision_from_one")),
        sa.CheckConstraint("standard_error >= 0", name=op.f("observations_standard_error_not_negative")),
        sa.CheckConstraint("value BETWEEN -1e300 AND 1e300", name=op.f("observations_value_finite")),
        sa.CheckConstraint("standard_error <= 1e300", name=op.f("observations_standard_error_finite")),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("observations_batch_id_fk"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicators.id"], name=op.f("observations_indicator_id_fk"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["iso3"], ["countries.iso3"], name=op.f("observations_iso3_fk"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("observed_on", "iso3", "indicator_id", "revision", name=op.f("observations_pk")),
    )
    op.create_index("observations_batch_id_index", "observations", ["batch_id"])
    op.create_index(
        "observations_iso3_indicator_id_observed_on_index", "observations", ["iso3", "indicator_id", "observed_on"]
    )
    for table in APPEND_ONLY:
        forbid_changes(table)


def downgrade() -> None:
    allow_changes()
    op.drop_index("observations_iso3_indicator_id_observed_on_index", table_name="observations")
    op.drop_index("observations_batch_id_index", table_name="observations")

    op.drop_table("observations")
    op.drop_index("sign_ins_person_id_index", table_name="sign_ins")

    op.drop_table("sign_ins")
    op.drop_table("scope_groups")
    op.drop_table("scope_countries")
    op.drop_index("recovery_codes_person_id_index", table_name="recovery_codes")

    op.drop_table("recovery_codes")
    op.drop_table("person_roles")
    op.drop_index("passkeys_person_id_index", table_name="passkeys")

    op.drop_table("passkeys")
    op.drop_index("one_time_links_person_id_index", table_name="one_time_links")

    op.drop_table("one_time_links")
    op.drop_table("indicators")
    op.drop_index("group_members_iso3_index", table_name="group_members")

    op.drop_table("group_members")
    op.drop_index("batches_source_id_index", table_name="batches")
    op.drop_index("batches_recorded_at_index", table_name="batches")

    op.drop_table("batches")
    op.drop_index("audit_entries_subject_index", table_name="audit_entries")
    op.drop_index("audit_entries_by_id_index", table_name="audit_entries")
    op.drop_index("audit_entries_at_index", table_name="audit_entries")
    op.drop_index("audit_entries_action_index", table_name="audit_entries")

    op.drop_table("audit_entries")
    op.drop_table("sources")
    op.drop_index("sign_in_attempts_at_index", table_name="sign_in_attempts")
    op.drop_index("sign_in_attempts_account_hash_at_index", table_name="sign_in_attempts")

    op.drop_table("sign_in_attempts")
    op.drop_table("people")
    op.drop_index("outgoing_mails_next_attempt_at_index", table_name="outgoing_mails")

    op.drop_table("outgoing_mails")
    op.drop_table("job_runs")
    op.drop_table("groups")
    op.drop_table("criteria")
    op.drop_table("countries")
    op.drop_table("catalogue_versions")


def forbid_changes(table: str) -> None:
    """What was recorded stays as it was recorded, whoever asks: the database itself refuses."""
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


def allow_changes() -> None:
    """The triggers go with their tables; PostgreSQL keeps the functions until the triggers are gone."""
    if op.get_bind().dialect.name != "postgresql":
        return
    for table in APPEND_ONLY:
        op.execute(f"DROP FUNCTION {table}_only_grows() CASCADE")
