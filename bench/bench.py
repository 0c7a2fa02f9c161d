"""How fast the house is on this machine: `make bench`. It builds its own data and prints a table and JSON.

Part one starts the product as a user would (`alumusic up`) and speaks HTTP to it; part two fills a database with
1,000,000 classified comments and asks it questions. Figures are medians or percentiles of one run; run it again
before believing a small difference.
"""

import argparse
import contextlib
import csv
import http.client
import io
import json
import os
import platform
import random
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import psutil
from rich.console import Console
from rich.table import Table

from alumusic.bell.thread import ThreadBell
from alumusic.classify.drain import Terms, classify_due
from alumusic.contract.export import exported
from alumusic.domain.batches import BatchKind
from alumusic.domain.comments import Category, Classification, NewComment, Origin, Status
from alumusic.domain.search import CommentFilter, Order
from alumusic.ingest.receive import receive
from alumusic.logs import configure_logs
from alumusic.query.comments import search, stream
from alumusic.query.progress import progress
from alumusic.store.batches import Delivery
from alumusic.store.database import open_database, reading
from alumusic.store.migrate import upgrade
from alumusic.store.work import ClaimSizes

ZONE = ZoneInfo("America/Sao_Paulo")
WORDS = (
    "a música letra refrão show som voz artista álbum demais ruim boa linda quero mais de que isso não gostei muito "
    "hoje sempre nunca palco clipe batida arranjo melodia ingresso caro fila atraso aplicativo trava anúncio playlist "
    "lançamento turnê cidade quando onde alguém sabe podia ter versão acústica amei chorei arrepia horrível fraco"
).split()


def text_of(rng: random.Random, number: int) -> str:
    """About 120 characters, different for each number."""
    return f"{' '.join(rng.choices(WORDS, k=20))} {number}"


def csv_of(rows: int) -> bytes:
    """A file of comments, 150 bytes a row."""
    rng, buffer = random.Random(1), io.StringIO()
    writer = csv.writer(buffer)
    writer.writerow(["texto", "artista", "fonte"])
    for number in range(rows):
        writer.writerow([text_of(rng, number), f"Artista {number % 50}", "youtube"])
    return buffer.getvalue().encode()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def product(folder: Path) -> Iterator[tuple[httpx.Client, psutil.Process]]:
    """`alumusic up` on a folder of its own, and a client that is signed in."""
    port = free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ALUMUSIC_", "DATABASE_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "alumusic", "up", "--port", str(port), "--data", str(folder), "--no-dashboard"],
        stdout=subprocess.DEVNULL, env=environment,
    )  # fmt: skip
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120, trust_env=False) as client:
            wait(lambda: answers(client), seconds=60)
            account = {"email": "bench@exemplo.com", "password": "medir e depois dizer"}
            client.post("/auth/register", json=account).raise_for_status()
            token = client.post("/auth/login", json=account).json()["access_token"]
            client.headers["Authorization"] = f"Bearer {token}"
            yield client, psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def answers(client: httpx.Client) -> bool:
    try:
        return client.get("/saude").is_success
    except httpx.TransportError:
        return False


def wait(ready: Callable[[], bool], *, seconds: float) -> None:
    end = time.monotonic() + seconds
    while not ready():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.05)


def finished(client: httpx.Client, task_id: str) -> bool:
    return bool(client.get(f"/api/tasks/{task_id}").json()["progresso"] == 1)


