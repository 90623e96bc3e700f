"""How people write the names of contacts so that a filter does not see them."""

from __future__ import annotations

from typing import Final

from replygate.screening.forms import HEARTS, Forms, each_char, each_part

_LETTERS = " ".join(f"{char}信" for char in "abcdefghijklmnopqrstuvwxyz0123456789")

_WECHAT = (
    Forms("the first letters, and adding it", "jiav jiavx jiawx", whole=True),
    Forms("the first letters", "vx wx wechat weixin wxin vxin wecha weichat 微chat", whole=True),
    Forms("spelled by its sound", "weisin wexin weixn weix1n we1xin ㄨㄟㄒㄧㄣ"),
    Forms("half spelled", each_part("微 薇 威 葳 维 唯 卫 围 徽 v w", "xin")),
    Forms("half spelled", each_part("wei vx wx w v", "信 芯 鑫"), unless_inside="w信号"),
    Forms(
        "half spelled; v心 and v新 can be two words",
        each_part("wei v w", "心 新 欣"),
        evidence=True,
    ),
    Forms("sounds alike, and no word is written so", each_char("薇葳崴溦蔚渭", "信芯鑫辛昕薪訫伩")),
    Forms("sounds alike, and no word is written so", each_char("微", "鑫昕訫伩")),
    Forms("sounds alike, and a part of a word", "微芯", unless_inside="微芯片 微芯科技"),
    Forms(
        "威信 is a word, 维信 a company; the rest are names or meet by accident",
        each_char("威维唯围韦魏伟纬卫未味喂委尾巍违惟为位", "信芯鑫"),
        evidence=True,
        unless_inside=(
            "威信扫地 威信县 维信诺 维信金科 保卫信息 单位信息 各位信 定位信息 认为信 因为信"
        ),
    ),
    Forms(
        "sounds alike, but two words can meet so, or it is a name",
        each_char("微薇葳威维唯", "心欣新馨") + " 微辛 微薪 威辛 威薪",
        evidence=True,
        unless_inside="蔷薇新 蔷薇心 薇新款 微新款 微心愿 稍微新 稍微心 维新派 维新变法 唯新款",
    ),
    Forms(
        "sounds alike, and is a name or nothing",
        each_char("围韦伪喂魏伟卫", "心欣新馨"),
        evidence=True,
        unless_inside="保卫新 卫新城 范围心 范围新 周围新",
    ),
    Forms(
        "the marks between its characters end a clause, too",
        "微。信 微，信 微？信 微！信 微；信 微：信",
        evidence=True,
    ),
    Forms(
        "what stands between its characters says that nothing does",
        "微空格信 微空信 微加信 微和信 微与信",
    ),
    Forms(
        "filled up with what is to be left out",
        each_part("微", "一信 的信 大信 小信 口信 丨信 工信 12信 123信 11信 00信 xx信"),
        evidence=True,
        unless_inside="微的信息 微的信号 微一信号 微大信封 微小信封 微小信号",
    ),
    Forms("looks alike", "徽信", unless_inside="安徽信"),
    Forms("looks alike, and is the traditional word for credit", "徵信", evidence=True),
    Forms("looks alike", "微佶 微偣 微訁 徾信 癓信 嶶信 徴信 微侰 微伈"),
    Forms(
        "split into its parts",
        "微亻言 薇亻言 微人言 溦亻言 彳山信 山几一攵信 彳山王攵言 彳山一几攵亻言 v亻言 "
        "w亻言 wei亻言 彳敳信 彳散信 彳攵信",
    ),
    Forms(
        "a sign that is read xin",
        each_char("薇葳", HEARTS) + " " + " ".join(f"wei{heart}" for heart in HEARTS),
    ),
    Forms(
        "a sign that is read xin; it ends sentences, too",
        each_char("微威维卫味未围vw", HEARTS),
        evidence=True,
    ),
    Forms(
        "its picture",
        "绿泡泡 绿泡 绿色泡泡 绿色气泡 绿色软件 绿色的软件 绿色图标 绿色app 绿色聊天 "
        "绿聊 绿信 两个气泡 绿色那个软件 绿色的那个软件 绿色的聊天 换绿的聊 去绿的聊 "
        "上绿的聊 绿的那个软件",
        unless_inside=(
            "绿泡泡机 绿泡泡枪 绿泡泡水 绿泡泡液 绿泡泡棒 绿泡泡糖 绿泡泡浴 绿泡泡袖 "
            "绿泡泡纱 绿色泡泡机  "
            "绿色泡泡枪 绿色泡泡水 绿色泡泡棒 绿色泡泡袖 绿色泡泡浴 绿色泡泡糖 绿色泡泡膜 "
            "绿色软件夹"
        ),
    ),
    Forms("a stand-in for a character", "某信", unless_inside="某信用 某信息 某信封"),
    Forms(
        "a stand-in for a character",
        "x信",
        evidence=True,
        whole=True,
        unless_inside="x信号 x信息 x信用",
    ),
    Forms(
        "its number",
        "微号 薇号 威号 v号 葳号 维号",
        whole=True,
        unless_inside="稍微号 威号召",
    ),
    Forms(
        "a plus sign and what is left of it",
        each_part("+ ➕ ✚ 十", "v 微 薇 威"),
        whole=True,
        unless_inside="+微笑 +微波 +微量 +微弹 +微距 +威士忌 十微米 +微单 二十微",
    ),
    Forms(
        "one character, and adding it",
        "加微， 加微。 加微！ 加微哦 加微吧 加微哈 加微聊 加微说 加微发 加微详 加个微 加下微 "
        "加一下微 加我微 "
        "加您微 加你微 留个微 留下微 互微 换个微",
        unless_inside=(
            "加个微波 加个微辣 加个微单 加个微弹 加个微距 加个微量 加下微波 加我微薄 加个微店 "
            "加个微信 "
            "加下微信 加一下微信 加我微信 加您微信 加你微信 留个微信 留下微信 互微信 "
            "换个微信 留下微小 留下微量 "
            "留下微弱 相互微 加个微型 加个微调"
        ),
    ),
    Forms(
        "what is left of it",
        "加w 加薇 加威 伽v",
        whole=True,
        unless_inside="加薇薇 加薇娅 加威士忌 参加w 增加w 加薇诺娜 附加w 更加威 添加威 增加威",
    ),
    Forms(
        "one character, and talking there",
        each_part("微 薇 v", "里说 里聊 里发 上聊 上说 上发 里谈"),
        unless_inside="稍微上说 稍微上聊",
    ),
    Forms(
        "one letter, and asking for it",
        "有v吗 有v么 有v嘛 有v不 有没有v 有无v v多少 v是多少 v发我 v给我 v聊 v联系 v同号 v同步 "
        "加咱v 加俺v 加本v 您的v 你的v 我的v 互v 留v 留个v 换v聊 威❤",
        whole=True,
        unless_inside="v聊城 您的v领 你的v脸 我的v脸 您的v型 互v领 留v字 你的v领 我的v领",
    ),
    Forms(
        "one letter, and adding it",
        "加v 加个v 加下v 加我v 加一下v",
        evidence=True,
        whole=True,
        unless_inside="加v领 加v型 加v字 加v脸 加v形 加v口 加v认证",
    ),
    Forms("a character and a letter", each_char("微薇威徽", "xvw"), evidence=True, whole=True),
    Forms(
        "one letter, and whose",
        each_part("我 你 您 们 个 的", "v"),
        evidence=True,
        whole=True,
        unless_inside="个v领 个v的 个v型 个v字 的v领 的v脸 的v型 的v字 的v口 我v脸 的v形",
    ),
    Forms(
        "sounds nearly alike, and is a word",
        "卫星 微星 小绿 绿标 🛰",
        evidence=True,
        unless_inside=(
            "人造卫星 卫星电视 卫星锅 卫星地图 卫星导航 卫星定位 卫星城 卫星云图 卫星信号 "
            "卫星接收 卫星图 卫星天线 卫星电话 卫星通信 卫星通话 卫星轨道 卫星发射 北斗卫星 "
            "卫星遥控 卫星模型 卫星消息 卫星模块 微星主板 微星显卡 微星笔记本 微星官方 "
            "小绿瓶 小绿管 小绿植 小绿点 小绿标 小绿叶 小绿人 小绿片 环保绿标"
        ),
    ),
    Forms(
        "one character, and a word or a part of many",
        "薇 威",
        evidence=True,
        unless_inside=(
            "蔷薇 紫薇 采薇 薇娅 薇诺娜 薇甘菊 薇薇 白薇 示威 威力 威猛 威士忌 威露士 权威 "
            "威风 威海 威廉 威胁 威尔 挪威 威望 夏威 威武 施威 国威 扬威 声威 神威 威严 威慑 "
            "威亚 威化 威能 威高 威刚 威乐 威固 海威 科威 格威 伊威 助威 发威 下马威 威克 "
            "威特 威斯 威尼斯 威龙 威驰 威朗 威兰 威图 威信"
        ),
    ),
    Forms("a letter between its characters", each_part("微", _LETTERS)),
)

