"""Runs a document through its schema and says in our words, with its line, what is wrong."""

from __future__ import annotations

import datetime as dt
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from replygate.config.places import KeyPath, Located, Report, did_you_mean, dotted
from replygate.config.read import Document

M = TypeVar("M", bound=BaseModel)

_SHOWN_CHARS = 40
_SHOWN_BITS = 128
_FEW_KEYS = 8
_TABLE_LISTS = frozenset(
    {"rule", "topic", "deadline", "metric", "penalty", "tiers", "webhook", "duty", "text", "answer"}
)
_WHOLE_TABLES = frozenset(
    {
        ("token",),
        ("adapter", "url"),
        ("adapter", "event_url"),
        ("adapter", "secret"),
        ("adapter", "token"),
    }
)
_NUMBER_LISTS = frozenset({"refused", "busy", "uncertain", "fine"})
_TABLE_TYPES = frozenset({"dict_type", "model_type"})
_TYPES = {
    "string_type": "a string",
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "bool_type": "true or false",
    "date_type": "a date (2026-11-20)",
    "date_from_datetime_inexact": "a date (2026-11-20)",
    "one_or_more": "a string or a list of strings",
    "domain": "a domain such as example.com",
}


def validate(model: type[M], data: dict[str, Any], located: Located, report: Report) -> M | None:
    """Convert `data`; None when it does not fit, with every misfit noted."""
    return _convert(model, data, located, report)[0]


def salvage(model: type[M], document: Document, report: Report) -> M | None:
    """Convert a document. What does not fit is noted and dropped, so that the rest is judged too.

    None when something is missing that nothing can stand in for.
    """
    found, misfits = _convert(model, document.data, document, report)
    if found is not None:
        return found
    # From the end, so that dropping one list element does not move the next.
    for path in sorted(set(map(_droppable, misfits)), key=_reading_order, reverse=True):
        if not path or not document.drop(path):
            return None
    # What is missing now was dropped, and has been said.
    return _convert(model, document.data, document, Report())[0]


def _convert(
    model: type[M], data: dict[str, Any], located: Located, report: Report
) -> tuple[M | None, list[KeyPath]]:
    try:
        return model.model_validate(data), []
    except ValidationError as err:
        misfits = []
        for detail in err.errors(include_url=False):
            path = _in_document(detail, data)
            what, hint = _say(detail, path, model)
            report.error(located.place(path), what, hint)
            misfits.append(path)
        return None, misfits


def _droppable(path: KeyPath) -> KeyPath:
    """What to give up for a misfit: a whole `[[rule]]`, a whole list of strings, one key."""
    for depth, part in enumerate(path):
        if isinstance(part, int):
            return path[: depth + 1] if path[depth - 1] in _TABLE_LISTS else path[:depth]
    whole = (path[:end] for end in (1, 2) if path[:end] in _WHOLE_TABLES)
    return next(whole, path)


def _reading_order(path: KeyPath) -> list[tuple[int, str]]:
    return [(part, "") if isinstance(part, int) else (0, part) for part in path]


def describe(value: Any) -> str:
    """Name a TOML value for a person: `the number 3`, `a list`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return f"the number {_written(value)}"
    if isinstance(value, str):
        return f'the string "{shorten(value)}"' if value else "an empty string"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, dict):
        return "a table"
    kind = "date" if type(value) is dt.date else "time"
    return f"the {kind} {value}"


def _written(number: float) -> str:
    """Write a number for a person. Python refuses to write thousands of digits as decimals."""
    if isinstance(number, int) and number.bit_length() > _SHOWN_BITS:
        return shorten(hex(number))
    return str(number)


def _unquoted(value: Any) -> str:
    """Describe what stands in a table's place. A string there may be an address with its key."""
    return "a string" if isinstance(value, str) else describe(value)


def shorten(text: str) -> str:
    """Cut a text that would not fit an error line."""
    flat = " ".join(text.split())
    return flat if len(flat) <= _SHOWN_CHARS else flat[:_SHOWN_CHARS] + "…"


