"""One conversation as rows by time, in the words of a shop; and what is missing from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from replygate.config import Store
from replygate.ledger import (
    ClockRow,
    FindingRow,
    LegRow,
    MessageFact,
    OutboxRow,
    RatingRow,
    TakeoverRow,
    TaskRow,
)
from replygate.report import wording
from replygate.report.evidence import Evidence
from replygate.runtime.history import NOTICE
from replygate.timing.deadline import DeadlineRule

_NOTICES: Final = {
    "transfer": "转人工",
    "session_open": "会话开始",
    "session_close": "会话结束",
    "recall": "撤回了消息",
    "platform_spam": "平台判为垃圾消息",
    "ad_reported": "举报为广告",
    "platform_no_reply_needed": "平台标为无需回复",
}
_LEGS: Final = {
    "warn": "提醒客服",
    "hold": "安抚回复",
    "escalate": "上报",
    "breach": "超时",
    "follow_up": "兑现承诺",
}
_LEG_STATES: Final = {"fired": "已执行", "skipped": "未执行"}
_SENDS: Final = {
    "armed": "等待发送",
    "sending": "正在发送",
    "sent": "已发出",
    "unknown": "不知是否发出",
    "failed": "没有发出",
    "skipped": "未发送",
    "cancelled": "已取消",
}
_TASKS: Final = {
    "unknown": "请核对消息是否已发出",
    "blocked": "有回复被拦截，请人工处理",
    "draft": "人工接管期间机器人的回复，请人工处理",
}
_OUTCOMES: Final = {
    "sent": "确认已发出",
    "not_sent": "确认没有发出",
    "released": "人工放行",
    "dropped": "放弃发送",
    "answered": "已另行回复",
}
_LABELS: Final = {"satisfied": "满意", "average": "一般", "disappointed": "不满意"}


@dataclass(frozen=True, slots=True)
class EvidenceRow:
    """Something that happened at `at_ms` (the platform's time), and that we saw at `seen_ms`.

    `text` is what was said; None where nothing was, or it was not kept.
    """

    at_ms: int
    seen_ms: int | None
    who: str
    what: str
    text: str | None = None
    id: str = ""


def evidence_rows(store: Store, evidence: Evidence, now_ms: int) -> list[EvidenceRow]:
    """Everything that has happened by now, in its order."""
    findings: dict[str, list[FindingRow]] = defaultdict(list)
    for finding in evidence.findings:
        findings[finding.message_id].append(finding)
    rules = {rule.id: rule for rule in store.deadlines}
    rows = [
        *(_message(one, findings) for one in evidence.messages),
        *(_notice(one) for one in evidence.notices),
        *_sends(evidence, findings),
        *(row for clock in evidence.clocks for row in _clock(clock, rules)),
        *(_leg(leg, rules) for leg in evidence.legs if leg.state in _LEG_STATES),
        *(_rating(one) for one in evidence.ratings),
        *(row for task in evidence.tasks for row in _task(task)),
        *_takeover(evidence.takeover),
    ]
    return sorted((row for row in rows if row.at_ms <= now_ms), key=lambda row: row.at_ms)


def gaps(store: Store, evidence: Evidence) -> list[str]:
    """Sentences about what the ledger does not hold of this conversation."""
    found = []
    untold = sum(one.text is None and one.kind == "text" for one in evidence.messages)
    if untold:
        found.append(
            f"{untold} 条消息没有保存内容：本店的隐私设置 privacy.log_text 是 "
            f"“{store.log_text}”，只有 “full” 才保存文字（联系方式打码）。"
        )
    if any(one.text is not None for one in evidence.messages):
        found.append("消息里的号码、账号和邮箱已打码，不是原文。")
    hidden = sum(one.masked is None for one in evidence.findings)
    if hidden:
        found.append(f"{hidden} 处命中没有保存命中的文字，原因同样是隐私设置。")
    if any(send.state == "unknown" for send in evidence.sends):
        found.append("有消息不知是否发出：平台没有答复，请以平台的聊天记录为准。")
    if evidence.truncated:
        found.append("这个会话的记录太多，最早的没有列出。")
    return found


def _message(one: MessageFact, findings: Mapping[str, list[FindingRow]]) -> EvidenceRow:
    what = "来信" if one.direction == "in" else "发出"
    if one.kind != "text":
        what += f"（{one.kind}）"
    hits = findings.get(one.id)
    if hits:
        what += f"；命中 {_hits(hits)}"
    return EvidenceRow(one.at_ms, one.received_ms, _who(one), what, one.text, one.id)


def _who(one: MessageFact | OutboxRow) -> str:
    origin = wording.ORIGINS[one.origin]
    return f"{origin} {one.agent}" if one.agent else origin


def _hits(findings: list[FindingRow]) -> str:
    return "、".join(map(_hit, findings))


def _hit(one: FindingRow) -> str:
    said = f"「{one.masked}」" if one.masked else ""
    return f"{one.rule_id}（{wording.ACTIONS[one.action]}）{said}"


def _notice(one: MessageFact) -> EvidenceRow:
    kind = (one.topic or "").removeprefix(NOTICE)
    return EvidenceRow(one.at_ms, one.received_ms, "平台", _NOTICES.get(kind, kind), None, one.id)


def _sends(evidence: Evidence, findings: Mapping[str, list[FindingRow]]) -> Iterator[EvidenceRow]:
    """Sends that are no message: what was blocked, failed or may be out."""
    for send in evidence.sends:
        if send.state == "sent":
            continue
        what = _SENDS[send.state]
        if send.verdict == "block":
            what = "被拦截，没有发出"
        hits = findings.get(send.send_id)
        if hits:
            what += f"；命中 {_hits(hits)}"
        yield EvidenceRow(send.intent_ms, send.intent_ms, _who(send), what, None, send.send_id)


def _clock(clock: ClockRow, rules: Mapping[str, DeadlineRule]) -> Iterator[EvidenceRow]:
    name = _name(clock.rule_id, rules)
    due = wording.moment(clock.due_ms)
    yield EvidenceRow(clock.opened_ms, None, "计时", f"{name} 开始，应在 {due} 前回复")
    if clock.stopped_ms is None:
        yield EvidenceRow(clock.due_ms, None, "计时", f"{name} 到期，没有肯定算数的回复")
        return
    late_ms = clock.stopped_ms - clock.due_ms
    how = f"超时 {wording.wait(late_ms)}" if late_ms > 0 else "按时"
    waited = wording.wait(clock.stopped_ms - clock.opened_ms)
    yield EvidenceRow(clock.stopped_ms, None, "计时", f"{name} 停止，用时 {waited}，{how}")


def _leg(leg: LegRow, rules: Mapping[str, DeadlineRule]) -> EvidenceRow:
    about = f"（{_name(leg.rule_id, rules)}）" if leg.rule_id else ""
    result = f"：{leg.result}" if leg.result else ""
    what = f"{_LEGS[leg.kind]}{about} {_LEG_STATES[leg.state]}{result}"
    return EvidenceRow(leg.due_ms, None, "定时", what)


def _rating(one: RatingRow) -> EvidenceRow:
    parts = []
    if one.score is not None:
        parts.append(f"{one.score:g}/{one.scale_max:g}" if one.scale_max else f"{one.score:g}")
    if one.label is not None:
        parts.append(_LABELS[one.label])
    if one.agent:
        parts.append(f"评价 {one.agent}")
    return EvidenceRow(
        one.at_ms, one.received_ms, "买家", f"评价 {'，'.join(parts)}".rstrip(), one.reason, one.id
    )


def _task(task: TaskRow) -> Iterator[EvidenceRow]:
    yield EvidenceRow(task.at_ms, None, "待办", _TASKS[task.kind], None, task.send_id)
    if task.done_ms is not None and task.outcome is not None:
        who = f"人工 {task.done_by}" if task.done_by else "平台"
        what = f"待办完成：{_OUTCOMES[task.outcome]}"
        yield EvidenceRow(task.done_ms, None, who, what, None, task.send_id)


def _takeover(row: TakeoverRow | None) -> Iterator[EvidenceRow]:
    if row is not None:
        yield EvidenceRow(row.since_ms, None, f"人工 {row.agent}", "接管会话")


def _name(rule_id: str, rules: Mapping[str, DeadlineRule]) -> str:
    rule = rules.get(rule_id)
    return rule_id if rule is None else f"{rule.name} {rule_id}"
