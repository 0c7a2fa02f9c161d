"""Every table of the house, in one place."""

from typing import Final

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    Float,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from alumusic.domain.comments import MAX_TEXT_LENGTH
from alumusic.store.types import Instant

metadata: Final = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# SQLite counts rows by itself only in a column that is called exactly INTEGER.
BigKey: Final = BigInteger().with_variant(Integer(), "sqlite")
Json: Final = JSON().with_variant(JSONB(), "postgresql")


def _partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index of the rows for which `where` holds, on both databases."""
    return Index(name, *columns, unique=unique, sqlite_where=text(where), postgresql_where=text(where))


users = Table(
    "users",
    metadata,
    Column("id", BigKey, Identity(), primary_key=True),
    Column("email", String(254), nullable=False, unique=True),
    Column("password_hash", String(255), nullable=False),
    Column("role", String(16), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("disabled_at", Instant),
    Column("token_version", Integer, nullable=False, server_default="1"),
    Column("timezone", String(64)),
    CheckConstraint("role IN ('leitor','curador','admin','ingestor')", name="role"),
)

sessions = Table(
    "sessions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("place", String(64)),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Index("ix_sessions_place", "user_id", "place"),
)

refresh_tokens = Table(
    "refresh_tokens",
    metadata,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("session_id", ForeignKey("sessions.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

invites = Table(
    "invites",
    metadata,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("email", String(254)),
    Column("role", String(16), nullable=False),
    Column("created_by", ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("expires_at", Instant, nullable=False),
    Column("used_at", Instant),
)

throttles = Table(
    "throttles",
    metadata,
    Column("key", String(400), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("since", Instant, nullable=False),
    Column("blocked_until", Instant),
)

audit = Table(
    "audit",
    metadata,
    Column("id", BigKey, Identity(), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("event", String(64), nullable=False),
    Column("user_id", BigInteger),
    Column("subject", String(254)),
    Column("details", Json, nullable=False),
)

batches = Table(
    "batches",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("user_id", ForeignKey("users.id", ondelete="SET NULL"), index=True),
    Column("kind", String(16), nullable=False),
    Column("name", String(255)),
    Column("received_at", Instant, nullable=False, index=True),
    Column("finished_at", Instant),
    Column("total", Integer, nullable=False),
    Column("duplicates", Integer, nullable=False, server_default="0"),
    Column("rejected", Integer, nullable=False, server_default="0"),
    Column("rejects", Json, nullable=False),
    Column("content_hash", LargeBinary(32)),
    CheckConstraint("kind IN ('comments','file','rerun')", name="kind"),
    Index("ix_batches_content", "user_id", "content_hash"),
    _partial("ix_batches_open", "received_at", where="finished_at IS NULL"),
)

batch_counts = Table(
    "batch_counts",
    metadata,
    Column("batch_id", ForeignKey("batches.id", ondelete="CASCADE"), primary_key=True),
    Column("outcome", String(32), primary_key=True),
    Column("n", Integer, nullable=False),
)

idempotency = Table(
    "idempotency",
    metadata,
    Column("user_id", ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("key", String(255), primary_key=True),
    Column("request_hash", LargeBinary(32), nullable=False),
    Column("batch_id", ForeignKey("batches.id", ondelete="CASCADE")),
    Column("created_at", Instant, nullable=False, index=True),
)

comments = Table(
    "comments",
    metadata,
    Column("seq", BigKey, Identity(), primary_key=True),
    Column("id", Uuid, nullable=False, unique=True),
    Column("batch_id", ForeignKey("batches.id"), nullable=False),
    Column("rerun_id", ForeignKey("batches.id")),
    Column("line", Integer, nullable=False),
    Column("user_id", ForeignKey("users.id", ondelete="SET NULL")),
    Column("text", Text, nullable=False),
    Column("text_hash", LargeBinary(16), nullable=False),
    Column("words", Text, nullable=False),
    # Work (docs/decisions/0001): `available_at` is "not before" while PENDING, "the lease ends" while PROCESSING.
    Column("status", String(16), nullable=False, server_default="PENDENTE"),
    Column("generation", Integer, nullable=False, server_default="1"),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("deferrals", Integer, nullable=False, server_default="0"),
    Column("available_at", Instant),
    Column("lease", Uuid),
    Column("error", String(32)),
    # In how large a company it may be claimed at most, whatever its attempts: 0 any, 1 a few, 2 alone.
    Column("rung", SmallInteger, nullable=False, server_default="0"),
    # The opinion in effect; every one ever given is in `classifications`.
    Column("category", String(16)),
    Column("confidence", Float),
    Column("tags", String(130)),
    Column("origin", String(16)),
    Column("provisional", Boolean, nullable=False, server_default=text("false")),
    Column("reviewed_at", Instant),
    Column("done_at", Instant),
    Column("written_at", Instant, nullable=False),
    Column("day", Date, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("author", String(255)),
    Column("source", String(255)),
    Column("artist", String(255)),
    Column("album", String(255)),
    Column("song", String(255)),
    Column("url", String(2000)),
    Column("external_id", String(255)),
    Column("extra", Json),
    # Folded for filters: "Anitta", "anitta" and "ANITTA" are one artist.
    Column("author_key", String(255)),
    Column("source_key", String(255)),
    Column("artist_key", String(255)),
    Column("album_key", String(255)),
    Column("song_key", String(255)),
    CheckConstraint(f"length(text) BETWEEN 1 AND {MAX_TEXT_LENGTH}", name="text_length"),
    CheckConstraint("status IN ('PENDENTE','PROCESSANDO','CONCLUIDO','FALHOU')", name="status"),
    CheckConstraint("(status = 'PROCESSANDO') = (lease IS NOT NULL)", name="lease_only_while_processing"),
    CheckConstraint("(status IN ('CONCLUIDO','FALHOU')) = (available_at IS NULL)", name="final_leaves_the_queue"),
    CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
    _partial("ix_comments_due", "available_at", "seq", where="available_at IS NOT NULL"),
    _partial("ix_comments_lease", "lease", where="lease IS NOT NULL"),
    _partial("ix_comments_failed", "error", where="status = 'FALHOU'"),
    Index("ix_comments_recent", "written_at", "seq"),
    Index("ix_comments_status", "status", "written_at", "seq"),
    Index("ix_comments_batch", "batch_id", "written_at", "seq"),
    _partial("ix_comments_rerun", "rerun_id", "written_at", "seq", where="rerun_id IS NOT NULL"),
    _partial("ix_comments_category", "category", "written_at", "seq", where="category IS NOT NULL"),
    _partial("ix_comments_confidence", "confidence", "seq", where="confidence IS NOT NULL"),
    _partial("ix_comments_reviewed", "written_at", "seq", where="reviewed_at IS NOT NULL"),
    _partial("ix_comments_provisional", "seq", where="provisional"),
    *(
        _partial(f"ix_comments_{name}", f"{name}_key", "written_at", "seq", where=f"{name}_key IS NOT NULL")
        for name in ("author", "source", "artist", "album", "song")
    ),
)

comment_tags = Table(
    "comment_tags",
    metadata,
    Column("tag", String(40), primary_key=True),
    Column("written_at", Instant, primary_key=True),
    Column("seq", ForeignKey("comments.seq", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("position", SmallInteger, nullable=False),
    Index("ix_comment_tags_seq", "seq"),
    sqlite_with_rowid=False,
)

classifications = Table(
    "classifications",
    metadata,
    # The key makes "exactly one opinion in effect for each time it was asked" a fact of the database.
    Column("comment_id", ForeignKey("comments.id", ondelete="CASCADE"), primary_key=True),
    Column("generation", Integer, primary_key=True),
    Column("category", String(16), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("tags", Json, nullable=False),
    Column("origin", String(16), nullable=False),
    Column("model", String(100), nullable=False),
    Column("prompt_version", String(32)),
    Column("by_user_id", ForeignKey("users.id", ondelete="SET NULL")),
    Column("at", Instant, nullable=False),
    CheckConstraint("category IN ('ELOGIO','CRÍTICA','SUGESTÃO','DÚVIDA','SPAM')", name="category"),
    CheckConstraint("confidence BETWEEN 0 AND 1", name="confidence"),
    sqlite_with_rowid=False,
)

daily_counts = Table(
    "daily_counts",
    metadata,
    Column("day", Date, primary_key=True),
    Column("category", String(16), primary_key=True),
    Column("artist_key", String(255), primary_key=True),
    Column("n", Integer, nullable=False),
)

daily_tags = Table(
    "daily_tags",
    metadata,
    Column("day", Date, primary_key=True),
    Column("category", String(16), primary_key=True),
    Column("tag", String(40), primary_key=True),
    Column("n", Integer, nullable=False),
)

tombstones = Table(
    "tombstones",
    metadata,
    Column("hash", LargeBinary(32), primary_key=True),
    Column("at", Instant, nullable=False),
)

workers = Table(
    "workers",
    metadata,
    Column("name", String(255), primary_key=True),
    Column("seen_at", Instant, nullable=False),
)

# --- insight: what is made out of the comments ----------------------------------------------------------------

summaries = Table(
    "summaries",
    metadata,
    # The week is the key: whatever runs twice or late, there is one row for it. ISO names sort as time does.
    Column("week", String(8), primary_key=True),
    # As with comments: due while `available_at` has come, in hand while `lease` is set, at rest when both are NULL.
    Column("available_at", Instant),
    Column("lease", Uuid),
    Column("attempts", SmallInteger, nullable=False, server_default="0"),
    Column("content", Json),
    Column("origin", String(16)),
    Column("model", String(100)),
    Column("prompt_version", String(32)),
    Column("trouble", String(32)),
    Column("total", Integer),
    Column("generated_at", Instant),
    CheckConstraint("(content IS NULL) = (generated_at IS NULL)", name="written_or_not"),
    CheckConstraint("origin IN ('local','llm')", name="origin"),
)

releases = Table(
    "releases",
    metadata,
    Column("id", BigKey, Identity(), primary_key=True),
    Column("artist", String(255), nullable=False),
    Column("artist_key", String(255), nullable=False),
    Column("title", String(255), nullable=False),
    Column("title_key", String(255), nullable=False),
    Column("day", Date, nullable=False, index=True),
    Column("created_by", ForeignKey("users.id", ondelete="SET NULL")),
    Column("created_at", Instant, nullable=False),
    Index("ix_releases_same", "artist_key", "title_key", "day", unique=True),
)

# The live report counts a week's confidence and reviews, which may be a hundred thousand rows, out of the index alone.
Index(
    "ix_comments_certainty",
    comments.c.written_at,
    comments.c.confidence,
    comments.c.reviewed_at,
    sqlite_where=text("confidence IS NOT NULL"),
    postgresql_where=text("confidence IS NOT NULL"),
)

# Agreement between people and models reads only what people said.
Index(
    "ix_classifications_curators",
    classifications.c.at,
    sqlite_where=text("origin = 'curador'"),
    postgresql_where=text("origin = 'curador'"),
)

# --- language models: who may be called, what it cost, and what was answered already -------------------------

providers = Table(
    "providers",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("paused", Boolean, nullable=False, server_default=text("false")),
    Column("open_until", Instant),
    Column("probe_until", Instant),
    Column("reason", String(32)),
    Column("openings", Integer, nullable=False, server_default="0"),
    Column("streak", Integer, nullable=False, server_default="0"),
    Column("streak_of", String(32)),
    Column("recent", Integer, nullable=False, server_default="1"),
    Column("away_since", Instant),
    Column("answered_at", Instant),
    Column("bucket", Float, nullable=False, server_default="0"),
    Column("bucket_at", Instant),
    Column("day", Date),
    Column("tokens", BigInteger, nullable=False, server_default="0"),
    Column("cost_microdollars", BigInteger, nullable=False, server_default="0"),
)

provider_calls = Table(
    "provider_calls",
    metadata,
    Column("id", BigKey, Identity(), primary_key=True),
    Column("at", Instant, nullable=False, index=True),
    Column("provider", String(64), nullable=False),
    Column("model", String(100), nullable=False),
    Column("purpose", String(16), nullable=False),
    Column("prompt_version", String(32)),
    Column("items", Integer, nullable=False),
    Column("outcome", String(32), nullable=False),
    Column("milliseconds", Integer, nullable=False),
    Column("input_tokens", Integer, nullable=False),
    Column("cached_tokens", Integer, nullable=False),
    Column("output_tokens", Integer, nullable=False),
    Column("cost_microdollars", BigInteger, nullable=False),
)

kept_answers = Table(
    "kept_answers",
    metadata,
    Column("text_hash", LargeBinary(32), primary_key=True),
    Column("model", String(100), primary_key=True),
    Column("prompt_version", String(32), primary_key=True),
    Column("category", String(16), nullable=False),
    Column("confidence", Float, nullable=False),
    Column("tags", Json, nullable=False),
    Column("used_at", Instant, nullable=False, index=True),
)
