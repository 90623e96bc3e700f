"""`replygate screen`: judges texts for another program, one answer per line."""

from __future__ import annotations

import difflib
import json
import re
import sys
from argparse import Namespace
from codecs import BOM_UTF8
from typing import Any, Final, cast, get_args

from replygate.cli.exits import OK, WRONG, InputError
from replygate.cli.lines import LINE_BYTES, decode, read_lines, stdin_bytes
from replygate.cli.output import dump_json, say
from replygate.config import Store, load_store
from replygate.model import Draft, Kind, Origin
from replygate.sidecar.verdicts import verdict_json

_CONVERSATION: Final = "stdin"

# What a program meant as an object. A text such as {昵称}您好 is none.
_OBJECT = re.compile(r"[ \t]*\{[ \t]*[\"'}]")


def run(args: Namespace) -> int:
    """Answer every line of stdin; WRONG when one of them could not be used."""
    store = load_store(args.store, enable=args.enable, settings=args.set)
    code, number = OK, 0
    for lines in read_lines(stdin_bytes()):
        for raw in lines:
            number += 1
            try:
                answer = verdict_json(store.gate.screen(_draft(raw, number, store)))
            except InputError as error:
                # A line gets a line, so that answers stay beside their texts.
                code, answer = WRONG, {"error": str(error)}
                say(str(error))
            sys.stdout.write(dump_json(answer) + "\n")
        sys.stdout.flush()
    return code


def _draft(raw: bytes | None, number: int, store: Store) -> Draft:
    place = f"stdin:{number}"
    if raw is None:
        raise InputError(f"{place}: is longer than {LINE_BYTES} bytes")
    # Only the input as a whole has a mark; elsewhere U+FEFF is a character like any other.
    line = decode(raw.removeprefix(BOM_UTF8) if number == 1 else raw, place)
    if not _OBJECT.match(line):
        return Draft(_CONVERSATION, line, store=store.id)
    fields = _object(line, place)
    if "text" not in fields:
        raise InputError(f'{place}: text: is missing; expected {{"text": "..."}}')
    return Draft(
        _string(fields, "conversation", _CONVERSATION, place),
        _string(fields, "text", None, place),
        store=store.id,
        origin=cast("Origin", _one_of(fields, "origin", "bot", get_args(Origin), place)),
        kind=cast("Kind", _one_of(fields, "kind", "text", get_args(Kind), place)),
    )


def _object(line: str, place: str) -> dict[str, Any]:
    try:
        value = json.loads(line)
    except json.JSONDecodeError as fault:
        what = f"is not valid JSON at column {fault.colno}: {fault.msg.removesuffix(' at')}"
        raise InputError(f"{place}: {what}; write a text that begins so as JSON") from fault
    except (ValueError, RecursionError) as fault:  # a number or a nesting beyond all measure
        raise InputError(f"{place}: is not usable JSON ({fault})") from fault
    assert isinstance(value, dict), "it began with a brace"
    return value


def _string(fields: dict[str, Any], key: str, default: str | None, place: str) -> str:
    """Give a string; `default` where the key is missing or null, unless it is None itself."""
    value = fields.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise InputError(f"{place}: {key}: expected a string, got {_kind_of(value)}")
    return value


def _one_of(
    fields: dict[str, Any], key: str, default: str, known: tuple[str, ...], place: str
) -> str:
    value = _string(fields, key, default, place)
    if value not in known:
        near = difflib.get_close_matches(value, known, n=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise InputError(f"{place}: {key}: expected one of {', '.join(known)}, got {value!r}{hint}")
    return value


def _kind_of(value: object) -> str:
    if value is None or isinstance(value, bool):
        return json.dumps(value)
    if isinstance(value, dict | list):
        return "an object" if isinstance(value, dict) else "a list"
    return f"the number {value}"
