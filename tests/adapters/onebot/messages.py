"""Random OneBot messages, well-formed and not."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

from replygate_adapters.onebot import cq

TEXTS = st.text("加微信 a1[],&;<>\n", max_size=5)


def seg(type_: str, **data: Any) -> dict[str, Any]:
    return {"type": type_, "data": data}


TEXT = st.builds(lambda text: seg("text", text=text), TEXTS)
SEGMENTS = st.one_of(
    TEXT,
    TEXT,
    st.just(seg("face", id="1")),
    st.builds(lambda text: seg("image", file="x.png", summary=text), TEXTS),
    st.builds(lambda text: seg("at", qq="1", name=text), TEXTS),
    st.builds(lambda a, b: seg("share", url="http://x", title=a, content=b), TEXTS, TEXTS),
    st.builds(lambda text: seg("json", data=json.dumps({"app": "x", "prompt": text})), TEXTS),
    st.builds(lambda text: seg("file", file="/a/b.pdf", name=text or "b"), TEXTS),
)
ARRAYS = st.lists(SEGMENTS | TEXTS.map(cq.escape), max_size=5)
STRINGS = st.lists(SEGMENTS, max_size=5).map(
    lambda segments: "".join(
        cq.escape(each["data"]["text"])
        if each["type"] == "text"
        else cq.code(each["type"], each["data"])
        for each in segments
    )
)
MESSAGES = STRINGS | ARRAYS | SEGMENTS
NODES = st.lists(
    st.builds(
        lambda name, content: seg("node", user_id="1", nickname=name, content=content),
        TEXTS,
        MESSAGES | st.lists(st.builds(lambda m: seg("node", content=m), MESSAGES), max_size=2),
    ),
    min_size=1,
    max_size=3,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | TEXTS | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["type", "data", "text", "message", "content", "user_id", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=12,
)
