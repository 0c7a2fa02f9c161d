"""How fast and how dear a language model classifies, against a stub that takes 400 ms and 4 ms for each output token.

Prints comments per second, calls, and tokens per 1,000 comments of 80 characters, for batches of 1, 10, 30 and 50.
A token is four characters, and the schema counts as part of the question. The last line is of the cascade, over the
comments of the gold set: the local model answers what it is sure of, the stub is asked the rest.
"""

import argparse
import json
import multiprocessing
import random
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from alumusic.bootstrap import worker_terms
from alumusic.classify.assemble import build_cascade, build_llm_classifier
from alumusic.classify.by_local_model import load_local_classifier
from alumusic.classify.drain import classify_due
from alumusic.domain.batches import BatchKind
from alumusic.domain.comments import NewComment
from alumusic.evals.reading import read_datasets
from alumusic.ingest.receive import receive
from alumusic.logs import configure_logs
from alumusic.settings import Settings
from alumusic.store.batches import Delivery
from alumusic.store.database import open_database
from alumusic.store.migrate import upgrade
from tests.fakes import FakeBell
from tests.stub_provider import StubProvider

SECONDS = 0.4
SECONDS_PER_OUTPUT_TOKEN = 0.004
CHARACTERS = 80
GOLD = Path(__file__).resolve().parent.parent / "tests" / "evals" / "dataset.json"
TAGS = ["melodia", "voz", "letra", "som_do_show", "preco_ingresso", "app", "clipe", "producao", "batida", "turne"]
CATEGORIES = ["ELOGIO", "CRÍTICA", "SUGESTÃO", "DÚVIDA", "SPAM"]
OPENINGS = [
    "Essa música",
    "O show de ontem",
    "O aplicativo novo",
    "A voz dela",
    "O clipe",
    "Esse álbum",
    "A turnê",
    "A letra",
]
MIDDLES = [
    "me deixou sem palavras",
    "podia ter durado mais",
    "trava toda hora",
    "ficou bem melhor",
    "não chega em Recife",
]
ENDINGS = ["e olha que eu ouço de tudo", "desde o lançamento", "como ninguém esperava", "para quem é fã antigo"]


def answer(text: str) -> dict[str, Any]:
    """What the stub says: stable for a text, with 0 to 3 tags, 1.3 on average."""
    rng = random.Random(text)
    tags = rng.sample(TAGS, rng.choices([0, 1, 2, 3], [10, 55, 30, 5])[0])
    return {"c": rng.choice(CATEGORIES), "p": rng.choice([0.6, 0.8, 0.9, 0.95]), "t": tags}


def comments(count: int) -> list[str]:
    """Distinct comments of exactly `CHARACTERS` characters."""
    rng = random.Random(4)
    made = (f"{rng.choice(OPENINGS)} {rng.choice(MIDDLES)}, {rng.choice(ENDINGS)}, nota {n}" for n in range(count))
    return [text[:CHARACTERS].ljust(CHARACTERS, "!") for text in made]


def gold_comments() -> list[str]:
    """The comments of the gold set, which the local model has not learnt from; several times, each with a number.

    Without the number they would be the same texts, and asked once.
    """
    texts = [comment.text for one in read_datasets([GOLD]) for comment in one.comments]
    return [f"{text} {number}" for number in range(1, 5) for text in texts]


def serve(pipe: Connection) -> None:
    """Run the stub in a process of its own; each message asks for its counters and clears them."""
    with StubProvider(judge=answer, seconds=SECONDS, seconds_per_output_token=SECONDS_PER_OUTPUT_TOKEN) as stub:
        pipe.send(stub.url)
        while pipe.recv() == "count":
            pipe.send((len(stub.questions), stub.input_tokens, stub.output_tokens, stub.most_in_flight))
            stub.seen.clear()
            stub.input_tokens = stub.output_tokens = stub.most_in_flight = 0


@dataclass(frozen=True)
class Result:
    classifier: str
    batch: int
    in_flight: int
    comments: int
    seconds: float
    comments_per_second: float
    calls_per_1000: float
    input_tokens_per_1000: int
    output_tokens_per_1000: int
    tokens_per_1000: int
    usd_per_1000: float