_QQ = (
    Forms(
        "sounds alike, and no word is written so",
        "扣抠 叩扣 蔻扣 寇寇 秋q q扣 扣q 球q q球 抠q q抠",
    ),
    Forms(
        "sounds alike; small children's words, too",
        "扌口扌口 扣扣 叩叩 抠抠 蔻蔻 球球 秋秋 丘丘 邱邱 口口 鹅鹅 🐧",
        evidence=True,
        unless_inside="抠抠搜搜 毛球球 小球球 球球玩具 鹅鹅鹅 口口声声 口口相传 一口口 纽扣扣",
    ),
    Forms("spelled by its sound", "koukou qiuqiu kouk0u 扣kou"),
    Forms(
        "its number or group",
        "扣号 扣扣号 球号 企鹅号 鹅号 q号 企鹅群 扣群 扣扣群 扣裙 q裙 q君 企鹅裙 球球群",
        unless_inside=(
            "纽扣号 气球号 足球号 篮球号 天鹅号 地球号 月球号 星球号 毛球号 小球号 大球号"
        ),
        whole=True,
    ),
    Forms(
        "its picture, and an animal that is printed on much",
        "企鹅",
        evidence=True,
        unless_inside=(
            "小企鹅 企鹅图 企鹅公仔 企鹅玩偶 企鹅抱枕 企鹅款 企鹅造型 企鹅毛绒 企鹅帽 "
            "企鹅印花 企鹅卡通 企鹅牌 企鹅灯 帝企鹅 企鹅摆件 企鹅睡衣 企鹅的图 企鹅儿童 "
            "企鹅挂件 企鹅玩具 企鹅杯 企鹅家族 企鹅音箱"
        ),
    ),
    Forms("its picture, misspelled", "企额 企俄 启鹅 起鹅 企峨 企e", unless_inside="企额外"),
    Forms("spelled apart", "q0q oicq"),
)

