"""A verdict as JSON: the same object on the command line and over HTTP."""

from __future__ import annotations

from typing import Any

from replygate.model import Cleared


def verdict_json(cleared: Cleared) -> dict[str, Any]:
    """Give a verdict, its keys in their documented order."""
    return {
        "action": cleared.action,
        "text": cleared.text,
        "findings": findings_json(cleared),
    }


def findings_json(cleared: Cleared) -> list[dict[str, Any]]:
    """Give the findings, their keys in their documented order."""
    return [
        {
            "rule": finding.rule,
            "matched": finding.matched,
            "start": finding.start,
            "end": finding.end,
            "action": finding.action,
            "replacement": finding.replacement,
            "why": finding.why,
            "source": finding.source,
        }
        for finding in cleared.findings
    ]
