"""The packaged topics: what buyers say of each, and what they say that is something else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from replygate.config import load_store
from replygate.screening.topics import Topics

PLATFORMS = ("pdd", "douyin", "kuaishou", "jd", "xiaohongshu", "tmall")

SPOKEN_OF = [
    ("quality_dispute", "东西坏了怎么处理"),
    ("quality_dispute", "收到的杯子是碎的"),
    ("quality_dispute", "质量太差了吧，才穿一次"),
    ("quality_dispute", "你们发错货了"),
    ("quality_dispute", "箱子破了一个洞"),
    ("quality_dispute", "跟图片不一样啊"),
    ("quality_dispute", "我怀疑是假货"),
    ("quality_dispute", "才洗一次就掉色得厉害"),
    ("quality_dispute", "瓶子漏了一地"),
    ("quality_dispute", "收到货少了一件"),
    ("urge_ship", "怎么还不发货"),
    ("urge_ship", "都三天了还没发货"),
    ("urge_ship", "赶紧发货啊"),
    ("urge_ship", "麻烦催一下快递"),
    ("urge_ship", "急用，能不能今天发"),
    ("urge_ship", "为什么还没发货"),
    ("urge_ship", "再不发我就退款了"),
    ("urge_ship", "到底什么时候发货"),
    ("thanks", "好的谢谢"),
    ("advertisement", "老板需要代运营吗"),
    ("advertisement", "帮您提升店铺流量"),
    ("foreign_link", "https://item.taobao.com/item.htm?id=1 有这个吗"),
    ("compare_platform", "淘宝上比你家便宜"),
    ("compare_platform", "隔壁店同款才卖五块"),
    ("price_difference", "刚买就降价了，退差价"),
    ("price_difference", "可以申请价保吗"),
    ("abuse", "你们就是骗子"),
    ("abuse", "垃圾客服"),
    ("wish_human", "转人工"),
    ("wish_human", "有没有真人啊"),
    ("wish_human", "别再跟机器人聊了"),
    ("invoice", "能开发票吗"),
]

SOMETHING_ELSE = [
    ("quality_dispute", "质量怎么样"),
    ("quality_dispute", "这个会掉色吗"),
    ("quality_dispute", "会不会压坏"),
    ("quality_dispute", "衣服有没有异味"),
    ("quality_dispute", "怎么才能不掉色"),
    ("quality_dispute", "不小心打碎了再买一个"),
    ("quality_dispute", "手机收到了，很好用"),
    ("quality_dispute", "破洞牛仔裤还有吗"),
    ("urge_ship", "什么时候发货"),
    ("urge_ship", "今天能发货吗"),
    ("urge_ship", "发什么快递"),
    ("urge_ship", "我不急着发货"),
    ("urge_ship", "麻烦尽快发票开一下"),
    ("thanks", "先谢谢了，请问有货吗"),
    ("compare_platform", "价格能优惠吗"),
    ("price_difference", "多少钱一件"),
    ("abuse", "给他妈妈买的"),
    ("wish_human", "扫地机器人有吗"),
    ("wish_human", "有人工智能音箱吗"),
    ("invoice", "有小票吗"),
]


@pytest.fixture(scope="module")
def topics(tmp_path_factory: pytest.TempPathFactory) -> Topics:
    path: Path = tmp_path_factory.mktemp("topics") / "shop.toml"
    path.write_text('id = "shop"\n[screening]\nlexicons = ["topics"]\n', "utf-8")
    return load_store(path).topics


@pytest.mark.parametrize(("topic", "text"), SPOKEN_OF)
def test_what_buyers_speak_of(topics: Topics, topic: str, text: str) -> None:
    assert topic in topics.of(text)


@pytest.mark.parametrize(("topic", "text"), SOMETHING_ELSE)
def test_what_is_something_else(topics: Topics, topic: str, text: str) -> None:
    assert topic not in topics.of(text)


def test_every_topic_is_shown(topics: Topics) -> None:
    assert {topic for topic, _ in SPOKEN_OF} == topics.ids


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_platform_knows_the_topics_of_its_deadlines(
    platform: str, read_packaged: Callable[[str, str], dict[str, Any]]
) -> None:
    profile = read_packaged("platforms", platform)
    named = {deadline["topic"] for deadline in profile["deadline"] if "topic" in deadline}
    known = {topic["id"] for topic in read_packaged("lexicons", "topics")["topic"]}
    assert "topics" in profile["lexicons"]
    assert named <= known
