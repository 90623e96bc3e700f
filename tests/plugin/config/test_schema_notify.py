from typing import get_args

import pytest
from pydantic import ValidationError

from replygate.config.schema_notify import DEFAULT_EVENTS, NoticeKind, WebhookEntry


def test_the_defaults() -> None:
    entry = WebhookEntry.model_validate({"kind": "generic", "url": "https://a.example"})
    assert entry.events == DEFAULT_EVENTS
    assert "warn" not in entry.events
    assert (entry.name, entry.mention, entry.whole_ids) == (None, [], False)


def test_a_webhook_may_ask_for_all_there_is() -> None:
    events = list(get_args(NoticeKind))
    given = {"kind": "generic", "url": "https://a.example", "events": events}
    assert WebhookEntry.model_validate(given).events == events


@pytest.mark.parametrize(
    "more",
    [{"mention": ["<a>"]}, {"mention": [""]}, {"events": ["x"]}, {"whole_ids": 1}, {"name": ""}],
)
def test_what_does_not_fit(more: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        WebhookEntry.model_validate({"kind": "generic", "url": "https://a.example", **more})
