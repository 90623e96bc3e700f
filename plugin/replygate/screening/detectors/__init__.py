"""Contact details that no word list holds, found in folded text in time linear in its length."""

from __future__ import annotations

from replygate.screening.detectors.addresses import find_addresses
from replygate.screening.detectors.cards import find_bank_cards, find_id_cards
from replygate.screening.detectors.found import Find, Found
from replygate.screening.detectors.ids import find_qq_numbers, find_wechat_ids
from replygate.screening.detectors.links import find_urls, is_own
from replygate.screening.detectors.mail import find_emails
from replygate.screening.detectors.mobile import find_mobiles
from replygate.screening.detectors.phones import find_hotlines, find_landlines
from replygate.screening.detectors.signs import may_hold
from replygate.screening.rule import Detector

__all__ = ["DETECTORS", "Find", "Found", "is_own", "may_hold"]

DETECTORS: dict[Detector, Find] = {
    "mobile": find_mobiles,
    "landline": find_landlines,
    "hotline": find_hotlines,
    "email": find_emails,
    "url": find_urls,
    "wechat-id": find_wechat_ids,
    "qq-number": find_qq_numbers,
    "bank-card": find_bank_cards,
    "id-card": find_id_cards,
    "address": find_addresses,
}