def measure_product(rows: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder, product(Path(folder)) as (client, process):
        figures: dict[str, float] = {}
        figures["posts_per_second"] = posts_per_second(client, 1_000)

        content = csv_of(20_000)
        began = time.perf_counter()
        sent = client.post("/api/llm/analyze", files={"file": ("pipeline.csv", content)}).raise_for_status().json()
        wait(lambda: finished(client, sent["task_id"]), seconds=300)
        figures["pipeline_per_second"] = 20_000 / (time.perf_counter() - began)

        content = csv_of(rows)
        before, peak = process.memory_info().rss, [0]
        began = time.perf_counter()
        with watched(process, peak):
            client.post("/api/llm/analyze", files={"file": ("grande.csv", content)}).raise_for_status()
        figures["file_rows"] = rows
        figures["file_megabytes"] = len(content) / 1e6
        figures["file_seconds"] = time.perf_counter() - began
        figures["file_more_memory_megabytes"] = (peak[0] - before) / 1e6
        return figures


def posts_per_second(client: httpx.Client, posts: int) -> float:
    """One comment after the other, each answered before the next is sent.

    By the standard library's client: on two cores a heavier one would take half of what is measured.
    """
    headers = {"Authorization": client.headers["Authorization"], "Content-Type": "application/json"}
    server = http.client.HTTPConnection(client.base_url.host, client.base_url.port)
    with contextlib.closing(server) as connection:
        began = time.perf_counter()
        for number in range(posts):
            connection.request("POST", "/api/comentarios", json.dumps({"texto": f"um por um {number}"}), headers)
            answer = connection.getresponse()
            answer.read()
            if answer.status != httpx.codes.ACCEPTED:
                raise RuntimeError(f"POST was answered {answer.status}")
        return posts / (time.perf_counter() - began)


@contextlib.contextmanager
def watched(process: psutil.Process, peak: list[int]) -> Iterator[None]:
    """Note the most memory that `process` has meanwhile."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(0.02):
            peak[0] = max(peak[0], process.memory_info().rss)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


class QuickClassifier:
    """Says something at once, the same for the same text: the database is what is measured."""

    origin = Origin.LOCAL
    model = "bench"
    prompt_version = None
    batch_size = 500

    def classify(self, texts: list[str]) -> list[Classification]:
        return [opinion(random.Random(text)) for text in texts]


def opinion(rng: random.Random) -> Classification:
    tags = rng.sample(("refrao", "melodia", "show_som"), rng.randint(0, 2))
    return Classification(rng.choice(list(Category)), rng.uniform(0.3, 1), tuple(tags))


def fill(url: str, rows: int) -> tuple[object, object]:
    engine = open_database(url)
    upgrade(engine)
    rng, now, batch = random.Random(2), datetime.now(UTC), None
    for start in range(0, rows, 250_000):
        size = min(250_000, rows - start)
        comments = (
            NewComment(
                text_of(rng, start + n), artist=f"Artista {rng.randint(0, 49)}", album=f"Álbum {rng.randint(0, 199)}",
                source=rng.choice(("youtube", "app", "show")), author=f"Pessoa {rng.randint(0, 99_999)}",
                written_at=now - timedelta(seconds=rng.randint(0, 56 * 86_400)),
            )
            for n in range(size)
        )  # fmt: skip
        batch = receive(
            comments, engine=engine, bell=ThreadBell(), delivery=Delivery(None), kind=BatchKind.FILE, zone=ZONE, now=now
        )
    terms = Terms(ClaimSizes(first=500), timedelta(seconds=90))
    classify_due(
        engine, QuickClassifier(), terms=terms, clock=lambda: datetime.now(UTC),
        until=datetime.now(UTC) + timedelta(hours=1),
    )  # fmt: skip
    return engine, batch


def percentile(values: list[float], share: float) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[round(share * 100) - 1]


def measure_queries(url: str, rows: int) -> dict[str, float]:
    began = time.perf_counter()
    engine, batch = fill(url, rows)
    figures: dict[str, float] = {"million_rows": rows, "fill_seconds": time.perf_counter() - began}
    now, rng = datetime.now(UTC), random.Random(3)
    filters: dict[str, Callable[[], CommentFilter]] = {
        "nothing": CommentFilter,
        "category": lambda: CommentFilter(categories=(rng.choice(list(Category)),)),
        "two categories": lambda: CommentFilter(categories=(Category.SPAM, Category.PRAISE)),
        "status done": lambda: CommentFilter(statuses=(Status.DONE,)),
        "status pending": lambda: CommentFilter(statuses=(Status.PENDING,)),
        "tag": lambda: CommentFilter(tags=(rng.choice(("refrao", "melodia")),)),
        "artist": lambda: CommentFilter(artist=f"artista {rng.randint(0, 49)}"),
        "album": lambda: CommentFilter(album=f"album {rng.randint(0, 199)}"),
        "source": lambda: CommentFilter(source="app"),
        "author": lambda: CommentFilter(author=f"pessoa {rng.randint(0, 99_999)}"),
        "since": lambda: CommentFilter(since=now - timedelta(days=rng.randint(1, 50))),
        "until": lambda: CommentFilter(until=now - timedelta(days=rng.randint(1, 50))),
        "confidence": lambda: CommentFilter(confidence_max=rng.uniform(0.3, 0.9)),
        "task": lambda: CommentFilter(batch_id=batch.batch_id),
        "reviewed": lambda: CommentFilter(reviewed=True),
    }
    for name, make in filters.items():
        figures[f"list p99 ms, {name}"] = 1000 * percentile(
            timed(lambda make=make: find(engine, make(), now), 60), 0.99
        )
    words = [*WORDS, "mus", "arti refr", "1234", "999999", "nada disso existe", "letra show 77"]
    taken = timed(lambda: find(engine, CommentFilter(words=rng.choice(words)), now), 120)
    figures["search p99 ms"] = 1000 * percentile(taken, 0.99)
    figures["search median ms"] = 1000 * statistics.median(taken)
    figures["progress p99 ms"] = 1000 * percentile(timed(lambda: ask_progress(engine, batch.batch_id, now), 60), 0.99)
    return figures | measure_export(engine, now, min(rows, 300_000))


def find(engine: object, wanted: CommentFilter, now: datetime) -> None:
    with reading(engine) as db:
        search(db, wanted, order=Order.NEWEST, limit=100, cursor=None, now=now)


def ask_progress(engine: object, batch_id: object, now: datetime) -> None:
    with reading(engine) as db:
        progress(db, batch_id, now=now)


def timed(work: Callable[[], None], times: int) -> list[float]:
    return [seconds(work) for _ in range(times)]


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def measure_export(engine: object, now: datetime, rows: int) -> dict[str, float]:
    figures = {}
    for form in ("csv", "ndjson"):
        began, first, lines = time.perf_counter(), None, 0
        with reading(engine) as db:
            for piece in exported(stream(db, CommentFilter(), order=Order.NEWEST, now=now), form=form):
                first = first or time.perf_counter() - began
                lines += piece.count(b"\n")
                if lines >= rows:
                    break
        figures[f"export {form} rows/s"] = lines / (time.perf_counter() - began)
        figures[f"export {form} first byte ms"] = 1000 * (first or 0)
    return figures


TARGETS = {
    "posts_per_second": ("≥", 250), "pipeline_per_second": ("≥", 1500), "file_seconds": ("≤", 10),
    "file_more_memory_megabytes": ("≤", 200), "search p99 ms": ("≤", 1000), "progress p99 ms": ("≤", 60),
    "export csv rows/s": ("≥", 30_000), "export csv first byte ms": ("≤", 1000),
}  # fmt: skip


def show(figures: dict[str, float]) -> None:
    table = Table(title=f"{datetime.now(UTC):%Y-%m-%d} · {os.cpu_count()} cores · Python {platform.python_version()}")
    for name in ("figure", "measured", "wanted"):
        table.add_column(name, justify="left" if name == "figure" else "right")
    for name, value in figures.items():
        sign, target = TARGETS.get(name, ("≤", 150) if name.startswith("list p99") else ("", ""))
        table.add_row(name, f"{value:,.1f}", f"{sign} {target}")
    Console().print(table)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--file-rows", type=int, default=200_000)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--database-url", help="where to fill the million rows; a temporary SQLite file by default")
    parser.add_argument("--only", choices=["product", "queries"])
    parser.add_argument("--json", type=Path, default=Path("bench/out/bench.json"))
    asked = parser.parse_args()
    # What a worker says of each batch at its most talkative is not what is measured.
    configure_logs("WARNING")
    figures: dict[str, float] = {}
    if asked.only != "queries":
        figures |= measure_product(asked.file_rows)
    if asked.only != "product":
        with tempfile.TemporaryDirectory() as folder:
            figures |= measure_queries(asked.database_url or f"sqlite:///{folder}/bench.db", asked.rows)
    show(figures)
    asked.json.parent.mkdir(parents=True, exist_ok=True)
    asked.json.write_text(json.dumps({"date": datetime.now(UTC).isoformat(), "figures": figures}, indent=2))


if __name__ == "__main__":
    main()
