"""Figures for Prometheus, in a registry of our own: a host may have one too.

Most come from the journal's events, so that no other room knows of them. Labels are bounded: no
text, word, conversation, message or agent is ever one.
"""

from __future__ import annotations

import platform
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any, Final, Literal

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.exposition import generate_latest

from replygate.sidecar.limits import RULE_LABELS

CONTENT_TYPE: Final = "text/plain; version=0.0.4; charset=utf-8"

Event = Mapping[str, Any]

_SCREEN_S = (1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 0.01, 0.1)
_SEND_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
_WAIT_S = (1.0, 2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 90.0, 120.0, 180.0, 300.0, 600.0)
_REQUEST_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 60.0)

_LATE_S = (0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)

_OTHER: Final = "other"


@dataclass(frozen=True, slots=True)
class Figure:
    """One metric: its full name, what it says, and the names of its labels."""

    name: str
    kind: Literal["counter", "gauge", "histogram"]
    says: str
    labels: tuple[str, ...] = ()
    buckets: tuple[float, ...] = ()


_STORE = ("store",)
_METRIC = ("store", "metric")

FIGURES: Final = (
    Figure("replygate_build_info", "gauge", "Always 1.", ("version", "python")),
    Figure("replygate_ready", "gauge", "1 while /readyz says so."),
    Figure("replygate_stores", "gauge", "Stores in service."),
    Figure("replygate_ledger_healthy", "gauge", "0 while the facts can not be written."),
    Figure("replygate_config_last_reload_successful", "gauge", "0: the last reload was refused."),
    Figure(
        "replygate_config_last_reload_success_timestamp_seconds",
        "gauge",
        "When the stores in service were read.",
    ),
    Figure("replygate_loop_lag_seconds", "gauge", "How late timers are at worst, since a scrape."),
    Figure("replygate_scrape_duration_seconds", "gauge", "How long the last scrape took."),
    Figure("replygate_journal_lines_dropped", "gauge", "Journal lines lost since the start."),
    Figure("replygate_tasks_failed_total", "counter", "Background work that failed."),
    Figure("replygate_event_streams", "gauge", "Open event streams."),
    Figure("replygate_event_streams_dropped", "gauge", "Streams dropped for being too slow."),
    Figure("replygate_http_requests_total", "counter", "Requests answered.", ("route", "status")),
    Figure(
        "replygate_http_request_duration_seconds",
        "histogram",
        "How long answers took.",
        ("route",),
        _REQUEST_S,
    ),
    Figure("replygate_messages_received_total", "counter", "Messages that came in.", _STORE),
    Figure(
        "replygate_replies_screened_total",
        "counter",
        "Texts judged, by what enforcing makes of them.",
        ("store", "action"),
    ),
    Figure(
        "replygate_screen_duration_seconds", "histogram", "How long judging took.", (), _SCREEN_S
    ),
    Figure("replygate_rule_hits_total", "counter", "Findings by rule.", ("rule",)),
    Figure(
        "replygate_replies_total",
        "counter",
        "Sends by what came of them.",
        ("store", "origin", "outcome"),
    ),
    Figure(
        "replygate_send_duration_seconds", "histogram", "How long the platform took.", (), _SEND_S
    ),
    Figure(
        "replygate_violations_total", "counter", "Texts sent elsewhere that break a rule.", _STORE
    ),
    Figure(
        "replygate_reply_wait_seconds",
        "histogram",
        "How long buyers waited for a message of any kind.",
        ("answered_by",),
        _WAIT_S,
    ),
    Figure(
        "replygate_deadlines_missed_total",
        "counter",
        "Deadlines without a reply in time that may count.",
        ("store", "severity"),
    ),
    Figure("replygate_holds_skipped_total", "counter", "Holding replies not sent.", _STORE),
    Figure(
        "replygate_webhook_messages_total",
        "counter",
        "Messages to webhooks; failed counts outages, not tries.",
        ("outcome",),
    ),
    Figure("replygate_notices_total", "counter", "What people were to be told.", ("outcome",)),
    Figure("replygate_promises_total", "counter", "What followed holding replies.", ("outcome",)),
    Figure("replygate_gate_faults_total", "counter", "Texts that could not be judged.", _STORE),
    Figure(
        "replygate_timer_lateness_seconds",
        "histogram",
        "How long after their time timers fired.",
        (),
        _LATE_S,
    ),
    Figure(
        "replygate_gates_crossed",
        "gauge",
        "Metrics whose current period has crossed what the platform punishes.",
        _STORE,
    ),
    Figure(
        "replygate_metric_ratio",
        "gauge",
        "A metric's share in its current period.",
        ("store", "metric", "reading"),
    ),
    Figure(
        "replygate_metric_wait_seconds",
        "gauge",
        "A metric's mean wait in its current period.",
        _METRIC,
    ),
    Figure("replygate_metric_units", "gauge", "What a metric counted in it.", _METRIC),
    Figure(
        "replygate_metric_room",
        "gauge",
        "How many more may miss before the metric's limit is crossed.",
        _METRIC,
    ),
)
"""Every metric; `docs/metrics.md` lists the same."""


