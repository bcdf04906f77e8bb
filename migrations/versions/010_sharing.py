"""What goes to other organisations and comes from them, signed."""

import sqlalchemy as sa
from alembic import op

revision = "010"
down_revision = "009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signing_keys",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        moment("made_at"),
        sa.Column("made_by", sa.Integer(), nullable=False),
        refers("signing_keys", "made_by", "people.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("signing_keys_pk")),
        sa.UniqueConstraint("public_key", name=op.f("signing_keys_public_key_unique")),
    )
    op.create_table(
        "partners",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("public_key", sa.String(length=64), nullable=False),
        moment("added_at"),
        sa.Column("added_by", sa.Integer(), nullable=False),
        moment("revoked_at", nullable=True),
        sa.CheckConstraint("name <> ''", name=op.f("partners_has_a_name")),
        refers("partners", "added_by", "people.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("partners_pk")),
        sa.UniqueConstraint("public_key", name=op.f("partners_public_key_unique")),
    )
    op.create_table(
        "bundles",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("direction", words("direction_known", "sent", "received"), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=True),
        sa.Column("recipient", sa.String(length=200), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("handling", sa.SmallInteger(), nullable=False),
        sa.Column("summary", sa.JSON(), nullable=False),
        moment("at"),
        sa.Column("by_id", sa.Integer(), nullable=False),
        sa.Column("import_id", sa.Integer(), nullable=True),
        moment("entered_at", nullable=True),
        moment("withdrawn_at", nullable=True),
        sa.CheckConstraint(
            "(direction = 'received') = (partner_id IS NOT NULL)", name=op.f("bundles_received_from_a_partner")
        ),
        sa.CheckConstraint("handling BETWEEN 0 AND 4", name=op.f("bundles_handling_known")),
        sa.CheckConstraint("direction = 'received' OR entered_at IS NULL", name=op.f("bundles_entered_where_received")),
        sa.CheckConstraint(
            "withdrawn_at IS NULL OR entered_at IS NOT NULL", name=op.f("bundles_withdrawn_once_entered")
        ),
        refers("bundles", "by_id", "people.id"),
        refers("bundles", "import_id", "imports.id"),
        refers("bundles", "partner_id", "partners.id"),
        sa.PrimaryKeyConstraint("id", name=op.f("bundles_pk")),
        sa.UniqueConstraint("fingerprint", name=op.f("bundles_fingerprint_unique")),
    )
    op.create_index("bundles_partner_id_index", "bundles", ["partner_id"])
    op.create_table(
        "received_statements",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("bundle_id", sa.Integer(), nullable=False),
        sa.Column("iso3", sa.String(length=3), nullable=False),
        sa.Column("kind", words("kind_known", "flag", "assessment"), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("handling", sa.SmallInteger(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.CheckConstraint("handling BETWEEN 0 AND 4", name=op.f("received_statements_handling_known")),
        refers("received_statements", "bundle_id", "bundles.id"),
        refers("received_statements", "iso3", "countries.iso3"),
        sa.PrimaryKeyConstraint("id", name=op.f("received_statements_pk")),
    )
    op.create_index("received_statements_bundle_id_index", "received_statements", ["bundle_id"])
    op.create_index("received_statements_iso3_index", "received_statements", ["iso3"])


def downgrade() -> None:
    for name in ("received_statements", "bundles", "partners", "signing_keys"):
        op.drop_table(name)


def moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def words(name: str, *known: str) -> sa.Enum:
    return sa.Enum(*known, name=name, native_enum=False, create_constraint=True, length=20)


def refers(table: str, column: str, to: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint([column], [to], name=op.f(f"{table}_{column}_fk"), ondelete="RESTRICT")
