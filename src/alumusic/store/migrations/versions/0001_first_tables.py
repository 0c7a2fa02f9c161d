"""First tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from alumusic.store.types import Instant

revision = "0001_first_tables"
down_revision = None
branch_labels = None
depends_on = None

BIG_KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", BIG_KEY, sa.Identity(always=False), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.Column("event", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.BigInteger(), nullable=True),
        sa.Column("subject", sa.String(length=254), nullable=True),
        sa.Column("details", JSON, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)

    op.create_table(
        "daily_counts",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("artist_key", sa.String(length=255), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "category", "artist_key", name=op.f("pk_daily_counts")),
    )
    op.create_table(
        "daily_tags",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "category", "tag", name=op.f("pk_daily_tags")),
    )
    op.create_table(
        "throttles",
        sa.Column("key", sa.String(length=400), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("since", Instant(), nullable=False),
        sa.Column("blocked_until", Instant(), nullable=True),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_throttles")),
    )
    op.create_table(
        "tombstones",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_tombstones")),
    )
    op.create_table(
        "users",
        sa.Column("id", BIG_KEY, sa.Identity(always=False), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("password_hash", sa.String(length=255), nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("disabled_at", Instant(), nullable=True),
        sa.Column("token_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("timezone", sa.String(length=64), nullable=True),
        sa.CheckConstraint("role IN ('leitor','curador','admin','ingestor')", name=op.f("ck_users_role")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("email", name=op.f("uq_users_email")),
    )
    op.create_table(
        "workers",
        sa.Column("name", sa.String(length=255), nullable=False),
        sa.Column("seen_at", Instant(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_workers")),
    )
    op.create_table(
        "batches",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", BIG_KEY, nullable=True),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=255), nullable=True),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("finished_at", Instant(), nullable=True),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("duplicates", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rejected", sa.Integer(), server_default="0", nullable=False),
        sa.Column("rejects", JSON, nullable=False),
        sa.Column("content_hash", sa.LargeBinary(length=32), nullable=True),
        sa.CheckConstraint("kind IN ('comments','file','rerun')", name=op.f("ck_batches_kind")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_batches_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_batches")),
    )
    op.create_index("ix_batches_content", "batches", ["user_id", "content_hash"], unique=False)
    op.create_index(
        "ix_batches_open",
        "batches",
        ["received_at"],
        unique=False,
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.create_index(op.f("ix_batches_received_at"), "batches", ["received_at"], unique=False)
    op.create_index(op.f("ix_batches_user_id"), "batches", ["user_id"], unique=False)

    op.create_table(
        "invites",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("created_by", BIG_KEY, nullable=False),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_invites_created_by"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_invites")),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", BIG_KEY, nullable=False),
        sa.Column("place", sa.String(length=64), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("revoked_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_sessions_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sessions")),
    )
    op.create_index("ix_sessions_place", "sessions", ["user_id", "place"], unique=False)

    op.create_table(
        "batch_counts",
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("n", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["batch_id"], ["batches.id"], name=op.f("fk_batch_counts_batch_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("batch_id", "outcome", name=op.f("pk_batch_counts")),
    )
    op.create_table(
        "comments",
        sa.Column("seq", BIG_KEY, sa.Identity(always=False), nullable=False),
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("rerun_id", sa.Uuid(), nullable=True),
        sa.Column("line", sa.Integer(), nullable=False),
        sa.Column("user_id", BIG_KEY, nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("text_hash", sa.LargeBinary(length=16), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=16), server_default="PENDENTE", nullable=False),
        sa.Column("generation", sa.Integer(), server_default="1", nullable=False),
        sa.Column("attempts", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("deferrals", sa.Integer(), server_default="0", nullable=False),
        sa.Column("available_at", Instant(), nullable=True),
        sa.Column("lease", sa.Uuid(), nullable=True),
        sa.Column("error", sa.String(length=32), nullable=True),
        sa.Column("rung", sa.SmallInteger(), server_default="0", nullable=False),
        sa.Column("category", sa.String(length=16), nullable=True),
        sa.Column("confidence", sa.Float(), nullable=True),
        sa.Column("tags", sa.String(length=130), nullable=True),
        sa.Column("origin", sa.String(length=16), nullable=True),
        sa.Column("provisional", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("reviewed_at", Instant(), nullable=True),
        sa.Column("done_at", Instant(), nullable=True),
        sa.Column("written_at", Instant(), nullable=False),
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("received_at", Instant(), nullable=False),
        sa.Column("author", sa.String(length=255), nullable=True),
        sa.Column("source", sa.String(length=255), nullable=True),
        sa.Column("artist", sa.String(length=255), nullable=True),
        sa.Column("album", sa.String(length=255), nullable=True),
        sa.Column("song", sa.String(length=255), nullable=True),
        sa.Column("url", sa.String(length=2000), nullable=True),
        sa.Column("external_id", sa.String(length=255), nullable=True),
        sa.Column("extra", JSON, nullable=True),
        sa.Column("author_key", sa.String(length=255), nullable=True),
        sa.Column("source_key", sa.String(length=255), nullable=True),
        sa.Column("artist_key", sa.String(length=255), nullable=True),
        sa.Column("album_key", sa.String(length=255), nullable=True),
        sa.Column("song_key", sa.String(length=255), nullable=True),
        sa.CheckConstraint(
            "(status = 'PROCESSANDO') = (lease IS NOT NULL)", name=op.f("ck_comments_lease_only_while_processing")
        ),
        sa.CheckConstraint(
            "(status IN ('CONCLUIDO','FALHOU')) = (available_at IS NULL)",
            name=op.f("ck_comments_final_leaves_the_queue"),
        ),
        sa.CheckConstraint(
            "status IN ('PENDENTE','PROCESSANDO','CONCLUIDO','FALHOU')", name=op.f("ck_comments_status")
        ),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_comments_confidence")),
        sa.CheckConstraint("length(text) BETWEEN 1 AND 5000", name=op.f("ck_comments_text_length")),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_comments_batch_id")),
        sa.ForeignKeyConstraint(["rerun_id"], ["batches.id"], name=op.f("fk_comments_rerun_id")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_comments_user_id"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_comments")),
        sa.UniqueConstraint("id", name=op.f("uq_comments_id")),
    )
    op.create_index(
        "ix_comments_album",
        "comments",
        ["album_key", "written_at", "seq"],
        unique=False,
        sqlite_where=sa.text("album_key IS NOT NULL"),
        postgresql_where=sa.text("album_key IS NOT NULL"),
    )
    op.create_index(
        "ix_comments_artist",
        "comments",
        ["artist_key", "written_at", "seq"],
        unique=False,
        sqlite_where=sa.text("artist_key IS NOT NULL"),
        postgresql_where=sa.text("artist_key IS NOT NULL"),
    )
    op.create_index(
        "ix_comments_author",
        "comments",
        ["author_key", "written_at", "seq"],
        unique=False,
        sqlite_where=sa.text("author_key IS NOT NULL"),
        postgresql_where=sa.text("author_key IS NOT NULL"),
    )
    op.create_index("ix_comments_batch", "comments", ["batch_id", "written_at", "seq"], unique=False)
    op.create_index(
        "ix_comments_category",
        "comments",
        ["category", "written_at", "seq"],
        unique=False,
        sqlite_where=sa.text("category IS NOT NULL"),
        postgresql_where=sa.text("category IS NOT NULL"),
    )
    op.create_index(
        "ix_comments_confidence",
        "comments",
        ["confidence", "seq"],
        unique=False,
        sqlite_where=sa.text("confidence IS NOT NULL"),
        postgresql_where=sa.text("confidence IS NOT NULL"),
    )
    op.create_index(
        "ix_comments_due",
        "comments",
        ["available_at", "seq"],
        unique=False,
        sqlite_where=sa.text("available_at IS NOT NULL"),
        postgresql_where=sa.text("available_at IS NOT NULL"),
    )
    op.create_index(
        "ix_comments_lease",
        "comments",
        ["lease"],
        unique=False,
        sqlite_where=sa.text("lease IS NOT NULL"),
        postgresql_where=sa.text("lease IS NOT NULL"),
    )
    op.create_index(
        "ix_comments_provisional",
        "comments",
        ["seq"],
        unique=False,
        sqlite_where=sa.text("provisional"),
        postgresql_where=sa.text("provisional"),
    )
    op.create_index(
        "ix_comments_failed",
        "comments",
        ["error"],
        unique=False,
        sqlite_where=sa.text("status = 'FALHOU'"),
        postgresql_where=sa.text("status = 'FALHOU'"),
    )
    op.create_index("ix_comments_recent", "comments", ["written_at", "seq"], unique=False)
    op.create_index(
        "ix_comments_rerun",
        "comments",
        ["rerun_id", "written_at", "seq"],
        unique=False,
        sqlite_where=sa.text("rerun_id IS NOT NULL"),
        postgresql_where=sa.text("rerun_id IS NOT NULL"),
    )
    op.create_index(
        "ix_comments_reviewed",
        "comments",
        ["written_at", "seq"],
        unique=False,
        sqlite_where=sa.text("reviewed_at IS NOT NULL"),
        postgresql_where=sa.text("reviewed_at IS NOT NULL"),
    )
    op.create_index(
        "ix_comments_song",
        "comments",
        ["song_key", "written_at", "seq"],
        unique=False,
        sqlite_where=sa.text("song_key IS NOT NULL"),
        postgresql_where=sa.text("song_key IS NOT NULL"),
    )
    op.create_index(
        "ix_comments_source",
        "comments",
        ["source_key", "written_at", "seq"],
        unique=False,
        sqlite_where=sa.text("source_key IS NOT NULL"),
        postgresql_where=sa.text("source_key IS NOT NULL"),
    )
    op.create_index("ix_comments_status", "comments", ["status", "written_at", "seq"], unique=False)

    op.create_table(
        "idempotency",
        sa.Column("user_id", BIG_KEY, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("request_hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("batch_id", sa.Uuid(), nullable=True),
        sa.Column("created_at", Instant(), nullable=False),
        sa.ForeignKeyConstraint(["batch_id"], ["batches.id"], name=op.f("fk_idempotency_batch_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_idempotency_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "key", name=op.f("pk_idempotency")),
    )
    op.create_index(op.f("ix_idempotency_created_at"), "idempotency", ["created_at"], unique=False)

    op.create_table(
        "refresh_tokens",
        sa.Column("hash", sa.LargeBinary(length=32), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("expires_at", Instant(), nullable=False),
        sa.Column("used_at", Instant(), nullable=True),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name=op.f("fk_refresh_tokens_session_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_refresh_tokens")),
    )
    op.create_index(op.f("ix_refresh_tokens_session_id"), "refresh_tokens", ["session_id"], unique=False)

    op.create_table(
        "classifications",
        sa.Column("comment_id", sa.Uuid(), nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("category", sa.String(length=16), nullable=False),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("tags", JSON, nullable=False),
        sa.Column("origin", sa.String(length=16), nullable=False),
        sa.Column("model", sa.String(length=100), nullable=False),
        sa.Column("prompt_version", sa.String(length=32), nullable=True),
        sa.Column("by_user_id", BIG_KEY, nullable=True),
        sa.Column("at", Instant(), nullable=False),
        sa.CheckConstraint(
            "category IN ('ELOGIO','CRÍTICA','SUGESTÃO','DÚVIDA','SPAM')", name=op.f("ck_classifications_category")
        ),
        sa.CheckConstraint("confidence BETWEEN 0 AND 1", name=op.f("ck_classifications_confidence")),
        sa.ForeignKeyConstraint(
            ["by_user_id"], ["users.id"], name=op.f("fk_classifications_by_user_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["comment_id"], ["comments.id"], name=op.f("fk_classifications_comment_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("comment_id", "generation", name=op.f("pk_classifications")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "comment_tags",
        sa.Column("tag", sa.String(length=40), nullable=False),
        sa.Column("written_at", Instant(), nullable=False),
        sa.Column("seq", BIG_KEY, autoincrement=False, nullable=False),
        sa.Column("position", sa.SmallInteger(), nullable=False),
        sa.ForeignKeyConstraint(["seq"], ["comments.seq"], name=op.f("fk_comment_tags_seq"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("tag", "written_at", "seq", name=op.f("pk_comment_tags")),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_comment_tags_seq", "comment_tags", ["seq"], unique=False)
    if op.get_bind().dialect.name == "sqlite":
        _search_on_sqlite()
    else:
        _search_on_postgresql()


def _search_on_sqlite() -> None:
    # The words live in `comments`; the index keeps no second copy, no positions and no lengths, since nobody asks for
    # phrases or ranks. They are folded already, so the simplest tokenizer will do: it splits at what ASCII has for
    # spaces and signs, and leaves letters of other scripts alone.
    op.execute(
        "CREATE VIRTUAL TABLE comments_fts USING fts5("
        "words, content='comments', content_rowid='seq', detail='none', columnsize=0, tokenize='ascii')"
    )
    # No trigger for new rows: `store.incoming` indexes them by the thousand, in half the time.
    op.execute(
        "CREATE TRIGGER comments_fts_delete AFTER DELETE ON comments BEGIN "
        "INSERT INTO comments_fts(comments_fts, rowid, words) VALUES ('delete', old.seq, old.words); END"
    )


def _search_on_postgresql() -> None:
    # The words are words already. A parser would split and drop some after its own taste and the server's locale.
    op.execute(
        "ALTER TABLE comments ADD COLUMN words_vector tsvector "
        "GENERATED ALWAYS AS (array_to_tsvector(string_to_array(words, ' '))) STORED"
    )
    op.execute("CREATE INDEX ix_comments_words ON comments USING gin (words_vector)")
    # Each comment is updated twice on its way; room on the page keeps the table from bloating.
    op.execute("ALTER TABLE comments SET (fillfactor = 80)")


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE comments_fts")
    op.drop_index("ix_comment_tags_seq", "comment_tags")

    op.drop_table("comment_tags")
    op.drop_table("classifications")
    op.drop_index(op.f("ix_refresh_tokens_session_id"), "refresh_tokens")

    op.drop_table("refresh_tokens")
    op.drop_index(op.f("ix_idempotency_created_at"), "idempotency")

    op.drop_table("idempotency")
    op.drop_index("ix_comments_status", "comments")
    op.drop_index(
        "ix_comments_source",
        "comments",
        sqlite_where=sa.text("source_key IS NOT NULL"),
        postgresql_where=sa.text("source_key IS NOT NULL"),
    )
    op.drop_index(
        "ix_comments_song",
        "comments",
        sqlite_where=sa.text("song_key IS NOT NULL"),
        postgresql_where=sa.text("song_key IS NOT NULL"),
    )
    op.drop_index(
        "ix_comments_reviewed",
        "comments",
        sqlite_where=sa.text("reviewed_at IS NOT NULL"),
        postgresql_where=sa.text("reviewed_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_comments_rerun",
        "comments",
        sqlite_where=sa.text("rerun_id IS NOT NULL"),
        postgresql_where=sa.text("rerun_id IS NOT NULL"),
    )
    op.drop_index("ix_comments_recent", "comments")
    op.drop_index(
        "ix_comments_provisional",
        "comments",
        sqlite_where=sa.text("provisional"),
        postgresql_where=sa.text("provisional"),
    )
    op.drop_index(
        "ix_comments_lease",
        "comments",
        sqlite_where=sa.text("lease IS NOT NULL"),
        postgresql_where=sa.text("lease IS NOT NULL"),
    )
    op.drop_index(
        "ix_comments_failed",
        "comments",
        sqlite_where=sa.text("status = 'FALHOU'"),
        postgresql_where=sa.text("status = 'FALHOU'"),
    )
    op.drop_index(
        "ix_comments_due",
        "comments",
        sqlite_where=sa.text("available_at IS NOT NULL"),
        postgresql_where=sa.text("available_at IS NOT NULL"),
    )
    op.drop_index(
        "ix_comments_confidence",
        "comments",
        sqlite_where=sa.text("confidence IS NOT NULL"),
        postgresql_where=sa.text("confidence IS NOT NULL"),
    )
    op.drop_index(
        "ix_comments_category",
        "comments",
        sqlite_where=sa.text("category IS NOT NULL"),
        postgresql_where=sa.text("category IS NOT NULL"),
    )
    op.drop_index("ix_comments_batch", "comments")
    op.drop_index(
        "ix_comments_author",
        "comments",
        sqlite_where=sa.text("author_key IS NOT NULL"),
        postgresql_where=sa.text("author_key IS NOT NULL"),
    )
    op.drop_index(
        "ix_comments_artist",
        "comments",
        sqlite_where=sa.text("artist_key IS NOT NULL"),
        postgresql_where=sa.text("artist_key IS NOT NULL"),
    )
    op.drop_index(
        "ix_comments_album",
        "comments",
        sqlite_where=sa.text("album_key IS NOT NULL"),
        postgresql_where=sa.text("album_key IS NOT NULL"),
    )

    op.drop_table("comments")
    op.drop_table("batch_counts")
    op.drop_index("ix_sessions_place", "sessions")

    op.drop_table("sessions")
    op.drop_table("invites")
    op.drop_index(op.f("ix_batches_user_id"), "batches")
    op.drop_index(op.f("ix_batches_received_at"), "batches")
    op.drop_index(
        "ix_batches_open",
        "batches",
        sqlite_where=sa.text("finished_at IS NULL"),
        postgresql_where=sa.text("finished_at IS NULL"),
    )
    op.drop_index("ix_batches_content", "batches")

    op.drop_table("batches")
    op.drop_table("workers")
    op.drop_table("users")
    op.drop_table("tombstones")
    op.drop_table("throttles")
    op.drop_table("daily_tags")
    op.drop_table("daily_counts")
    op.drop_index(op.f("ix_audit_at"), "audit")

    op.drop_table("audit")
