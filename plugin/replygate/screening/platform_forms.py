"""How people write the names of platforms so that a filter does not see them."""

from __future__ import annotations

from typing import Final

from replygate.screening.forms import Forms, each_part

# What stands behind the name of a shop, and seldom behind food or an animal.
_SHOP = (
    "上有 上也 上卖 上搜 上买 上那 上同 上更 上下单 上直播 上面有 上面也 上面卖 上面那 上开店 上拍 "
    "那边 那家 平台 app 旗舰店 直播 博主 种草 笔记 号上 的店 开店 搜 软件 有卖 上二手"
)

_TAOBAO = (
    Forms(
        "sounds alike, and no word is written so",
        "桃宝 掏宝 陶宝 逃宝 萄宝 洮宝 涛宝 滔宝 淘保 淘堡 淘饱 掏保 桃保 "
        "氵匋宝 淘宀玉 掏宀玉 氵匋宀玉",
        unless_inside="掏宝宝 掏宝贝 淘保鲜 淘保温 淘保暖 桃保鲜 葡萄宝宝 樱桃宝宝 陶宝宝 逃宝宝",
    ),
    Forms(
        "sounds alike, but two words can meet so",
        "套宝 讨宝 淘抱 淘报 淘包 韬宝",
        evidence=True,
        unless_inside="套宝宝 套宝贝 讨宝宝",
    ),
    Forms("its picture, and looking there", "桃🍑搜 🍑搜 桃🍑上 🍑上搜 🍑那边"),
    Forms("half spelled", "淘bao tao宝 淘b t宝 🍑宝", whole=True, unless_inside="t宝宝 t宝贝"),
    Forms("spelled by its sound, and the first letters", "taobao taob tb", whole=True),
    Forms(
        "a stand-in for a character",
        "某宝 某淘 x宝 淘某 万能某宝",
        whole=True,
        unless_inside="某宝宝 某宝妈 某宝贝 x宝宝 x宝贝 某宝石 某宝马",
    ),
    Forms(
        "what people call it",
        "万能的淘 万能淘 马云家 马爸爸家 橙色软件 橙色app 橘色软件 橙色平台 橘黄色软件 "
        "桔色软件 手淘 🍊色软件",
        unless_inside="选手淘汰 对手淘汰 手淘汰 手淘宝",
    ),
)

_TMALL = (
    Forms(
        "sounds alike, and no word is written so",
        "天喵 添猫 甜猫 田猫 天犭苗 兲猫",
        unless_inside="天喵喵 春天喵",
    ),
    Forms("sounds alike, but two words can meet so", "天毛 天苗 天貌 天茂 天冒", evidence=True),
    Forms("half spelled", "天mao tian猫 天m t猫 天🐱 天🐈 🐱天", whole=True),
    Forms("spelled by its sound, and the first letters", "tianmao tmall", whole=True),
    Forms("a stand-in for a character", "某猫 x猫", whole=True, unless_inside="某猫粮 x猫粮"),
    Forms(
        "what people call it",
        "猫超 喵超 猫旗舰 猫家旗舰 猫家那边 猫家有 猫家价 猫家店 猫店上 猫店是 猫店有 猫店也 "
        "猫店旗舰 "
        "tm旗舰店 tm店 tm官旗 tm上有 tm上也 tm那边",
        unless_inside="熊猫超 小猫超 猫超爱 猫超级 猫超喜欢 猫超可爱 只猫超",
    ),
)

