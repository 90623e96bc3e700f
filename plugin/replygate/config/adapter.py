"""Reads `[adapter]`: how a store's texts reach its platform over HTTP."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlsplit

from replygate.config import limits
from replygate.config.merge import Merged
from replygate.config.places import KeyPath, Place, Report
from replygate.config.schema import AdapterStatusTable, AdapterTable
from replygate.config.schema_secrets import SecretRef
from replygate.config.secrets import Secret, read_secret
from replygate.config.store import HttpAdapter, StatusMap
from replygate.config.template import VARIABLES, BodyTemplate, is_nested_json, variables_in
from replygate.config.validate import describe

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEADER_VALUE = re.compile(r"[\t\x20-\x7e]*")
_CREDENTIAL = re.compile(
    r"(authorization|cookie|token|secret|password|passwd|apikey|(^|[-_])key|(^|[-_])sign(ature)?)$",
    re.IGNORECASE,
)
_RESERVED = re.compile(
    r"host|content-length|transfer-encoding|connection|expect|x-replygate-.*", re.IGNORECASE
)
_JSON_INT_BITS = 4_096  # Python does not write a number of more than 4,300 digits
_VARIABLES_HINT = "the variables are " + ", ".join(f"{{{name}}}" for name in VARIABLES)

_AT: KeyPath = ("adapter",)

_HTTP = ("http", "https")

ONEBOT = "onebot"

_ONLY_HTTP = ("method", "headers", "body", "secret", "dedupes", "id_path", "status")
_ONLY_ONEBOT = ("way", "event_url", "self_id", "token", "block_as", "groups")


def read_http_adapter(table: AdapterTable, merged: Merged, report: Report) -> HttpAdapter | None:
    """Judge the table as a whole; None when `report` got an error."""
    require_keys(table, ("kind", "url"), merged, report)
    refuse_foreign_keys(table, merged, report)
    url = read_address(table.url, "url", _HTTP, merged, report)
    headers = _headers(table, merged, report)
    body = _body(table, merged, report)
    path = (*_AT, "secret")
    secret = read_secret(table.secret, merged.place(path), report) if table.secret else None
    status = _status(table.status, merged, report)
    id_path = _id_path(table.id_path, merged, report)
    if report.failed() or table.kind is None or url is None:
        return None
    return HttpAdapter(
        kind=table.kind,
        url=url,
        method=table.method,
        headers=headers,
        body=body,
        secret=secret,
        timeout_s=table.timeout_s,
        dedupes=table.dedupes,
        id_path=id_path,
        status=status,
        max_concurrency=table.max_concurrency,
    )


def names_a_credential(name: str) -> bool:
    """Whether a header or key of this name holds what nobody else may read."""
    return _CREDENTIAL.search(name) is not None


def _value(value: str | SecretRef, path: KeyPath, merged: Merged, report: Report) -> Secret | None:
    if isinstance(value, SecretRef):
        return read_secret(value, merged.place(path), report)
    return Secret(value, "the store's file")


def require_keys(table: AdapterTable, keys: Iterable[str], merged: Merged, report: Report) -> None:
    """Note each of these keys that nobody wrote."""
    for key in keys:
        if getattr(table, key) is None:
            report.error(merged.place((*_AT, key)), "is missing")


def foreign_keys(kind: str | None) -> tuple[str, ...]:
    """The keys that an adapter of this kind does not have, and another has."""
    return _ONLY_HTTP if kind == ONEBOT else _ONLY_ONEBOT


def refuse_foreign_keys(table: AdapterTable, merged: Merged, report: Report) -> None:
    """Note each key that would do nothing in an adapter of this kind."""
    if table.kind is None:
        return
    of = "http" if table.kind == ONEBOT else ONEBOT
    for key in foreign_keys(table.kind):
        if key in table.model_fields_set:
            what = f'is a key of kind "{of}"; this adapter is of kind "{table.kind}"'
            report.error(merged.place((*_AT, key)), what)


def read_address(
    written: str | SecretRef | None,
    key: str,
    schemes: Sequence[str],
    merged: Merged,
    report: Report,
) -> Secret | None:
    """Fetch the address under `key`; what is wrong with it is noted."""
    if written is None:
        return None
    path = (*_AT, key)
    found = _value(written, path, merged, report)
    what = wrong_with_address(found.reveal(), schemes) if found else ""
    if what:
        report.error(merged.place(path), what)
    return found


def wrong_with_address(address: str, schemes: Sequence[str]) -> str:
    """What is wrong with an address, without showing it; nothing where it is fine."""
    try:
        parts = urlsplit(address)
        host = parts.hostname or ""
        known = parts.scheme in schemes and host.encode("idna") and parts.port != 0
    except ValueError:
        known = False
    else:
        if parts.username is not None:
            return "an address holds no password; put it into headers, as a secret"
    if not known or not address.isprintable() or " " in address:
        first, second = (f"{scheme}://" for scheme in reversed(schemes))
        return f"expected an address that starts with {first} or {second}"
    if "{" in address:
        return "variables stand in the body, never in the address"
    return ""


def _headers(table: AdapterTable, merged: Merged, report: Report) -> tuple[tuple[str, Secret], ...]:
    found: dict[str, tuple[str, Secret]] = {}
    for name, written in table.headers.items():
        path = (*_AT, "headers", name)
        place = merged.place(path)
        if not _HEADER_NAME.fullmatch(name):
            report.error(place, "is not the name of a header")
        elif _RESERVED.fullmatch(name):
            report.error(place, "this header is set by replygate itself")
        elif name.lower() in found:
            report.error(place, "this header stands here twice")
        elif isinstance(written, str) and names_a_credential(name):
            what = "a secret is never written in this file"
            report.error(place, what, 'write { env = "NAME" } or { file = "path" }')
        else:
            value = _value(written, path, merged, report)
            if value and not _HEADER_VALUE.fullmatch(value.reveal()):
                report.error(place, "a header holds printable ASCII on one line")
            elif value:
                found[name.lower()] = (name, value)
    return tuple(found.values())


def _body(table: AdapterTable, merged: Merged, report: Report) -> BodyTemplate:
    path = (*_AT, "body")
    named: set[str] = set()
    _check_body(table.body, path, named, merged, report)
    if "text" not in named:
        report.error(merged.place(path), "names {text} nowhere, so no text would be sent")
    if table.dedupes and "client_id" not in named:
        what = "the platform can not dedupe: the body names {client_id} nowhere"
        report.error(merged.place((*_AT, "dedupes")), what)
    return BodyTemplate(table.body)


def _check_body(part: Any, path: KeyPath, named: set[str], merged: Merged, report: Report) -> None:
    place = merged.place(path)
    if isinstance(part, dict | list) and len(path) > limits.BODY_DEPTH + len(_AT) + 1:
        report.error(place, f"is nested deeper than {limits.BODY_DEPTH} tables")
    elif isinstance(part, dict):
        for key, value in part.items():
            at = (*path, key)
            if "{" in key:
                report.error(merged.place(at), "a variable stands in a value, never in a key")
            if names_a_credential(key) and isinstance(value, str) and "{" not in value:
                what = "a secret never stands in the file"
                report.error(merged.place(at), what, "send it as a header, or sign with secret")
            _check_body(value, at, named, merged, report)
    elif isinstance(part, list):
        for index, value in enumerate(part):
            _check_body(value, (*path, index), named, merged, report)
    elif isinstance(part, str):
        named.update(_variables(part, place, report))
    elif not _is_json_number(part):
        report.error(place, f"expected a value that JSON has, got {describe(part)}")


def _is_json_number(value: Any) -> bool:
    """Whether it can be written as JSON; true and false are numbers to Python."""
    if isinstance(value, int):
        return value.bit_length() <= _JSON_INT_BITS
    return isinstance(value, float) and math.isfinite(value)


def _variables(text: str, place: Place, report: Report) -> list[str]:
    try:
        found = variables_in(text)
    except ValueError as fault:
        report.error(place, str(fault), _VARIABLES_HINT)
        return []
    if found and is_nested_json(text):
        what = "is JSON inside a string, where a value would not be escaped"
        report.error(place, what, "write it as a table")
    return found


def _status(table: AdapterStatusTable, merged: Merged, report: Report) -> StatusMap:
    seen: dict[int, str] = {}
    for key, codes in (
        ("refused", table.refused),
        ("busy", table.busy),
        ("uncertain", table.uncertain),
    ):
        for index, code in enumerate(codes):
            first = seen.setdefault(code, key)
            if first != key:
                place = merged.place((*_AT, "status", key, index))
                report.error(place, f"{code} stands in {first} as well")
    return StatusMap(frozenset(table.refused), frozenset(table.busy), frozenset(table.uncertain))


def _id_path(text: str | None, merged: Merged, report: Report) -> tuple[str, ...]:
    if text is None:
        return ()
    keys = tuple(text.split("."))
    if not all(keys):
        report.error(merged.place((*_AT, "id_path")), "expected keys with dots between: data.id")
    return keys
