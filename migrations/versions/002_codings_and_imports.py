"""Codings, imports and what they need: drafts and their review, files brought in, observations withdrawn."""

import sqlalchemy as sa
from alembic import op

revision = "002"
down_revision = "001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    make_tables()
    with op.batch_alter_table("batches") as batches:
        batches.add_column(sa.Column("accepted_by", sa.Integer(), nullable=True))
        batches.add_column(sa.Column("import_id", sa.Integer(), nullable=True))
        batches.create_index("batches_import_id_index", ["import_id"])
        batches.create_foreign_key("batches_import_id_fk", "imports", ["import_id"], ["id"], ondelete="RESTRICT")
        batches.create_foreign_key("batches_accepted_by_fk", "people", ["accepted_by"], ["id"], ondelete="RESTRICT")
    with op.batch_alter_table("observations") as observations:
        observations.add_column(sa.Column("withdrawn", sa.Boolean(), server_default=sa.false(), nullable=False))
        observations.add_column(sa.Column("reason", sa.Text(), nullable=True))
        observations.alter_column("value", existing_type=sa.Double(), nullable=True)
        observations.add_column(sa.Column("unknown", sa.Boolean(), server_default=sa.false(), nullable=False))
        observations.create_check_constraint(
            op.f("observations_withdrawn_with_reason"), "withdrawn = false OR reason IS NOT NULL"
        )
        observations.create_check_constraint(op.f("observations_unknown_has_no_value"), "(value IS NULL) = unknown")
    only_grows_again()
    with op.batch_alter_table("sources") as sources:
        sources.alter_column("url", existing_type=sa.Text(), nullable=True)


def downgrade() -> None:
    refuse_to_lose_evidence()
    with op.batch_alter_table("sources") as sources:
        sources.alter_column("url", existing_type=sa.Text(), nullable=False)
    with op.batch_alter_table("observations") as observations:
        observations.drop_constraint(op.f("observations_withdrawn_with_reason"), type_="check")
        observations.drop_constraint(op.f("observations_unknown_has_no_value"), type_="check")
        observations.drop_column("unknown")
        observations.drop_column("reason")
        observations.drop_column("withdrawn")
        observations.alter_column("value", existing_type=sa.Double(), nullable=False)
    only_grows_again()
    with op.batch_alter_table("batches") as batches:
        batches.drop_constraint("batches_accepted_by_fk", type_="foreignkey")
        batches.drop_constraint("batches_import_id_fk", type_="foreignkey")
        batches.drop_index("batches_import_id_index")
        batches.drop_column("import_id")
        batches.drop_column("accepted_by")
    for table in ("codings", "cells", "parked_forms", "imports", "desk_rules"):
        op.drop_table(table)


def only_grows_again() -> None:
    """On SQLite the triggers went with the old copy of the table."""
    if op.get_bind().dialect.name != "sqlite":
        return
    for verb in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER observations_forbid_{verb.lower()} BEFORE {verb} ON observations "
            "BEGIN SELECT RAISE(ABORT, 'observations only grows: a row can be neither changed nor removed'); END"
        )


def refuse_to_lose_evidence() -> None:
    """The schema before this one cannot say "withdrawn", "don't know" or "a source without an address"."""
    told = {
        "observations": "SELECT count(*) FROM observations WHERE withdrawn = true OR unknown = true",
        "sources": "SELECT count(*) FROM sources WHERE url IS NULL",
    }
    for table, question in told.items():
        found = op.get_bind().scalar(sa.text(question))
        if found:
            raise RuntimeError(
                f"{found} rows of {table} cannot be kept by the schema before: restore a backup instead."
            )