def measure(
    url: str, stub: Connection, *, batch: int, in_flight: int, texts: Sequence[str], cascade: bool = False
) -> Result:
    """Classify `texts` with so many calls at once."""
    count = len(texts)
    settings = Settings(  # type: ignore[call-arg]
        _env_file=None, llm_provider="openai", llm_model="gemini-3.1-flash-lite", llm_base_url=url, batch_size=batch,
        llm_concurrency=in_flight, llm_calls_per_minute=60_000,
    )  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        engine = open_database(f"sqlite:///{Path(folder) / 'bench.db'}")
        upgrade(engine)
        receive(
            [NewComment(text) for text in texts], engine=engine, bell=FakeBell(), delivery=Delivery(None),
            kind=BatchKind.COMMENTS, zone=settings.zone, now=now(),
        )  # fmt: skip
        classifier = (
            build_cascade(settings, local=load_local_classifier(), clock=now, engine=engine)
            if cascade
            else build_llm_classifier(settings, clock=now, engine=engine)
        )
        terms = worker_terms(settings, classifier)
        done: list[int] = []

        def work() -> None:
            # As a worker does: who finds no free slot comes back, since slots grow with success.
            while sum(done) < count:
                tally = classify_due(engine, classifier, terms=terms, clock=now, until=now() + timedelta(minutes=10))
                done.append(tally.done)
                time.sleep(0.05)

        threads = [threading.Thread(target=work) for _ in range(in_flight)]
        started = time.perf_counter()
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        seconds = time.perf_counter() - started
        classifier.close()
        engine.dispose()
    if sum(done) != count:
        raise SystemExit(f"{sum(done)} of {count} comments were classified")
    stub.send("count")
    calls, asked, said, most = stub.recv()
    if most > in_flight:
        raise SystemExit(f"{most} calls were in flight, not {in_flight}")
    thousand = 1000 / count
    return Result(
        classifier="cascade" if cascade else "llm",
        batch=batch,
        in_flight=in_flight,
        comments=count,
        seconds=round(seconds, 2),
        comments_per_second=round(count / seconds, 1),
        calls_per_1000=round(calls * thousand, 1),
        input_tokens_per_1000=round(asked * thousand),
        output_tokens_per_1000=round(said * thousand),
        tokens_per_1000=round((asked + said) * thousand),
        usd_per_1000=round((asked * 0.25 + said * 1.50) / 1e6 * thousand, 4),
    )


def now() -> datetime:
    return datetime.now(UTC)


def show(found: Result) -> None:
    print(
        f"{found.classifier:>10} {found.batch:>5} {found.in_flight:>9} {found.comments_per_second:>10} "
        f"{found.calls_per_1000:>7} {found.input_tokens_per_1000:>9} {found.output_tokens_per_1000:>7} "
        f"{found.tokens_per_1000:>7} {found.usd_per_1000:>8}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comments", type=int, default=3000, help="for batches of 30 and 50; fewer for smaller ones")
    parser.add_argument("--in-flight", type=int, nargs="+", default=[4], help="calls at once")
    parser.add_argument("--batch", type=int, nargs="+", default=[1, 10, 30, 50])
    parser.add_argument("--json", type=Path, help="write the figures there too")
    options = parser.parse_args()
    configure_logs("WARNING")
    mine, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs,), daemon=True)
    process.start()
    url = mine.recv()
    print(f"Per 1,000 comments of {CHARACTERS} characters:")
    print("classifier batch in flight comments/s   calls tokens in     out     all      US$")
    results = []
    for in_flight in options.in_flight:
        for batch in options.batch:
            texts = comments(min(options.comments, batch * in_flight * 20))
            results.append(measure(url, mine, batch=batch, in_flight=in_flight, texts=texts))
            show(results[-1])
        results.append(measure(url, mine, batch=30, in_flight=in_flight, texts=gold_comments(), cascade=True))
        show(results[-1])
    mine.send("stop")
    process.join()
    if options.json:
        options.json.write_text(json.dumps([asdict(found) for found in results], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
