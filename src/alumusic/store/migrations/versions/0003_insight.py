"""Summaries of weeks, releases, and the way to what curators said."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from alumusic.store.types import Instant

revision = "0003_insight"
down_revision = "0002_providers"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "summaries",
        sa.Column("week", sa.String(length=8), nullable=False),
        sa.Column("available_at", Instant(), nullable=True),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("content", JSON, nullable=True),
        sa.Column("origin", sa.String(length=16), nullable=True),
        sa.Column("model", sa.String(length=100), nullable=True),
        sa.Column("prompt_version", sa.String(length=32), nullable=True),
        sa.Column("trouble", sa.String(length=32), nullable=True),
        sa.Column("total", sa.Integer(), nullable=True),
        sa.Column("generated_at", Instant(), nullable=True),
        sa.CheckConstraint("(content IS NULL) = (generated_at IS NULL)", name=op.f("ck_summaries_written_or_not")),
        sa.CheckConstraint("origin IN ('local','llm')", name=op.f("ck_summaries_origin")),
        sa.PrimaryKeyConstraint("week", name=op.f("pk_summaries")),
    )
    op.create_table(
        "releases",
        sa.Column("id", BIG_KEY, sa.Identity(always=False), nullable=False),
        sa.Column("artist", sa.String(length=255), nullable=False),
        sa.Column("artist_key", sa.String(length=255), nullable=False),
        sa.Column("title", sa.String(length=255), nullable=False),
        sa.Column("title_key", sa.String(length=255), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("created_by", BIG_KEY, nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_releases_created_by"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_releases")),
    )
    op.create_index(op.f("ix_releases_day"), "releases", ["day"], unique=False)
    op.create_index("ix_releases_same", "releases", ["artist_key", "title_key", "day"], unique=True)
    op.create_index(
        "ix_comments_certainty",
        "comments",
        ["written_at", "confidence", "reviewed_at"],
        unique=False,
        sqlite_where=sa.text("confidence IS NOT NULL"),
        postgresql_where=sa.text("confidence IS NOT NULL"),
    )
    op.create_index(
        "ix_classifications_curators",
        "classifications",
        ["at"],
        unique=False,
        sqlite_where=sa.text("origin = 'curador'"),
        postgresql_where=sa.text("origin = 'curador'"),
    )


def downgrade() -> None:
    op.drop_index("ix_classifications_curators", "classifications")
    op.drop_index("ix_comments_certainty", "comments")
    op.drop_index("ix_releases_same", "releases")
    op.drop_index(op.f("ix_releases_day"), "releases")
    op.drop_table("releases")
    op.drop_table("summaries")
