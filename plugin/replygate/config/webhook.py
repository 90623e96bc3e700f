"""Reads `[[webhook]]`: the robots and addresses that are told when people are needed."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import parse_qs, urlsplit

from replygate.config.adapter import wrong_with_address
from replygate.config.merge import Merged
from replygate.config.places import KeyPath, Report
from replygate.config.schema_notify import WebhookEntry, WebhookKind
from replygate.config.schema_secrets import SecretRef
from replygate.config.secrets import Secret, read_secret
from replygate.config.store import Webhook

EVERYBODY: Final = "all"

_HTTP: Final = ("http", "https")
_MOBILE: Final = re.compile(r"\+?[0-9-]*1[0-9]{10}")
_ROBOTS: Final[dict[str, WebhookKind]] = {
    "oapi.dingtalk.com": "dingtalk",
    "open.feishu.cn": "feishu",
    "open.larksuite.com": "feishu",
    "qyapi.weixin.qq.com": "wecom",
}
_KEY_OF: Final[dict[WebhookKind, str]] = {"dingtalk": "access_token", "wecom": "key"}


def is_mobile(mention: str) -> bool:
    """Whether this is a mobile number of China rather than a user id."""
    return _MOBILE.fullmatch(mention) is not None


def read_webhooks(
    entries: Sequence[WebhookEntry], merged: Merged, report: Report
) -> tuple[Webhook, ...]:
    """Judge each; those whose address could not be had are left out, with the reason noted."""
    found: dict[str, Webhook] = {}
    for index, entry in enumerate(entries):
        path: KeyPath = ("webhook", index)
        place = merged.place((*path, "url"))
        if isinstance(entry.url, SecretRef):
            url = read_secret(entry.url, place, report)
        else:
            url = Secret(entry.url, "the store's file")
        wrong = wrong_with_address(url.reveal(), _HTTP) if url else ""
        if wrong:
            report.error(place, wrong)
        at = merged.place((*path, "secret"))
        secret = read_secret(entry.secret, at, report) if entry.secret else None
        if url is None or wrong:
            continue
        _doubt(entry, url.reveal(), path, merged, report)
        if url.reveal() in found:
            report.error(place, "this address stands here twice", "write one [[webhook]] for it")
        found[url.reveal()] = Webhook(
            kind=entry.kind,
            url=url,
            secret=secret,
            name=entry.name,
            events=frozenset(entry.events),
            mention=tuple(dict.fromkeys(entry.mention)),
            whole_ids=entry.whole_ids,
        )
    return tuple(found.values())


def _doubt(entry: WebhookEntry, url: str, path: KeyPath, merged: Merged, report: Report) -> None:
    """Warn of what works, and is probably not meant."""
    for key, what in (*_about_address(entry.kind, url), *_about_people(entry)):
        report.warn(merged.place((*path, key)), what)
    if entry.kind == "wecom" and entry.secret:
        what = "is not used: a WeCom robot checks no signature, its address is its key"
        report.warn(merged.place((*path, "secret")), what)


def _about_address(kind: WebhookKind, url: str) -> list[tuple[str, str]]:
    parts = urlsplit(url)
    host = parts.hostname or ""
    found = []
    known = _ROBOTS.get(host)
    if known is not None and known != kind:
        found.append(("kind", f'is "{kind}", and {host} is where robots of kind "{known}" are'))
    key = _KEY_OF.get(kind)
    if known == kind and key and key not in parse_qs(parts.query):
        found.append(("url", f"is not a robot's whole address: it has no {key}=…"))
    if parts.scheme == "http" and not _is_near(host):
        found.append(("url", "goes over the network unencrypted; write https://"))
    return found


def _about_people(entry: WebhookEntry) -> list[tuple[str, str]]:
    """`mention` names people in the platform's own way, and platforms differ."""
    if not entry.mention or entry.kind == "dingtalk":
        return []
    if entry.kind == "generic":
        return [("mention", "does nothing: only robots name people")]
    found = []
    if any(map(is_mobile, entry.mention)):
        found.append(("mention", f"a {entry.kind} robot takes user ids, no mobile numbers"))
    if entry.kind == "wecom" and EVERYBODY in entry.mention:
        found.append(("mention", f'a WeCom robot can not name "{EVERYBODY}" in a markdown message'))
    return found


def _is_near(host: str) -> bool:
    """Whether this is the machine itself."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
