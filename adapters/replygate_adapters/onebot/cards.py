"""Texts inside of cards and other structures: JSON, XML, and whatever has strings in it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any, Final

from replygate_adapters.onebot.pieces import DEPTH_MAX, Unreadable, Walk

_NOT_SHOWN: Final = """
    action adversign app appid audio auto_escape avatar bizsrc cache channel_id color config cover
    ctime emoji_id emoji_package_id encoding file file_id file_size file_unique flag group_id
    guild_id h height icon id image images key lat latitude layout lon longitude m_filename m_resid
    magic md5 message_id message_type multimsgflag need_show_detail path preview proxy qq resid seq
    serviceid sign size source_icon standalone style sub_type subtype templateid thumb time timeout
    timestamp token tsum type uin user_id ver version view w width xmlns
"""

NOT_SHOWN: Final = frozenset(_NOT_SHOWN.split())
"""Keys whose strings nobody reads: addresses of files, identifiers, layout."""

_CONTENTS: Final = ("base64://", "data:image/", "data:audio/", "data:video/")

_XML: Final = re.compile(
    r"<!\[CDATA\[(?P<cdata>.*?)\]\]>"
    r"|(?P<key>[\w:.\-]+)\s*=\s*(?P<quote>[\"'])(?P<value>.*?)(?P=quote)"
    r"|(?:^|>)(?P<text>[^<]+)",
    re.DOTALL,
)


def walk_strings(
    value: Any, walk: Walk, *, skip: frozenset[str] = NOT_SHOWN, depth: int = 0
) -> Any:
    """Visit every string in `value`, but for those under the keys to skip (in small letters)."""
    if depth > DEPTH_MAX:
        raise Unreadable(f"nested more than {DEPTH_MAX} deep")
    if isinstance(value, str):
        return value if value.startswith(_CONTENTS) else walk.visit(value)
    if isinstance(value, Mapping):
        return {
            key: each
            if str(key).lower() in skip
            else walk_strings(each, walk, skip=skip, depth=depth + 1)
            for key, each in value.items()
        }
    if isinstance(value, list | tuple):
        return [walk_strings(each, walk, skip=skip, depth=depth + 1) for each in value]
    return value


def walk_json(text: str, walk: Walk) -> str:
    """Visit the strings of a JSON text. What is no JSON structure is a text itself."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        return walk.visit(text)
    if not isinstance(value, dict | list):
        return walk.visit(text)
    rewritten = walk_strings(value, walk)
    if rewritten == value:
        return text
    return json.dumps(rewritten, ensure_ascii=False, separators=(",", ":"))


def walk_xml(text: str, walk: Walk) -> str:
    """Visit the texts and attributes of an XML text, well-formed or not."""

    def visit(found: re.Match[str]) -> str:
        group = str(found.lastgroup)
        if group == "value" and found["key"].lower() in NOT_SHOWN:
            return found.group()
        meant = found[group] if group == "cdata" else html.unescape(found[group])
        rewritten = walk.visit(meant) if meant.strip() else meant
        if rewritten == meant:
            return found.group()
        if group != "cdata":
            rewritten = html.escape(rewritten)
        start, end = (at - found.start() for at in found.span(group))
        return found.group()[:start] + rewritten + found.group()[end:]

    return _XML.sub(visit, text)
