"""Providers of language models: their state, the ledger of calls, answers paid for already; room for long outcomes."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from alumusic.store.types import Instant

revision = "0002_providers"
down_revision = "0001_first_tables"
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    _resize_outcomes(16, 32)
    op.create_table(
        "providers",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("paused", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("open_until", Instant(), nullable=True),
        sa.Column("probe_until", Instant(), nullable=True),
        sa.Column("reason", sa.String(length=32), nullable=True),
        sa.Column("openings", sa.Integer(), server_default="0", nullable=False),
        sa.Column("streak", sa.Integer(), server_default="0", nullable=False),
        sa.Column("streak_of", sa.String(length=32), nullable=True),
        sa.Column("recent", sa.Integer(), server_default="1", nullable=False),
        sa.Column("away_since", Instant(), nullable=True),
        sa.Column("answered_at", Instant(), nullable=True),
        sa.Column("bucket", sa.Float(), server_default="0", nullable=False),
        sa.Column("bucket_at", Instant(), nullable=True),
        sa.Column("day", sa.Date(), nullable=True),
        sa.Column("tokens", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("cost_microdollars", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_providers")),
    )
    op.create_table(
        "provider_calls",
        sa.Column("id", BIG_KEY, sa.Identity(always=False), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("provider", sa.String(length=64), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("purpose", sa.String(length=16), nullable=False),
        sa.Column("prompt_version", sa.String(length=32), nullable=True),
        sa.Column("items", sa.Integer(), nullable=False),
        sa.Column("outcome", sa.String(length=32), nullable=False),
        sa.Column("milliseconds", sa.Integer(), nullable=False),
        sa.Column("input_tokens", sa.Integer(), nullable=False),
        sa.Column("cached_tokens", sa.Integer(), nullable=False),
        sa.Column("output_tokens", sa.Integer(), nullable=False),
        sa.Column("cost_microdollars", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_calls")),
    )
    op.create_index(op.f("ix_provider_calls_at"), "provider_calls", ["at"], unique=False)
    op.create_table(
        "kept_answers",
        sa.Column("text_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("prompt_version", sa.String(length=32), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("tags", JSON, nullable=False),
        sa.Column("used_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("text_hash", "model", "prompt_version", name=op.f("pk_kept_answers")),
    )
    op.create_index(op.f("ix_kept_answers_used_at"), "kept_answers", ["used_at"], unique=False)


def _resize_outcomes(before: int, after: int) -> None:
    # "ENTRADA_REJEITADA" has 17 letters.
    with op.batch_alter_table("batch_counts") as table:
        table.alter_column(
            "outcome", existing_type=sa.String(length=before), type_=sa.String(length=after), existing_nullable=False
        )


def downgrade() -> None:
    op.execute("DELETE FROM batch_counts WHERE length(outcome) > 16")
    _resize_outcomes(32, 16)
    op.drop_index(op.f("ix_kept_answers_used_at"), "kept_answers")
    op.drop_table("kept_answers")
    op.drop_index(op.f("ix_provider_calls_at"), "provider_calls")
    op.drop_table("provider_calls")
    op.drop_table("providers")