def make_tables() -> None:
    op.create_table(
        "desk_rules",
        sa.Column("rule", sa.String(length=40), nullable=False),
        sa.Column("holds", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.Integer(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["changed_by"], ["people.id"], name=op.f("desk_rules_changed_by_fk"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("rule", name=op.f("desk_rules_pk")),
    )
    op.create_table(
        "imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("brought_by", sa.Integer(), nullable=True),
        sa.Column("brought_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_name", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("sheet", sa.Text(), nullable=True),
        sa.Column("header_fingerprint", sa.String(length=64), nullable=True),
        sa.Column("mapping", sa.JSON(), nullable=True),
        sa.Column("source_id", sa.Integer(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "uploaded",
                "checking",
                "checked",
                "recording",
                "recorded",
                "failed",
                "withdrawn",
                "cancelled",
                name="state_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("rows_read", sa.Integer(), nullable=False),
        sa.Column("rows_accepted", sa.Integer(), nullable=False),
        sa.Column("rows_empty", sa.Integer(), nullable=False),
        sa.Column("rows_refused", sa.Integer(), nullable=False),
        sa.Column("rows_done", sa.Integer(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=True),
        sa.Column("problems", sa.LargeBinary(), nullable=True),
        sa.Column("error", sa.Text(), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by", sa.Integer(), nullable=True),
        sa.Column("withdrawn_why", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "(state = 'withdrawn') = (withdrawn_why IS NOT NULL)", name=op.f("imports_withdrawn_with_reason")
        ),
        sa.CheckConstraint("state <> 'failed' OR error IS NOT NULL", name=op.f("imports_failed_with_error")),
        sa.CheckConstraint(
            "state NOT IN ('checked', 'recording', 'recorded') OR "
            "rows_read = rows_accepted + rows_empty + rows_refused",
            name=op.f("imports_every_row_accounted_for"),
        ),
        sa.CheckConstraint("size >= 0", name=op.f("imports_size_not_negative")),
        sa.ForeignKeyConstraint(["brought_by"], ["people.id"], name=op.f("imports_brought_by_fk"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("imports_source_id_fk"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(
            ["withdrawn_by"], ["people.id"], name=op.f("imports_withdrawn_by_fk"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("imports_pk")),
    )
    op.create_index(op.f("imports_brought_at_index"), "imports", ["brought_at"], unique=False)
    op.create_index(op.f("imports_brought_by_index"), "imports", ["brought_by"], unique=False)
    op.create_index(op.f("imports_fingerprint_index"), "imports", ["fingerprint"], unique=False)
    op.create_index(op.f("imports_header_fingerprint_index"), "imports", ["header_fingerprint"], unique=False)

    op.create_table(
        "parked_forms",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("address", sa.String(length=200), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("parked_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("parked_forms_person_id_fk"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("parked_forms_pk")),
        sa.UniqueConstraint("person_id", "address", name=op.f("parked_forms_person_id_address_unique")),
    )
    op.create_index(op.f("parked_forms_parked_at_index"), "parked_forms", ["parked_at"], unique=False)

    op.create_table(
        "cells",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("iso3", sa.String(length=3), nullable=False),
        sa.Column("indicator_id", sa.SmallInteger(), nullable=False),
        sa.Column("period", sa.Date(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["indicator_id"], ["indicators.id"], name=op.f("cells_indicator_id_fk"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["iso3"], ["countries.iso3"], name=op.f("cells_iso3_fk"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("cells_pk")),
        sa.UniqueConstraint("iso3", "period", "indicator_id", name=op.f("cells_iso3_period_indicator_id_unique")),
    )
    op.create_index(op.f("cells_indicator_id_index"), "cells", ["indicator_id"], unique=False)

    op.create_table(
        "codings",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("cell_id", sa.Integer(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=False),
        sa.Column(
            "act",
            sa.Enum(
                "answer",
                "correction",
                "withdrawal",
                name="act_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "draft",
                "submitted",
                "returned",
                "accepted",
                "set_aside",
                "discarded",
                name="state_known",
                native_enum=False,
                create_constraint=True,
                length=20,
            ),
            nullable=False,
        ),
        sa.Column("cell_version", sa.Integer(), nullable=False),
        sa.Column("typed", sa.Text(), nullable=False),
        sa.Column("grade", sa.Text(), nullable=False),
        sa.Column("value", sa.Double(), nullable=True),
        sa.Column("unknown", sa.Boolean(), nullable=False),
        sa.Column("unchanged", sa.Boolean(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("handling", sa.SmallInteger(), nullable=False),
        sa.Column("attributable", sa.Boolean(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("evidence_url", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("confirmed", sa.Boolean(), nullable=False),
        sa.Column("observed_on", sa.Date(), nullable=True),
        sa.Column("based_on", sa.SmallInteger(), nullable=True),
        sa.Column("revision", sa.SmallInteger(), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("settled_by", sa.Integer(), nullable=True),
        sa.Column("settled_why", sa.Text(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(state = 'accepted') = (revision IS NOT NULL)", name=op.f("codings_accepted_has_revision")),
        sa.CheckConstraint("act = 'answer' OR observed_on IS NOT NULL", name=op.f("codings_correction_has_day")),
        sa.CheckConstraint("(act = 'answer') = (based_on IS NULL)", name=op.f("codings_correction_has_base")),
        sa.CheckConstraint(
            "state NOT IN ('accepted', 'returned', 'set_aside') OR (settled_at IS NOT NULL AND settled_by IS NOT NULL)",
            name=op.f("codings_settled_by_somebody"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('submitted', 'accepted', 'set_aside') OR "
            "(submitted_at IS NOT NULL AND observed_on IS NOT NULL)",
            name=op.f("codings_submitted_with_day"),
        ),
        sa.CheckConstraint(
            "state NOT IN ('submitted', 'accepted', 'set_aside') OR value IS NOT NULL OR unknown = true",
            name=op.f("codings_submitted_with_answer"),
        ),
        sa.CheckConstraint("handling BETWEEN 0 AND 4", name=op.f("codings_handling_known")),
        sa.CheckConstraint("unknown = false OR value IS NULL", name=op.f("codings_unknown_has_no_value")),
        sa.CheckConstraint("value BETWEEN -1e300 AND 1e300", name=op.f("codings_value_finite")),
        sa.ForeignKeyConstraint(["author_id"], ["people.id"], name=op.f("codings_author_id_fk"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["cell_id"], ["cells.id"], name=op.f("codings_cell_id_fk"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["import_id"], ["imports.id"], name=op.f("codings_import_id_fk"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["settled_by"], ["people.id"], name=op.f("codings_settled_by_fk"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("codings_pk")),
    )
    op.create_index("codings_author_id_state_index", "codings", ["author_id", "state"], unique=False)
    op.create_index(op.f("codings_cell_id_index"), "codings", ["cell_id"], unique=False)
    op.create_index(op.f("codings_import_id_index"), "codings", ["import_id"], unique=False)
    op.create_index(
        "codings_live_answer_unique",
        "codings",
        ["cell_id", "author_id"],
        unique=True,
        sqlite_where=sa.text("act = 'answer' AND state IN ('draft', 'submitted', 'returned')"),
        postgresql_where=sa.text("act = 'answer' AND state IN ('draft', 'submitted', 'returned')"),
    )
    op.create_index(
        "codings_live_correction_unique",
        "codings",
        ["cell_id", "author_id", "observed_on"],
        unique=True,
        sqlite_where=sa.text("act <> 'answer' AND state IN ('draft', 'submitted', 'returned')"),
        postgresql_where=sa.text("act <> 'answer' AND state IN ('draft', 'submitted', 'returned')"),
    )
    op.create_index("codings_state_submitted_at_index", "codings", ["state", "submitted_at"], unique=False)