_PINDUODUO = (
    Forms(
        "one character sounds alike",
        "拼哆哆 拼朵朵 拼躲躲 拼夺夺 拼多哆 拼多朵 拼咄咄 拼剁剁 拚多多 并多多 聘多多 "
        "贫多多 频多多 拼都多 pin多多",
        unless_inside="视频多多 音频多多 合并多多 拼多朵花",
    ),
    Forms(
        "sounds alike, but two words can meet so",
        "品多多",
        unless_inside=(
            "商品多多 产品多多 新品多多 礼品多多 赠品多多 食品多多 用品多多 奖品多多 "
            "单品多多 饰品多多 样品多多 精品多多 药品多多 甜品多多 爆品多多 好品多多 "
            "小品多多 零食品多多"
        ),
    ),
    Forms(
        "halves of its characters",
        "拼夕夕 并夕夕 拼夕多 拼多夕 p夕夕 拼刀刀 聘夕夕 频夕夕 拼xx 拼××",
    ),
    Forms("half spelled", "拼dd 拼duo多 拼多duo 拼duoduo p多多 拼d多 拼多d", whole=True),
    Forms("spelled by its sound, and the first letters", "pinduoduo pdd pxx pind", whole=True),
    Forms(
        "a stand-in for a character",
        "某多多 某多 拼某某 拼x多 拼某多 拼多x 某夕夕 x多多",
        unless_inside="某多个 某多种",
    ),
    Forms(
        "what people call it",
        "多多平台 多多家 多多app 多多上 多多那边 砍一刀平台 拼夕",
        unless_inside="很多多上 多多家务 好多多上",
    ),
)

_JD = (
    Forms(
        "sounds alike, and no word is written so",
        "京冬 惊东 京栋 京咚 亰东 亰冬 晶东 荆东 靖东 精东 鲸东 菁东 京佟 口小东",
        unless_inside="惊东西 水晶东 结晶东 妖精东",
    ),
    Forms(
        "sounds alike, but two words can meet so",
        "金东 今东 经东 景东 静东 京洞 净东",
        evidence=True,
    ),
    Forms("half spelled", "京dong jing东 京d j东 🐶东", whole=True),
    Forms("spelled by its sound, and the first letters", "jingdong jd", whole=True),
    Forms(
        "a stand-in for a character",
        "某东 x东",
        whole=True,
        unless_inside="某东西 x东西 某东方 某东北",
    ),
    Forms(
        "what people call it",
        "狗东 强东家 东哥家 东子家 狗狗平台 🐕东",
        unless_inside="狗东西 狗东张",
    ),
)

_DOUYIN = (
    Forms(
        "sounds alike, and no word is written so",
        "抖因 抖阴 抖茵 抖殷 抖银 抖姻 抖印 抖英 抖荫 斗音 逗音 豆音 兜音 陡音 蚪音 抖喑",
        unless_inside=(
            "打斗音 战斗音 搞斗音 奋斗音 "
            + each_part("斗音 逗音 豆音 兜音 陡音 抖印", "响 箱 乐 质 色 效 符 频 调 量 花")
        ),
    ),
    Forms("half spelled", "抖yin 斗yin 逗yin dou音 抖y d音 🎵抖 抖in 抖inn 抖♪ 抖🎵", whole=True),
    Forms("spelled by its sound, and the first letters", "douyin tiktok dy", whole=True),
    Forms(
        "a stand-in for a character",
        "某音 某抖 x音",
        whole=True,
        unless_inside="某音乐 某音频 某音响 某音箱 某音质 某音色 x音箱 x音响",
    ),
    Forms(
        "what people call it",
        "抖店 抖那边 抖家有 抖家同 抖同名 隔壁抖 抖上同 🎵平台 音符平台 音符软件",
    ),
)

_KUAISHOU = (
    Forms(
        "sounds alike, and no word is written so",
        "块手 筷手 快守 快寿 侩手 快手手 忄夬手",
        unless_inside="一块手 两块手 这块手 整块手 那块手 几块手 大块手 小块手 多块手",
    ),
    Forms("sounds alike, but two words can meet so", "快首 快售 快收 快受", evidence=True),
    Forms("half spelled", "快shou kuai手 快s k手 快✋ 快👋 快🤚", whole=True),
    Forms("spelled by its sound, and the first letters", "kuaishou kwai ks", whole=True),
    Forms(
        "a stand-in for a character",
        "某手 x手",
        unless_inside="某手机 某手工 某手表 x手机 x手柄 x手表 x手工 x手套",
    ),
    Forms("what people call it", "老铁平台 老铁软件 快爪 快手子那边 快手子上 快手子直播"),
)

