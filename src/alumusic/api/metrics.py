"""Figures for Prometheus. They come from the rows, so that any process answers for all, and none has to be asked."""

import hmac
from collections.abc import Iterator
from datetime import datetime
from functools import partial
from typing import Final

from flask import Blueprint, Response
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily, Metric
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.registry import Collector

from alumusic.accounts.sign_up import Door
from alumusic.api.auth import door
from alumusic.api.guard import PUBLIC, allows, bearer_token, require
from alumusic.api.openapi import documented
from alumusic.api.state import services
from alumusic.domain.users import ADMINS
from alumusic.query.figures import LATENCY_SECONDS, Figures, figures
from alumusic.store.database import reading

blueprint: Final = Blueprint("metrics", __name__)


@blueprint.get("/metrics")
@allows(PUBLIC)
@documented(
    "metricas",
    "Ler os números da operação, para o Prometheus",
    tag="Saúde",
    answers={200: "Os números, no formato de texto do Prometheus."},
    content={200: {"text/plain": {"schema": {"type": "string"}}}},
    problems=(401, 403),
    description=(
        "Aberta para quem está na própria máquina de um `alumusic up`; em qualquer outro lugar pede o segredo de "
        "`ALUMUSIC_METRICS_TOKEN`, ou o token de uma conta `admin`, em `Authorization: Bearer …`."
    ),
)
def get_metrics() -> Response:
    """Answer whoever may look behind the scenes."""
    if not (_has_the_token() or _sits_at_this_machine()):
        require(ADMINS)
    kept = services()
    now = kept.clock()
    with reading(kept.engine) as db:
        found = figures(db, now=now, day_began=_midnight(now))
    registry = CollectorRegistry()
    registry.register(_Snapshot(found, now))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_PLAIN_0_0_4)


def _has_the_token() -> bool:
    wanted, given = services().settings.metrics_token, bearer_token()
    if wanted is None or given is None:
        return False
    return hmac.compare_digest(given.encode(), wanted.get_secret_value().encode())


def _sits_at_this_machine() -> bool:
    """Whether it is somebody whom an API that is for this machine alone would let sign up, too."""
    settings = services().settings
    if settings.env == "production" or settings.metrics_token is not None:
        return False
    return door(settings.model_copy(update={"registration": "auto"})) is Door.OPEN


def _midnight(now: datetime) -> datetime:
    """When the day of `now` began, in UTC: counters begin again then, which Prometheus takes for a restart."""
    return now.replace(hour=0, minute=0, second=0, microsecond=0)


class _Snapshot(Collector):
    """The figures of one moment."""

    def __init__(self, found: Figures, now: datetime) -> None:
        self._found = found
        self._now = now

    def collect(self) -> Iterator[Metric]:
        """Give every figure its name."""
        yield from self._queue()
        yield from self._providers()
        yield from self._calls()
        yield from self._latencies()

    def _queue(self) -> Iterator[Metric]:
        found = self._found
        depth = GaugeMetricFamily("alumusic_comments", "Comments that are kept, by status.", labels=["status"])
        for status, n in found.by_status.items():
            depth.add_metric([status.name.lower()], n)
        failures = GaugeMetricFamily("alumusic_failed_comments", "Comments that failed, by reason.", labels=["reason"])
        for failure, n in found.queue.failures.items():
            failures.add_metric([failure.name.lower()], n)
        yield depth
        yield failures
        yield _gauge(
            "queue_oldest_due_seconds", "How long the longest waiting comment is due.", found.queue.oldest_due_seconds
        )
        yield _gauge("open_batches", "Batches that are not finished.", found.open_batches)
        yield _gauge("workers", "Workers that were seen within a minute.", found.workers)
        yield _gauge("database_bytes", "Size of the database.", found.database_bytes)

    def _providers(self) -> Iterator[Metric]:
        gauge = partial(GaugeMetricFamily, labels=["provider"])
        opened = gauge("alumusic_provider_open", "1 while the provider is left alone after trouble.")
        paused = gauge("alumusic_provider_paused", "1 while somebody has paused the provider.")
        tokens = gauge("alumusic_provider_day_tokens", "Tokens of the provider's day, reserved ones included.")
        for state in self._found.providers:
            is_open = state.open_until is not None and state.open_until > self._now
            opened.add_metric([state.name], float(is_open))
            paused.add_metric([state.name], float(state.paused))
            tokens.add_metric([state.name], state.tokens)
        yield from (opened, paused, tokens)

    def _calls(self) -> Iterator[Metric]:
        labels = ["provider", "model", "purpose", "outcome"]
        counter = partial(CounterMetricFamily, labels=labels)
        calls = counter("alumusic_provider_calls", "Calls since midnight (UTC), by what came of them.")
        items = counter("alumusic_provider_items", "Comments in those calls.")
        dollars = counter("alumusic_provider_cost_dollars", "What those calls cost, in US dollars.")
        tokens = CounterMetricFamily("alumusic_provider_tokens", "Tokens of those calls.", labels=[*labels, "kind"])
        for account in _by_outcome(self._found):
            names, figures = account
            calls.add_metric(names, figures[0])
            items.add_metric(names, figures[1])
            dollars.add_metric(names, figures[5] / 1_000_000)
            for kind, n in zip(("input", "cached", "output"), figures[2:5], strict=True):
                tokens.add_metric([*names, kind], n)
        yield from (calls, items, tokens, dollars)

    def _latencies(self) -> Iterator[Metric]:
        family = HistogramMetricFamily(
            "alumusic_provider_call_seconds", "How long calls took since midnight (UTC).", labels=["provider"]
        )
        for latency in self._found.latencies:
            bounds = [*map(str, LATENCY_SECONDS), "+Inf"]
            counts = [*latency.within, latency.calls]
            family.add_metric([latency.provider], list(zip(bounds, counts, strict=True)), latency.seconds)
        yield family


def _gauge(name: str, what: str, value: float) -> Metric:
    return GaugeMetricFamily(f"alumusic_{name}", what, value=value)


def _by_outcome(found: Figures) -> Iterator[tuple[list[str], tuple[int, ...]]]:
    """What was called, by provider, model, purpose and outcome: prompts come and go, and are no label."""
    sums: dict[tuple[str, ...], tuple[int, ...]] = {}
    for account in found.calls:
        names = (account.provider, account.model, account.purpose, account.outcome)
        figures = (
            account.calls, account.items, account.input_tokens, account.cached_tokens, account.output_tokens,
            account.cost_microdollars,
        )  # fmt: skip
        before = sums.get(names, (0,) * len(figures))
        sums[names] = tuple(a + b for a, b in zip(before, figures, strict=True))
    for labels, totals in sums.items():
        yield list(labels), totals
