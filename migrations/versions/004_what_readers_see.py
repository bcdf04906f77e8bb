"""What readers see: how far each has read, their countries and views, the way of scores, and when anything changed."""

import sqlalchemy as sa
from alembic import op

revision = "004"
down_revision = "003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("scores_now", sa.Column("trail", sa.LargeBinary(), nullable=True))
    versions = op.create_table(
        "data_versions",
        sa.Column("realm", sa.String(length=20), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("realm", name=op.f("data_versions_pk")),
    )
    op.bulk_insert(versions, [{"realm": realm, "number": 1} for realm in ("catalogue", "content", "desk", "people")])
    op.create_table(
        "visits",
        sa.Column("person_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("new_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("seen_until", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("visits_person_id_fk"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("person_id", name=op.f("visits_pk")),
    )
    op.create_table(
        "own_countries",
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("iso3", sa.String(length=3), nullable=False),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("own_countries_person_id_fk"), ondelete="RESTRICT"
        ),
        sa.ForeignKeyConstraint(["iso3"], ["countries.iso3"], name=op.f("own_countries_iso3_fk"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("person_id", "iso3", name=op.f("own_countries_pk")),
    )
    op.create_table(
        "saved_views",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("address", sa.Text(), nullable=False),
        sa.Column("is_start", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.CheckConstraint("name <> ''", name=op.f("saved_views_has_a_name")),
        sa.CheckConstraint("address LIKE '/%' AND address NOT LIKE '//%'", name=op.f("saved_views_address_is_ours")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["people.id"], name=op.f("saved_views_person_id_fk"), ondelete="RESTRICT"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("saved_views_pk")),
        sa.UniqueConstraint("person_id", "name", name=op.f("saved_views_person_id_name_unique")),
    )
    op.create_index(
        "saved_views_start_unique",
        "saved_views",
        ["person_id"],
        unique=True,
        sqlite_where=sa.text("is_start"),
        postgresql_where=sa.text("is_start"),
    )


def downgrade() -> None:
    for table in ("saved_views", "own_countries", "visits", "data_versions"):
        op.drop_table(table)
    op.drop_column("scores_now", "trail")
