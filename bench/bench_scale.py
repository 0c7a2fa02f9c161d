"""What PostgreSQL, Redis and a few workers of this machine can do: `make bench-scale` (ARGS="--only list").

Everything is ours and on loopback: the servers, and a stub of a provider that takes 400 ms and 4 ms for each token of
its answer, as a quick language model does.
"""

import argparse
import json
import os
import platform
import random
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import text

sys.path.insert(0, str(Path(__file__).parents[1]))

from alumusic.logs import configure_logs
from tests.chaos.listeners import judge, text_of
from tests.chaos.stage import Scene, Stage
from tests.servers import wait_until
from tests.stub_provider import StubProvider
from tests.workers import a_worker_was_seen, left

OUT = Path(__file__).parent / "out" / "scale.json"
THREADS = 12
Figures = dict[str, Any]


def say(words: str) -> None:
    print(words, flush=True)


class Busy(Scene):
    """A scene whose provider is as quick as real ones are."""

    def __init__(self, stage: Stage, name: str) -> None:
        super().__init__(stage, name)
        self.stub = StubProvider(judge=judge, seconds=0.4, seconds_per_output_token=0.004)
        self.settings = {
            "ALUMUSIC_WORKER_THREADS": THREADS, "ALUMUSIC_LLM_CONCURRENCY": THREADS,
            "ALUMUSIC_LLM_DEADLINE_SECONDS": 45, "ALUMUSIC_LEASE_SECONDS": 90, "ALUMUSIC_LOG_LEVEL": "WARNING",
            "ALUMUSIC_WATCHDOG_SECONDS": 1,
        }  # fmt: skip


def end_to_end(stage: Stage, number: int) -> Figures:
    """Comments a second from the first claim to the last verdict, by how many worker processes there are."""
    found: Figures = {}
    for processes in (1, 2, 4):
        stage.clear()
        with Busy(stage, f"workers{processes}") as scene:
            scene.hand_in(number, piece=5_000)
            scene.worker("-c", str(processes))
            wait_until(lambda scene=scene: a_worker_was_seen(scene.engine), seconds=90)
            began = time.monotonic()
            scene.drained(300)
            took = time.monotonic() - began
            calls = len(scene.stub.questions)
            found[f"{processes} processes"] = {"per_second": round(number / took, 1), "calls": calls}
            say(f"  {processes} processes × {THREADS} threads: {number / took:,.0f} comments/s, {calls} calls")
    return found


def upload(stage: Stage, number: int) -> Figures:
    """Seconds from the first byte of a file to its 202."""
    stage.clear()
    with Busy(stage, "upload") as scene:
        api = scene.api().wait()
        headers = api.sign_in()
        content = "texto\n" + "".join(f'"{text_of(n)}"\n' for n in range(number))
        began = time.monotonic()
        answer = api.client.post("/api/llm/analyze", files={"file": ("x.csv", content)}, headers=headers, timeout=300)
        took = time.monotonic() - began
        answer.raise_for_status()
    say(f"  {number:,} rows in {took:.1f} s: {number / took:,.0f} rows/s")
    return {"rows": number, "seconds": round(took, 2), "rows_per_second": round(number / took)}


_FILL = """
WITH made AS (
  SELECT n, 'comentário número ' || n || CASE n % 5 WHEN 0 THEN ' amei o show' WHEN 1 THEN ' som horrível'
         WHEN 2 THEN ' toquem mais antigas' WHEN 3 THEN ' quando sai o disco' ELSE ' promoção' END AS text
    FROM generate_series(CAST(:first AS int), CAST(:last AS int)) n)
INSERT INTO comments (id, batch_id, line, text, text_hash, words, status, available_at, category, confidence, tags,
                      origin, done_at, written_at, day, received_at, artist, artist_key)
SELECT gen_random_uuid(), :batch, n, text, decode(md5(text), 'hex'), text, 'CONCLUIDO', NULL,
       (ARRAY['ELOGIO', 'CRÍTICA', 'SUGESTÃO', 'DÚVIDA', 'SPAM'])[n % 5 + 1], 0.5 + (n % 50) / 100.0, 'melodia',
       'llm', now(), now() - n * interval '1 second', (now() - n * interval '1 second')::date, now(),
       'Artista ' || n % 200, 'artista ' || n % 200
  FROM made
"""
_TAG = "INSERT INTO comment_tags (tag, written_at, seq, position) SELECT tags, written_at, seq, 0 FROM comments"