class Metrics:
    """All figures. `see` counts the journal's events; the rest is told what no event says."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self._made = {figure.name: self._make(figure) for figure in FIGURES}
        # A child that is looked up by its labels each time costs five times as much.
        self._children: dict[tuple[str, ...], Any] = {}
        self._rules: set[str] = set()
        self._worst_lag_s = 0.0
        self.add("replygate_build_info", version("replygate"), platform.python_version())
        self.put("replygate_ledger_healthy", 1)

    def _make(self, figure: Figure) -> Counter | Gauge | Histogram:
        if figure.kind == "counter":
            return Counter(figure.name, figure.says, figure.labels, registry=self._registry)
        if figure.kind == "gauge":
            return Gauge(figure.name, figure.says, figure.labels, registry=self._registry)
        return Histogram(
            figure.name,
            figure.says,
            figure.labels,
            registry=self._registry,
            buckets=figure.buckets,
        )

    def add(self, name: str, *labels: str, count: int = 1) -> None:
        """Count one, or several."""
        self._child(name, labels).inc(count)

    def put(self, name: str, value: float, *labels: str) -> None:
        """Set a gauge."""
        self._child(name, labels).set(value)

    def drop(self, name: str, *labels: str) -> None:
        """Let go of a gauge of which nothing is known any more."""
        if self._children.pop((name, *labels), None) is not None:
            self._made[name].remove(*labels)

    def observe(self, name: str, value: float, *labels: str) -> None:
        """Put one value into a histogram."""
        self._child(name, labels).observe(value)

    def answered(self, route: str, status: int, took_s: float) -> None:
        """A request was answered."""
        self.add("replygate_http_requests_total", route, str(status))
        self.observe("replygate_http_request_duration_seconds", took_s, route)

    def loaded(self, stores: int, at_s: float) -> None:
        """Stores were read (Unix time) and are in service."""
        self.put("replygate_stores", stores)
        self.put("replygate_config_last_reload_successful", 1)
        self.put("replygate_config_last_reload_success_timestamp_seconds", at_s)

    def rejected(self) -> None:
        """A reload was refused."""
        self.put("replygate_config_last_reload_successful", 0)

    def late(self, lag_s: float) -> None:
        """The loop called a timer so late."""
        self._worst_lag_s = max(self._worst_lag_s, lag_s)

    def render(self) -> bytes:
        """The page that Prometheus reads. Slow with many stores: for a thread."""
        began_s = time.perf_counter()
        self.put("replygate_loop_lag_seconds", self._worst_lag_s)
        self._worst_lag_s = 0.0
        page = generate_latest(self._registry)
        self.put("replygate_scrape_duration_seconds", time.perf_counter() - began_s)
        return page

    def see(self, event: Event) -> None:
        """Count one event of the journal."""
        count = _COUNTED.get(event["event"])
        if count is not None:
            count(self, event, event.get("store", ""))

    def rule(self, name: str) -> str:
        """The label for a rule: its id, or `other` where too many have one."""
        if name not in self._rules:
            if len(self._rules) >= RULE_LABELS:
                return _OTHER
            self._rules.add(name)
        return name

    def _child(self, name: str, labels: tuple[str, ...]) -> Any:
        key = (name, *labels)
        child = self._children.get(key)
        if child is None:
            metric = self._made[name]
            child = self._children[key] = metric.labels(*labels) if labels else metric
        return child


def _received(metrics: Metrics, event: Event, store: str) -> None:
    if event.get("new", True):
        metrics.add("replygate_messages_received_total", store)


def _screened(metrics: Metrics, event: Event, store: str) -> None:
    action = event.get("would") or event["action"]
    metrics.add("replygate_replies_screened_total", store, action)
    if "took_us" in event:
        metrics.observe("replygate_screen_duration_seconds", event["took_us"] / 1e6)
    for finding in event.get("findings", ()):
        metrics.add("replygate_rule_hits_total", metrics.rule(finding["rule"]))


def _sent(metrics: Metrics, event: Event, store: str) -> None:
    _replied(metrics, event, store)
    if "took_ms" in event:
        metrics.observe("replygate_send_duration_seconds", event["took_ms"] / 1e3)


def _replied(metrics: Metrics, event: Event, store: str) -> None:
    outcome = event["event"].removeprefix("reply.")
    metrics.add("replygate_replies_total", store, event["origin"], outcome)


def _violated(metrics: Metrics, _event: Event, store: str) -> None:
    metrics.add("replygate_violations_total", store)


def _answered(metrics: Metrics, event: Event, _store: str) -> None:
    if "waited_ms" in event:
        waited_s = event["waited_ms"] / 1e3
        metrics.observe("replygate_reply_wait_seconds", waited_s, event.get("origin", "unknown"))


def _missed(metrics: Metrics, event: Event, store: str) -> None:
    severity = "hard" if event.get("hard") else "soft"
    metrics.add("replygate_deadlines_missed_total", store, severity)


def _skipped(metrics: Metrics, _event: Event, store: str) -> None:
    metrics.add("replygate_holds_skipped_total", store)


def _promised(metrics: Metrics, event: Event, _store: str) -> None:
    metrics.add("replygate_promises_total", event["event"].removeprefix("promise."))


def _gate_fault(metrics: Metrics, _event: Event, store: str) -> None:
    metrics.add("replygate_gate_faults_total", store)


def _ledger_failed(metrics: Metrics, _event: Event, _store: str) -> None:
    metrics.put("replygate_ledger_healthy", 0)


def _ledger_recovered(metrics: Metrics, _event: Event, _store: str) -> None:
    metrics.put("replygate_ledger_healthy", 1)


def _told(metrics: Metrics, event: Event, _store: str) -> None:
    metrics.add("replygate_webhook_messages_total", "sent")
    metrics.add("replygate_notices_total", "sent", count=event["notices"])


def _not_told(metrics: Metrics, _event: Event, _store: str) -> None:
    metrics.add("replygate_webhook_messages_total", "failed")


def _told_nobody(metrics: Metrics, event: Event, _store: str) -> None:
    metrics.add("replygate_notices_total", "dropped", count=event["notices"])


def _task_failed(metrics: Metrics, _event: Event, _store: str) -> None:
    metrics.add("replygate_tasks_failed_total")


_COUNTED: Final[Mapping[str, Callable[[Metrics, Event, str], None]]] = {
    "message.received": _received,
    "reply.screened": _screened,
    "reply.sent": _sent,
    "reply.blocked": _replied,
    "reply.failed": _replied,
    "reply.unknown": _replied,
    "reply.violated": _violated,
    "turn.closed": _answered,
    "deadline.missed": _missed,
    "hold.skipped": _skipped,
    "promise.kept": _promised,
    "promise.broken": _promised,
    "gate.fault": _gate_fault,
    "ledger.fault": _ledger_failed,
    "ledger.recovered": _ledger_recovered,
    "notify.sent": _told,
    "notify.failed": _not_told,
    "notify.dropped": _told_nobody,
    "task.failed": _task_failed,
}
