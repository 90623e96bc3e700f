from __future__ import annotations

import re
from typing import Any

import pytest

from replygate.journal import EVENTS
from replygate.sidecar import metrics as room
from replygate.sidecar.limits import RULE_LABELS
from replygate.sidecar.metrics import FIGURES, Metrics


def value(metrics: Metrics, name: str, **labels: str) -> float | None:
    return metrics._registry.get_sample_value(name, labels)


def event(name: str, **fields: Any) -> dict[str, Any]:
    return {"event": name, "store": "one", **fields}


@pytest.mark.parametrize(
    ("seen", "name", "labels"),
    [
        (event("message.received", new=True), "messages_received_total", {"store": "one"}),
        (
            event("reply.screened", action="pass", would="block"),
            "replies_screened_total",
            {"store": "one", "action": "block"},
        ),
        (
            event("reply.screened", action="rewrite", findings=[{"rule": "brand"}]),
            "rule_hits_total",
            {"rule": "brand"},
        ),
        (
            event("reply.sent", origin="hold", took_ms=5),
            "replies_total",
            {"store": "one", "origin": "hold", "outcome": "sent"},
        ),
        (
            event("reply.blocked", origin="bot"),
            "replies_total",
            {"store": "one", "origin": "bot", "outcome": "blocked"},
        ),
        (
            event("reply.unknown", origin="bot"),
            "replies_total",
            {"store": "one", "origin": "bot", "outcome": "unknown"},
        ),
        (event("reply.violated"), "violations_total", {"store": "one"}),
        (
            event("deadline.missed", hard=True),
            "deadlines_missed_total",
            {"store": "one", "severity": "hard"},
        ),
        (
            event("deadline.missed", hard=False),
            "deadlines_missed_total",
            {"store": "one", "severity": "soft"},
        ),
        (event("hold.skipped"), "holds_skipped_total", {"store": "one"}),
        (event("promise.kept"), "promises_total", {"outcome": "kept"}),
        (event("gate.fault"), "gate_faults_total", {"store": "one"}),
        (event("task.failed"), "tasks_failed_total", {}),
    ],
)
def test_an_event_is_counted(seen: dict[str, Any], name: str, labels: dict[str, str]) -> None:
    metrics = Metrics()
    metrics.see(seen)
    metrics.see(seen)
    assert value(metrics, f"replygate_{name}", **labels) == 2


@pytest.mark.parametrize(
    ("seen", "name", "labels", "seconds"),
    [
        (event("reply.screened", action="pass", took_us=250), "screen_duration", {}, 0.00025),
        (event("reply.sent", origin="bot", took_ms=300), "send_duration", {}, 0.3),
        (
            event("turn.closed", origin="human", waited_ms=45_000),
            "reply_wait",
            {"answered_by": "human"},
            45,
        ),
    ],
)
def test_a_time_is_in_seconds(
    seen: dict[str, Any], name: str, labels: dict[str, str], seconds: float
) -> None:
    metrics = Metrics()
    metrics.see(seen)
    assert value(metrics, f"replygate_{name}_seconds_sum", **labels) == seconds


def test_a_repeat_is_no_message() -> None:
    metrics = Metrics()
    metrics.see(event("message.received", new=False))
    assert value(metrics, "replygate_messages_received_total", store="one") is None


def test_every_event_that_is_counted_is_one_of_the_journals() -> None:
    assert room._COUNTED.keys() <= EVENTS.keys()
    for name in EVENTS.keys() - room._COUNTED.keys():
        Metrics().see({"event": name})


def test_what_people_were_told() -> None:
    metrics = Metrics()
    metrics.see({"event": "notify.sent", "notices": 3})
    metrics.see({"event": "notify.dropped", "notices": 2})
    metrics.see({"event": "notify.failed"})
    assert value(metrics, "replygate_notices_total", outcome="sent") == 3
    assert value(metrics, "replygate_notices_total", outcome="dropped") == 2
    assert value(metrics, "replygate_webhook_messages_total", outcome="sent") == 1
    assert value(metrics, "replygate_webhook_messages_total", outcome="failed") == 1


def test_the_ledgers_health() -> None:
    metrics = Metrics()
    assert value(metrics, "replygate_ledger_healthy") == 1
    metrics.see({"event": "ledger.fault", "reason": "full"})
    assert value(metrics, "replygate_ledger_healthy") == 0
    metrics.see({"event": "ledger.recovered"})
    assert value(metrics, "replygate_ledger_healthy") == 1


def test_rules_are_bounded() -> None:
    metrics = Metrics()
    for number in range(RULE_LABELS + 50):
        findings = [{"rule": f"rule-{number}"}]
        metrics.see(event("reply.screened", action="block", findings=findings))
    assert value(metrics, "replygate_rule_hits_total", rule="other") == 50
    assert value(metrics, "replygate_rule_hits_total", rule="rule-0") == 1


def test_labels_are_never_what_somebody_wrote() -> None:
    assert {label for figure in FIGURES for label in figure.labels} == {
        "version",
        "python",
        "route",
        "status",
        "store",
        "action",
        "rule",
        "origin",
        "outcome",
        "answered_by",
        "severity",
        "metric",
        "reading",
    }


def test_the_page_holds_every_figure_under_its_name() -> None:
    metrics = Metrics()
    metrics.answered("/v1/events", 200, 0.1)
    metrics.loaded(2, 1_700_000_000)
    metrics.rejected()
    metrics.late(0.25)
    metrics.late(0.1)
    page = metrics.render().decode()
    for figure in FIGURES:
        kind = re.escape(figure.kind)
        assert re.search(rf"^# TYPE {figure.name} {kind}$", page, re.MULTILINE), figure.name
    assert "replygate_loop_lag_seconds 0.25" in page
    assert "replygate_config_last_reload_successful 0.0" in page
    assert "replygate_loop_lag_seconds 0.0" in metrics.render().decode(), "the worst since a scrape"


def test_names_follow_the_rules_of_prometheus() -> None:
    for figure in FIGURES:
        assert re.fullmatch(r"replygate(_[a-z]+)+", figure.name)
        assert (figure.kind == "counter") == figure.name.endswith("_total")
        assert (figure.kind == "histogram") == bool(figure.buckets)
        assert list(figure.buckets) == sorted(figure.buckets)


def test_a_name_that_is_not_declared_is_a_programmers_error() -> None:
    with pytest.raises(KeyError):
        Metrics().add("replygate_oops_total")