def fill(stage: Stage, rows: int) -> None:
    batch = "00000000-0000-7000-8000-000000000001"
    with stage.engine.begin() as db:
        db.execute(
            text(
                "INSERT INTO batches (id, kind, received_at, total, rejects, finished_at) "
                "VALUES (:id, 'file', now(), :total, '[]', now())"
            ),
            {"id": batch, "total": rows},
        )
    for first in range(1, rows + 1, 100_000):
        with stage.engine.begin() as db:
            last = min(first + 99_999, rows)
            db.execute(text(_FILL), {"batch": batch, "first": first, "last": last})
    with stage.engine.begin() as db:
        db.execute(text(_TAG))
    with stage.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as db:
        db.execute(text("VACUUM ANALYZE"))


def bytes_per_comment(stage: Stage, rows: int) -> int:
    """What one takes in the database, with tags and indexes; its history is a third of that again."""
    with stage.engine.connect() as db:
        sizes = "SELECT pg_total_relation_size('comments') + pg_total_relation_size('comment_tags')"
        return int(db.scalar(text(sizes)) or 0) // rows


QUERIES: dict[str, dict[str, str]] = {
    "first page": {},
    "by category": {"category": "CRÍTICA"},
    "by artist and category": {"artista": "Artista 17", "category": "ELOGIO"},
    "by tag": {"tag": "melodia"},
    "search, rare": {"search": "777777"},
    "search, frequent": {"search": "show"},
    "most certain": {"ordem": "confianca"},
}


def listing(stage: Stage, rows: int) -> Figures:
    """Milliseconds of a list's page, while workers classify."""
    stage.clear()
    began = time.monotonic()
    fill(stage, rows)
    say(f"  {rows:,} rows filled in {time.monotonic() - began:.0f} s")
    found: Figures = {"rows": rows, "bytes_per_comment": bytes_per_comment(stage, rows)}
    say(f"  {found['bytes_per_comment']:,} bytes a comment, indexes included")
    with Busy(stage, "list") as scene:
        api = scene.api().wait()
        headers = api.sign_in()
        scene.hand_in(20_000, piece=5_000, prefix="agora mesmo")
        scene.worker("-c", "2")
        wait_until(lambda: a_worker_was_seen(scene.engine), seconds=90)
        taken: dict[str, list[float]] = {name: [] for name in QUERIES}
        order = [name for name in QUERIES for _ in range(60)]
        random.Random(1).shuffle(order)
        waiting = left(scene.engine)
        for name in order:
            start = time.perf_counter()
            api.client.get("/api/comentarios", params=QUERIES[name], headers=headers).raise_for_status()
            taken[name].append((time.perf_counter() - start) * 1000)
        still = left(scene.engine)
    found["classified_meanwhile"] = waiting - still
    for name, times in taken.items():
        times.sort()
        found[name] = {"p50_ms": round(times[len(times) // 2], 1), "p99_ms": round(times[int(len(times) * 0.99)], 1)}
        say(f"  {name:<24} p50 {found[name]['p50_ms']:>7} ms   p99 {found[name]['p99_ms']:>7} ms")
    everything = sorted(time_ for times in taken.values() for time_ in times)
    found["p99_ms"] = round(everything[int(len(everything) * 0.99)], 1)
    say(f"  all together p99 {found['p99_ms']} ms, {waiting - still} comments classified meanwhile")
    return found


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--only", choices=["end", "upload", "list"], action="append")
    parser.add_argument("--comments", type=int, default=15_000)
    parser.add_argument("--file-rows", type=int, default=200_000)
    parser.add_argument("--rows", type=int, default=1_000_000)
    given = parser.parse_args()
    configure_logs("ERROR")
    parts: dict[str, tuple[str, Callable[[Stage], Figures]]] = {
        "end": ("end to end, with a stub provider of 400 ms + 4 ms a token", lambda at: end_to_end(at, given.comments)),
        "upload": ("one file", lambda at: upload(at, given.file_rows)),
        "list": ("lists while workers run", lambda at: listing(at, given.rows)),
    }
    kept: Figures = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}",
        "load_before": round(os.getloadavg()[0], 1),
    }
    with Stage(Path(tempfile.mkdtemp(prefix="alumusic-bench-"))) as stage:
        for name in given.only or parts:
            title, part = parts[name]
            say(title)
            kept[name] = part(stage)
    OUT.parent.mkdir(exist_ok=True)
    OUT.write_text(json.dumps(kept, indent=1, ensure_ascii=False), encoding="utf-8")
    say(f"load before {kept['load_before']}, after {os.getloadavg()[0]:.1f}; kept in {OUT.relative_to(Path.cwd())}")


if __name__ == "__main__":
    main()
