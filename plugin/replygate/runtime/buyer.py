"""What is known of the buyer that a holding text may name."""

from __future__ import annotations

from dataclasses import dataclass

from replygate.events import Inbound
from replygate.model import Draft
from replygate.screening.gate import Gate

NAME_CHARS_MAX = 20
ORDER_CHARS_MAX = 40


@dataclass(frozen=True, slots=True)
class Buyer:
    """The buyer's name and latest order, as far as this process heard of them."""

    name: str | None = None
    order: str | None = None

    def told(self, event: Inbound, gate: Gate) -> Buyer:
        """What is known after this message. A name that may not be said is not known."""
        if event.origin != "buyer" or not (event.buyer_name or event.order):
            return self
        name = _sayable(event.buyer_name, NAME_CHARS_MAX, gate) or self.name
        order = _sayable(event.order, ORDER_CHARS_MAX, gate) or self.order
        return Buyer(name, order)


def _sayable(value: str | None, most: int, gate: Gate) -> str | None:
    text = " ".join((value or "").split())
    if not text or len(text) > most or not text.isprintable():
        return None
    # Buyers call themselves what they like: an address, an insult.
    return text if gate.screen(Draft("name", text, origin="hold")).action == "pass" else None
