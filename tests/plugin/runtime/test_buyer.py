from __future__ import annotations

from pathlib import Path

import pytest

from replygate.events import Inbound
from replygate.model import Origin
from replygate.runtime.buyer import Buyer

from .kit import shop


def said(name: str | None, order: str | None = None, origin: Origin = "buyer") -> Inbound:
    return Inbound("shop", "c-1", "m", "在吗", buyer_name=name, order=order, origin=origin)


def test_the_latest_word_counts(tmp_path: Path) -> None:
    gate = shop(tmp_path).gate
    buyer = Buyer().told(said("小 \n陈"), gate)
    assert buyer == Buyer("小 陈")
    buyer = buyer.told(said(None, "2026112012"), gate)
    assert buyer == Buyer("小 陈", "2026112012")
    assert buyer.told(said(None), gate) is buyer
    assert buyer.told(said("客服", origin="platform"), gate) is buyer
    assert buyer.told(said("小李", "99"), gate) == Buyer("小李", "99")


@pytest.mark.parametrize("name", ["", "  ", "加我微信", "京东快递", "名" * 21, "小\u200b陈"])
def test_a_name_that_may_not_be_said_is_not_known(name: str, tmp_path: Path) -> None:
    assert Buyer().told(said(name), shop(tmp_path).gate) == Buyer()