def submodel(annotation: Any) -> type[BaseModel] | None:
    """The table model inside an annotation such as `list[Model] | None`."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    for inner in get_args(annotation):
        found = submodel(inner)
        if found:
            return found
    return None


def _in_document(detail: ErrorDetails, data: Any) -> KeyPath:
    """Where a misfit stands; pydantic's own marks (a union's tag, `[key]`) are left out."""
    path: KeyPath = ()
    value = data
    for part in detail["loc"]:
        if _holds(value, part):
            value = value[part]
        elif detail["type"] != "missing":
            continue
        path = (*path, part)
    return path


def _holds(value: Any, part: str | int) -> bool:
    if isinstance(value, dict):
        return part in value
    return isinstance(value, list) and isinstance(part, int)


def _say(detail: ErrorDetails, path: KeyPath, model: type[BaseModel]) -> tuple[str, str]:
    kind, value, ctx = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(path, model)
    if kind == "missing":
        return "is missing", ""
    if kind == "literal_secret":
        return (
            "a secret is never written in this file",
            'write { env = "NAME" } or { file = "path" }',
        )
    if kind == "list_type":
        return _not_a_list(path, value)
    if kind == "literal_error":
        return _not_one_of(str(ctx["expected"]), value)
    if kind in _TABLE_TYPES:
        return f"expected a table, got {_unquoted(value)}", ""
    if kind in _TYPES:
        return f"expected {_TYPES[kind]}, got {describe(value)}", ""
    return _out_of_range(kind, ctx, value), ""


def _unknown_key(path: KeyPath, model: type[BaseModel]) -> tuple[str, str]:
    if path == ("id",):
        return "a group has no id, only a store has one", ""
    known = _keys_at(model, path[:-1])
    wrong = str(path[-1])
    hint = did_you_mean(wrong, known) or _elsewhere(wrong, model)
    if not hint and len(known) <= _FEW_KEYS:
        hint = f"known are {', '.join(known)}"
    return "unknown key", hint


def _elsewhere(wrong: str, model: type[BaseModel]) -> str:
    """Say where a key that is known in another table belongs."""
    for name, field in model.model_fields.items():
        inner = submodel(field.annotation)
        if inner and wrong in _names(inner):
            return f"{wrong} belongs to {dotted((name,))}"
    return ""


def _keys_at(model: type[BaseModel], path: KeyPath) -> list[str]:
    for part in path:
        if isinstance(part, str):
            field = model.model_fields.get(part)
            inner = submodel(field.annotation) if field else None
            model = inner or model
    return _names(model)


def _names(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _not_a_list(path: KeyPath, value: Any) -> tuple[str, str]:
    key = str(path[-1])
    if key in _TABLE_LISTS:
        keys = [part for part in path if isinstance(part, str)]
        return f"expected a list of tables, got {_unquoted(value)}", f"write [[{'.'.join(keys)}]]"
    if key in _NUMBER_LISTS:
        return f"expected a list of numbers, got {describe(value)}", ""
    hint = f'write {key} = ["{shorten(value)}"]' if isinstance(value, str) and value else ""
    return f"expected a list of strings, got {describe(value)}", hint


def _not_one_of(expected: str, value: Any) -> tuple[str, str]:
    names = expected.replace("'", "").replace(" or ", ", ").split(", ")
    hint = did_you_mean(value, names) if isinstance(value, str) else ""
    return f"expected one of {', '.join(names)}; got {describe(value)}", hint


def _out_of_range(kind: str, ctx: dict[str, Any], value: Any) -> str:
    match kind:
        case "greater_than_equal":
            return f"expected a number of at least {ctx['ge']}, got {_written(value)}"
        case "greater_than":
            return f"expected a number above {ctx['gt']:g}, got {_written(value)}"
        case "less_than_equal":
            return f"expected a number of at most {ctx['le']:.15g}, got {_written(value)}"
        case "string_too_short":
            return "expected some text, got an empty string"
        case "string_too_long":
            return f"has {len(value)} characters; at most {ctx['max_length']} are allowed"
        case "string_pattern_mismatch":
            return f"expected letters, digits, '_', later also '.' and '-', got {describe(value)}"
        case "too_long":
            # Some versions of pydantic do not count a table to its end.
            return f"holds {len(value)} entries; at most {ctx['max_length']} are allowed"
        case "too_short":
            return "expected at least one entry"
    raise AssertionError(f"the schema can signal {kind}, and nothing words it")