_XIAOHONGSHU = (
    Forms(
        "one character sounds alike",
        "小洪书 小虹书 小鸿书 小宏书 小弘书 小红舒 小红叔 小红抒 小红淑 小荭书 晓红书 肖红书 "
        "筱红书 小红輸",
    ),
    Forms(
        "half spelled",
        "小hong书 小红shu 小h书 小红s xiao红书 x红书 小hs 小🍠 小红📕",
        whole=True,
    ),
    Forms(
        "spelled by its sound, and the first letters",
        "xiaohongshu xhs xiaohongsu",
        whole=True,
    ),
    Forms("a stand-in for a character", "某红书 小某书 小x书 小红某 某红薯"),
    Forms(
        "its picture",
        "小红本软件 种草软件 种草平台 种草app 红薯平台 小红书书 小红苕 小粉书 🍠平台 红书上有 "
        "红书上搜 红书笔记",
    ),
    Forms("what people call it, and food", "小红薯 红薯 🍠 📕", evidence=True),
    Forms(
        "food, and what makes it a shop",
        each_part("小红薯 红薯 🍠 小地瓜", _SHOP),
        unless_inside="红薯上面有泥 红薯上有泥 红薯上面有白 红薯上有芽 红薯上面有芽",
    ),
)

_XIANYU = (
    Forms(
        "sounds alike, and no word is written so",
        "闲渔 闲余鱼 弦鱼 贤鱼 嫌鱼 娴鱼 衔鱼 仙鱼 先鱼 门木鱼 闲魚",
    ),
    Forms(
        "a word, and what people call it",
        "咸鱼 闲余 鲜鱼 海鲜市场 小黄鱼 黄鱼",
        evidence=True,
        unless_inside="咸鱼翻身 咸鱼味 咸鱼干 鲜鱼片 大黄鱼 黄鱼干 咸鱼茄子",
    ),
    Forms("half spelled", "闲yu xian鱼 闲y x鱼 闲🐟 咸🐟 🐟闲", whole=True),
    Forms(
        "food, and going there or being there",
        each_part("上 去", "小黄鱼拍 小黄鱼搜 咸鱼拍 咸鱼搜 黄鱼搜")
        + " "
        + each_part("咸鱼 小黄鱼 海鲜市场", "也有号 有号 也有店 同名 有二手 也挂 上挂"),
    ),
    Forms(
        "food, and what makes it a shop",
        each_part("咸鱼 小黄鱼 海鲜市场", _SHOP),
        unless_inside="咸鱼上面有盐 咸鱼上有盐",
    ),
    Forms("spelled by its sound", "xianyu", whole=True),
)

_VIPSHOP = (
    Forms(
        "one character sounds alike",
        "唯品汇 维品会 微品会 为品会 惟品会 唯聘会 唯拼会 唯品荟",
    ),
    Forms(
        "half spelled, and the first letters",
        "唯品hui wei品会 weipinhui vipshop wph 某品会 唯品h 唯p会 w品会",
        whole=True,
    ),
)

_WEIBO = (
    Forms("sounds alike", "薇博 威博 维博 微脖 微勃 微伯 渣浪 微薄博"),
    Forms("sounds alike, and is a word", "围脖 微薄", evidence=True),
    Forms("half spelled", "微bo wei博 weibo wb", whole=True),
)

PLATFORM_FORMS: Final[dict[str, tuple[Forms, ...]]] = {
    "淘宝": _TAOBAO,
    "天猫": _TMALL,
    "拼多多": _PINDUODUO,
    "京东": _JD,
    "抖音": _DOUYIN,
    "快手": _KUAISHOU,
    "小红书": _XIAOHONGSHU,
    "闲鱼": _XIANYU,
    "唯品会": _VIPSHOP,
    "微博": _WEIBO,
}
"""Folded term to its other spellings."""
