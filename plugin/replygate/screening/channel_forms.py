"""How people write groups, codes and payments so that a filter does not see them."""

from __future__ import annotations

from typing import Final

from replygate.screening.forms import Forms, each_part

_OFFICIAL_ACCOUNT = (
    Forms(
        "one character sounds alike",
        "公仲号 公重号 公种号 公终号 公总号 公钟号 公粽号 公忠号 公众浩 公众昊 公众好 "
        "功众号 工众号 弓众号 宫众号 攻众号",
        unless_inside="公众好评 公众好感",
    ),
    Forms("half spelled", "公z号 gong众号 公zhong号 公众hao 公众h g众号", whole=True),
    Forms("spelled by its sound, and the first letters", "gongzhonghao gzh", whole=True),
    Forms("cut short", "公号", evidence=True, unless_inside="办公号 公号码 公号段"),
)

_MOMENTS = (
    Forms(
        "one character sounds alike",
        "朋友卷 朋友泉 朋友劝 朋友拳 盆友圈 篷友圈 棚友圈 澎友圈 朋有圈 朋右圈 鹏友圈 朋友權",
    ),
    Forms("half spelled", "朋友quan 朋友q peng友圈 朋you圈 朋u圈", whole=True),
    Forms("spelled by its sound, and the first letters", "pengyouquan pyq", whole=True),
)

_CODE = (
    Forms(
        "one character sounds alike",
        "二维吗 二维妈 二维马 二维玛 二维嘛 二唯码 二为码 二围码 二惟码 二微码 二威码 "
        "贰维码 而维码 儿维码 尔维码 耳维码 2维码 2维马",
        unless_inside="二维马赛克",
    ),
    Forms("half spelled", "二维ma er维码 二wei码 二v码 二w码", whole=True),
    Forms("spelled by its sound, and the first letters", "erweima ewm", whole=True),
)

_PAY_CODE = (
    Forms(
        "one character sounds alike, or is drawn",
        each_part("收款 付款 收钱 付钱", "马 吗 玛 嘛 妈 🐴 🐎 ma m")
        + " 收宽码 手款码 收欵码 付宽码",
        whole=True,
        unless_inside=(
            "收款马上 付款马上 收钱马上 付钱马上 收款吗 付款吗 收钱吗 付钱吗 收款嘛 付款嘛 付款妈"
        ),
    ),
    Forms(
        "half spelled", "收kuan码 shou款码 付kuan码 fu款码 收k码 付k码 sk码 收款二维ma", whole=True
    ),
    Forms("spelled by its sound", "shoukuanma fukuanma shouqianma skm", whole=True),
)

_CERTAINLY = (Forms("half spelled", "yi定 一ding yiding 壹定", whole=True),)

_BANK_CARD = (
    Forms(
        "one character sounds alike",
        "银行咔 银行咖 银行佧 银航卡 银杭卡 寅行卡 垠行卡 吟行卡 淫行卡 银行长卡 银彳亍卡",
    ),
    Forms("half spelled", "银行ka 银hang卡 yin行卡 银行k 银h卡", whole=True),
    Forms("spelled by its sound, and the first letters", "yinhangka yhk", whole=True),
)

_TRANSFER = (
    Forms("the other way to write it", "转帐"),
    Forms("one character sounds alike", "转仗 转丈 转胀 撰账 赚账 砖账 专账 转涨 轉賬"),
    Forms("sounds alike, but two words can meet so", "转张 转掌 转长", evidence=True),
    Forms("half spelled", "转zhang zhuan账 转z", whole=True),
    Forms("spelled by its sound", "zhuanzhang", whole=True),
)

_RED_PACKET = (
    Forms(
        "one character sounds alike",
        "洪包 宏包 虹包 鸿包 弘包 泓包 红苞 红孢 红勹 荭包",
        unless_inside="恢宏包装",
    ),
    Forms("half spelled", "红bao hong包 h包 红b", whole=True, unless_inside="h包装"),
    Forms("spelled by its sound", "hongbao", whole=True),
    Forms("its picture", "🧧"),
)

_PRIVATE_CHAT = (
    Forms(
        "one character sounds alike",
        "私撩 丝聊 思聊 私寥 厶聊 司聊 私耳卯 私辽",
        unless_inside="公司聊",
    ),
    Forms("half spelled", "si聊 私liao s聊 私l 私l聊", whole=True),
    Forms("spelled by its sound", "siliao", whole=True),
)

_ADD = (
    Forms("a sign for it", "➕ ✚", evidence=True),
    Forms("sounds or looks alike", "伽 茄 咖 架 佳 嘉 珈 枷 力口 jia", evidence=True),
)

_ADD_FRIEND = (
    Forms(
        "one character sounds alike",
        "伽好友 架好友 佳好友 加郝友 加好有 加我好有 加您好有 加下好有 加壕友 力口好友 加好优 "
        "➕好友 +好友 加号友",
        unless_inside="加好有机 加好优惠 加好有货 加好有没有",
    ),
    Forms("half spelled", "jia好友 加hao友 加好you 加hy", whole=True),
    Forms("spelled by its sound", "jiahaoyou", whole=True),
)

_GROUP = (
    Forms("sounds alike, and is a word of the trade", "裙 君 峮 裠 qun 羊君 君羊", evidence=True),
)

_REVIEW = (
    Forms(
        "one character sounds alike",
        "好坪 好萍 好凭 豪评 浩评 号评 郝评 好苹 女子评 好言平",
        unless_inside="型号评 好苹果 账号评",
    ),
    Forms("half spelled", "好ping hao评 好p h评 好pin", whole=True),
    Forms("spelled by its sound", "haoping haopin", whole=True),
)

_CASH_BACK = (
    Forms(
        "one character sounds alike",
        "返仙 返馅 返限 返陷 反现 返玹 fan现 返xian 返x 返獻 饭现 返王见 返線金",
        unless_inside="反现象 违反现 相反现 返限时",
    ),
    Forms("spelled by its sound", "fanxian", whole=True),
)

CHANNEL_FORMS: Final[dict[str, tuple[Forms, ...]]] = {
    "公众号": _OFFICIAL_ACCOUNT,
    "朋友圈": _MOMENTS,
    "二维码": _CODE,
    "收款码": _PAY_CODE,
    "一定": _CERTAINLY,
    "银行卡": _BANK_CARD,
    "转账": _TRANSFER,
    "红包": _RED_PACKET,
    "私聊": _PRIVATE_CHAT,
    "加好友": _ADD_FRIEND,
    "加": _ADD,
    "群": _GROUP,
    "好评": _REVIEW,
    "返现": _CASH_BACK,
}
"""Folded term to its other spellings."""
