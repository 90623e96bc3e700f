"""The packaged profiles: what each rule finds, what it leaves alone, and what the deadlines are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest

from entries import idle, redundant, unfound, unspared
from replygate.config import load_store
from replygate.model import Cleared
from replygate.screening.rule import Rule
from replygate.timing.calendar import Interval
from replygate.timing.deadline import Counts

PLATFORMS = ("pdd", "douyin", "kuaishou", "jd", "xiaohongshu", "tmall")
_HOUR_S = 3_600

BLOCKED = [
    ("pdd", "PDD-F-09.send", "您微信付款给我就好"),
    ("pdd", "PDD-F-09.send", "支持微信支付，支付宝付款码发您"),
    ("pdd", "PDD-F-09", "支付宝账号发一下"),
    ("pdd", "PDD-F-09", "我把图片微信给您"),
    ("jd", "JD-F-03.disguised", "我们一*定处理"),
    ("pdd", "PDD-F-09.qq", "您有QQ可以收文件么"),
]

REWRITTEN = [
    ("pdd", "PDD-F-06.courier", "默认发京东快递", "默认发合作快递"),
    ("pdd", "PDD-F-06.courier", "由京东配送到家", "由合作快递配送到家"),
    ("pdd", "PDD-F-09.pay", "可以用微信支付的哦", "可以用平台支持的方式支付的哦"),
    ("pdd", "PDD-F-09.pay", "用微信付款也行", "用平台支持的方式付款也行"),
    ("pdd", "PDD-F-09.pay", "用微信付就可以", "用平台支持的方式付就可以"),
    ("pdd", "PDD-F-09.pay", "用微信或者支付宝付都可以", "用平台支持的方式付都可以"),
    ("pdd", "PDD-F-09.pay", "微信支付也可以", "平台支持的付款方式也可以"),
    ("pdd", "PDD-F-09.pay", "您是微信付款的吗", "您是在平台付款的吗"),
    ("pdd", "PDD-F-09.pay", "花呗和支付宝都能付", "平台支持的付款方式都能付"),
    ("pdd", "PDD-F-09.pay", "微信和支付宝都行的", "平台支持的付款方式都行的"),
    ("pdd", "PDD-F-09.pay", "用微信支付宝都行", "用平台支持的付款方式都行"),
    ("pdd", "PDD-F-09.pay", "支付宝支付或微信都支持", "平台支持的付款方式都支持"),
    ("pdd", "PDD-F-09.pay", "原路返回到您的微信零钱哦", "按原支付方式退回哦"),
    ("pdd", "PDD-F-09.pay", "退款会原路退回支付宝", "退款会按原支付方式退回"),
    ("jd", "JD-F-01", "亲,在的", "在的"),
    ("jd", "JD-F-01", "亲亲，这款有货的", "这款有货的"),
    ("jd", "JD-F-01", "好的亲，马上帮您查", "好的，马上帮您查"),
    ("jd", "JD-F-01", "好的，亲，马上帮您查", "好的，马上帮您查"),
    ("jd", "JD-F-01", "您好 亲 请问要哪个颜色", "您好 请问要哪个颜色"),
    ("jd", "JD-F-01", "可以的，亲", "可以的"),
    ("jd", "JD-F-01", "这款有货的亲", "这款有货的"),
    ("jd", "JD-F-01", "仓库明天给亲补发", "仓库明天给您补发"),
    ("jd", "JD-F-01", "感谢亲的支持", "感谢您的支持"),
    ("jd", "JD-F-01", "亲们久等了", "大家久等了"),
    ("jd", "JD-F-01", "运费亲自理哦", "运费自理哦"),
    ("jd", "JD-F-01", "亲手机收到短信了吗", "手机收到短信了吗"),
    ("jd", "JD-F-01", "帮亲和快递确认一下", "帮您和快递确认一下"),
    ("jd", "JD-F-01", "亲亲密码要重新设置", "密码要重新设置"),
    ("jd", "JD-F-01", "两双亲都要吗", "两双都要吗"),
    ("jd", "JD-F-01", "亲亲爱的您好", "亲爱的您好"),
    ("jd", "JD-F-01", "好的，亲的快递到了", "好的，您的快递到了"),
    ("jd", "JD-F-01", "没货了，亲们可以看看别的", "没货了，大家可以看看别的"),
    ("jd", "JD-F-01", "收到，亲不用担心", "收到，不用担心"),
    ("jd", "JD-F-01", "系统会给亲自动退款", "系统会给您自动退款"),
    ("jd", "JD-F-03", "我们一定会处理", "我们会处理"),
    ("jd", "JD-F-03", "明天一定给您发出", "明天会给您发出"),
    ("jd", "JD-F-03", "今天不一定能到", "今天未必能到"),
    ("jd", "JD-F-03", "时间不一定哦", "时间说不准哦"),
    ("jd", "JD-F-03", "这款不一定支持快充", "这款未必支持快充"),
    ("jd", "JD-F-03", "他们不一定要求开箱", "他们未必要求开箱"),
    ("jd", "JD-F-03", "千万一定要看好尺码", "千万要看好尺码"),
    ("jd", "JD-F-03", "达到一定金额可用", "达到相应金额可用"),
    ("jd", "JD-F-03", "保修有一定期限", "保修有相应期限"),
    ("jd", "JD-F-03", "收到一定马上安排", "收到会马上安排"),
    ("jd", "JD-F-03", "我们一定保管好", "我们会保管好"),
    ("jd", "JD-F-03", "发票一定保管好", "发票请保管好"),
    ("jd", "JD-F-03", "您一定要当面验货", "请您务必当面验货"),
    ("jd", "JD-F-03", "是不是一定要开发票", "是不是必须开发票"),
    ("jd", "JD-F-03", "拒收超过一定次数会受限", "拒收超过若干次会受限"),
    ("jd", "JD-F-03", "审核需要一定的时间", "审核需要一段时间"),
    ("jd", "JD-F-03", "实物有一定的色差", "实物有少许色差"),
    ("jd", "JD-F-03", "满一定金额包邮", "满相应金额包邮"),
    ("jd", "JD-F-03", "以后我们一定注意", "以后我们会注意"),
    ("jd", "JD-F-03", "一定不要用热水", "请不要用热水"),
    ("jd", "JD-F-03", "没办法保证一定可以到", "没办法保证可以到"),
]

PASSED = [
    ("pdd", "PDD-F-06.courier", "默认发合作快递"),
    ("pdd", "PDD-F-09", "稍微信号差一点，支付宝贝的尾款就行"),
    ("pdd", "PDD-F-09", "差别很细微，信得过再买"),
    ("pdd", "PDD-F-09.send", "付款给平台就行，请勿私下转账"),
    ("pdd", "PDD-F-09.qq", "这款QQ糖口感QQ的，很有嚼劲"),
    ("pdd", "PDD-F-09.pay", "用平台支持的付款方式付款就行"),
    ("jd", "JD-F-01", "亲爱的，在的"),
    ("jd", "JD-F-01", "这款亲肤透气"),
    ("jd", "JD-F-01", "亲子装有货"),
    ("jd", "JD-F-01", "父亲节有活动，送给父亲的礼物"),
    ("jd", "JD-F-01", "请您亲自签收，亲测有效"),
    ("jd", "JD-F-01", "好的，亲爱的，这是给亲人准备的"),
    ("jd", "JD-F-03", "全国统一定价，万一定错了可以取消"),
    ("jd", "JD-F-03.disguised", "这一顶帽子和那一锭墨都有货，固定一下就好"),
]

# What each entry of a rewriting rule must take out of the text.
TAKEN_OUT = [
    ("jd", "JD-F-01", "亲"),
    ("jd", "JD-F-03", "一定"),
    ("pdd", "PDD-F-06.courier", "京东"),
    ("pdd", "PDD-F-09.pay", "微信"),
    ("pdd", "PDD-F-09.pay", "支付宝"),
]

REAL_WORDS = (
    *("亲爱的", "亲子装", "亲肤面料", "亲戚", "亲朋好友", "亲和力", "亲自来取", "亲手做的"),
    *("亲身体验", "亲口说的", "亲眼看到", "亲近自然", "亲密接触", "亲人", "亲切的", "亲测有效"),
    *("亲情", "亲友团", "亲属", "亲生的", "亲临现场", "亲笔签名", "亲自动手", "亲水性好"),
)


@pytest.fixture(params=PLATFORMS)
def profile(
    request: pytest.FixtureRequest, read_packaged: Callable[[str, str], dict[str, Any]]
) -> dict[str, Any]:
    return read_packaged("platforms", request.param)


@pytest.mark.parametrize(("platform", "rule", "text"), BLOCKED)
def test_it_blocks(
    platform: str, rule: str, text: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    cleared = screen_in(platform, text)
    assert cleared.action == "block"
    assert rule in {finding.rule for finding in cleared.findings}


@pytest.mark.parametrize(("platform", "rule", "text", "wanted"), REWRITTEN)
def test_it_rewrites_to_a_sentence(
    platform: str, rule: str, text: str, wanted: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    cleared = screen_in(platform, text)
    assert (cleared.action, cleared.text) == ("rewrite", wanted)
    assert {finding.rule for finding in cleared.findings} == {rule}


@pytest.mark.parametrize(("platform", "text"), [(row[0], row[2]) for row in PASSED])
def test_it_leaves_innocent_words_alone(
    platform: str, text: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    cleared = screen_in(platform, text)
    assert cleared.findings == ()
    assert cleared.text is text


def test_every_rule_has_its_hit_and_its_pass(profile: dict[str, Any]) -> None:
    rules = {(profile["id"], rule["id"]) for rule in profile.get("rule", ())}
    hits = {row[:2] for row in (*BLOCKED, *REWRITTEN) if row[0] == profile["id"]}
    passes = {row[:2] for row in PASSED if row[0] == profile["id"]}
    assert rules == hits == passes


def test_every_rule_tells_why_and_on_whose_word(profile: dict[str, Any]) -> None:
    tables = [profile.get(kind, ()) for kind in ("rule", "deadline", "metric", "penalty")]
    for entry in (entry for table in tables for entry in table):
        source = entry["source"]
        assert "20" in source or "日期不详" in source, f"{entry['id']}: its source has no date"
    for rule in profile.get("rule", ()):
        assert rule["why"].endswith("。"), rule["id"]
        assert "patterns" not in rule, f"{rule['id']}: patterns are an optional extra"


def test_the_edition_is_as_old_as_its_latest_source(profile: dict[str, Any]) -> None:
    assert list(profile["editions"]) == ["sources-2023", "current"]
    edition = profile["editions"]["sources-2023"]
    as_of: dt.date = edition["as_of"]
    assert any(str(as_of) in source for source in edition["sources"])
    for entry in (*profile.get("rule", ()), *profile["deadline"]):
        if entry.get("editions") != ["current"]:
            assert entry["source"][-11:-1] <= str(as_of), entry["id"]
    newest = profile["editions"]["current"]
    assert newest["as_of"] > as_of
    assert any(f"{newest['as_of']:%Y}" in source for source in newest["sources"])


@pytest.mark.parametrize("platform", PLATFORMS)
def test_each_word_and_each_exception_works_and_is_needed(
    platform: str,
    packaged_rules: Callable[[str, str], dict[str, Rule]],
    read_packaged: Callable[[str, str], dict[str, Any]],
    screen_in: Callable[[str, str], Cleared],
) -> None:
    rules = packaged_rules("platform", platform).values()
    written = read_packaged("platforms", platform).get("rule", ())
    screen = partial(screen_in, platform)
    assert unfound(rules, screen) == []
    assert unspared(rules, screen) == []
    assert idle(written) == []
    assert redundant(written) == []


@pytest.mark.parametrize(("platform", "rule", "gone"), TAKEN_OUT)
def test_each_rewrite_takes_the_word_out(
    platform: str,
    rule: str,
    gone: str,
    packaged_rules: Callable[[str, str], dict[str, Rule]],
    screen_in: Callable[[str, str], Cleared],
) -> None:
    for word in packaged_rules("platform", platform)[rule].words:
        text = screen_in(platform, f"请看{word.text}商品页").text
        assert text is not None
        assert gone not in text.replace("亲爱", ""), word


def test_what_each_rewrite_takes_out_is_written_down(
    packaged_rules: Callable[[str, str], dict[str, Rule]],
) -> None:
    rewriting = {
        (platform, rule.id)
        for platform in PLATFORMS
        for rule in packaged_rules("platform", platform).values()
        if rule.action == "rewrite"
    }
    assert rewriting == {row[:2] for row in TAKEN_OUT}


@pytest.mark.parametrize(
    "before",
    [
        "好的，",
        "好的,",
        "好的 ",
        "好的。",
        "在的哦",
        "是的",
        "送给",
        "帮",
        "作为",
        "跟",
        "与",
        "和",
    ],
)
@pytest.mark.parametrize("word", REAL_WORDS)
def test_a_real_word_is_no_form_of_address(
    before: str, word: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    assert screen_in("jd", before + word).findings == ()


@pytest.mark.parametrize(
    "after",
    [
        "的生日",
        "的确需要",
        "，母亲也行",
        ", 好的",
        " ，好的",
        " 收到了吗",
        "、母亲",
        "！",
        "~",
        "~~",
    ],
)
@pytest.mark.parametrize("word", ["父亲", "母亲", "乡亲"])
def test_a_real_word_stays_whole_before_a_mark(
    word: str, after: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    assert screen_in("jd", word + after).findings == ()


@pytest.mark.parametrize("text", ["亲", "亲亲，", "亲！"])
def test_a_text_of_nothing_but_the_address_is_blocked(
    text: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    assert screen_in("jd", text).action == "block"


@pytest.mark.parametrize(
    ("platform", "text"),
    [
        ("jd", "原路返回您的微信零钱"),
        ("jd", "支持微信支付、支付宝支付和QQ钱包"),
        ("jd", "商品链接 https://item.jd.com/1.html 您看下"),
        ("pdd", "亲，一定给您尽快发货"),
        ("pdd", "链接 https://mobile.yangkeduo.com/goods.html?goods_id=1"),
    ],
)
def test_what_one_platform_forbids_may_be_said_on_the_other(
    platform: str, text: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    assert screen_in(platform, text).findings == ()


def test_pinduoduo_runs_its_clocks_at_once() -> None:
    rules = {rule.id: rule for rule in load_store("demo-pdd").deadlines}
    day = (Interval(8 * _HOUR_S, 23 * _HOUR_S),)
    until_eleven = (Interval(0, 23 * _HOUR_S),)
    assert {
        name: (rule.due_s, rule.window.intervals, rule.topic) for name, rule in rules.items()
    } == {
        "PDD-D-01": (_HOUR_S, day, None),
        "PDD-D-03": (300, day, None),
        "PDD-D-05": (180, (), "quality_dispute"),
        "PDD-D-06": (24 * _HOUR_S, (), None),
        "PDD-D-07": (None, until_eleven, None),
        "PDD-D-08": (None, until_eleven, "urge_ship"),
    }
    assert all(rule.opens == "message" and rule.inclusive for rule in rules.values())
    assert all(rule.severity == "hard" for rule in rules.values())
    assert rules["PDD-D-01"].counts == Counts()
    assert rules["PDD-D-08"].counts == Counts(bot="no", hold="no")


def test_jd_answers_within_thirty_seconds_of_its_day() -> None:
    (rule,) = load_store("demo-jd").deadlines
    assert (rule.id, rule.due_s, rule.opens, rule.severity) == ("JD-D-01", 30, "turn", "hard")
    assert rule.window.intervals == (Interval(9 * _HOUR_S, 18 * _HOUR_S),)
    assert (rule.window.mode, rule.window.anchor) == ("gate", "session")


@pytest.mark.parametrize(
    ("platform", "rule", "due_s", "opens", "hours", "anchor", "severity"),
    [
        ("douyin", "DY-D-01", 120, "transfer", (), "message", "hard"),
        ("kuaishou", "KS-D-01", 180, "turn", (8, 24), "message", "hard"),
        ("xiaohongshu", "XHS-D-01", 180, "turn", (9, 23), "session", "hard"),
        ("tmall", "TM-D-01", 15, "turn", (), "message", "soft"),
    ],
)
def test_the_others_have_their_main_deadline(
    platform: str,
    rule: str,
    due_s: int,
    opens: str,
    hours: tuple[int, ...],
    anchor: str,
    severity: str,
) -> None:
    (found,) = load_store(f"demo-{platform}").deadlines
    assert (found.id, found.due_s, found.opens, found.severity) == (rule, due_s, opens, severity)
    window = (Interval(*(hour * _HOUR_S for hour in hours)),) if hours else ()
    assert (found.window.intervals, found.window.anchor) == (window, anchor)


@pytest.mark.parametrize("platform", PLATFORMS)
@pytest.mark.parametrize("name", ["淘宝", "京东", "拼多多", "抖音", "快手小店", "小红书"])
def test_a_platform_is_named_on_itself_alone(
    platform: str, name: str, screen_in: Callable[[str, str], Cleared]
) -> None:
    own = load_store(f"demo-{platform}").profile
    assert own is not None
    is_own = any(word in name for word in own.own_names)
    assert (screen_in(platform, f"您在{name}买过吗").action == "pass") == is_own