_ALIPAY = (
    Forms(
        "one character sounds alike",
        "支付保 支付饱 支付堡 支付抱 支付包 知付宝 之付宝 芝付宝 只付宝 吱付宝 指付宝 "
        "织付宝 枝付宝 支附宝 支副宝 支富宝 支服宝 支府宝 支负宝 支会宝",
        unless_inside="支付包裹 支付包邮 支付包含 支付包装 支付保证 支付保障 支付保险 支付保价",
    ),
    Forms(
        "half spelled",
        "支fu宝 支fb 支付寳 zhi付宝 支付bao 支付b 支f宝 z付宝 zf宝 zhifu宝 支fubao 支付bb 支宝宝付",
        whole=True,
    ),
    Forms("spelled by its sound", "zhifubao zhifubo alipay zhifb zhifu8ao"),
    Forms("the first letters", "zfb", whole=True),
    Forms(
        "a stand-in for a character", "支x宝 支付x宝 支付某宝 支付a宝 支某宝 某付宝 支付某 支口宝"
    ),
    Forms(
        "cut short",
        "支宝 付宝 z宝",
        evidence=True,
        unless_inside="支宝宝 支宝贝 付宝贝 付宝宝 支付宝",
    ),
)

_PHONE = (
    Forms(
        "sounds alike, and no word is written so",
        "殿话 垫话 甸话 奠话 癫话 滇话",
        unless_inside="宫殿话",
    ),
    Forms(
        "sounds alike, but two words can meet so",
        "店话 点话 电画 电花 电化 电划",
        evidence=True,
        unless_inside="电化学 电花茶 店话费 充电花 电画面 家电化",
    ),
    Forms("split into its parts", "电讠舌 电言舌 电訁舌 言舌号 言舌号码 讠舌号 言舌多少 讠舌多少"),
    Forms("half spelled", "电hua dian话 电h d话", whole=True),
    Forms("spelled by its sound", "dianhua dianhau", whole=True),
)

_MOBILE = (
    Forms(
        "sounds alike",
        "守机 首机 寿机 手叽 手矶 手玑 扌机 手木几",
        unless_inside="首机会 首机票",
    ),
    Forms(
        "sounds alike, but two words can meet so",
        "手几 手鸡 手基 手级 手记",
        evidence=True,
        unless_inside="二手几 新手几 手几天 手鸡爪",
    ),
    Forms("half spelled", "shou机 手ji 手j s机", whole=True),
    Forms("spelled by its sound", "shouji shouj1", whole=True),
)

CONTACT_FORMS: Final[dict[str, tuple[Forms, ...]]] = {
    "微信": _WECHAT,
    "qq": _QQ,
    "支付宝": _ALIPAY,
    "电话": _PHONE,
    "手机": _MOBILE,
}
"""Folded term to its other spellings."""
