"""Texts and words that the benchmarks share, the same in every run."""

from __future__ import annotations

import random

# Everyday replies in our own words; the texts below are cut from them.
REPLIES = (
    "您好，您的订单已经打包好了，今天下午快递员会来取件，预计后天可以送到，请您留意物流信息哦～",
    "这款衣服有黑色和白色，尺码从小号到加大号都有现货，您平时穿多大的可以参考详情页的尺码表",
    "很抱歉给您添麻烦了，这边已经帮您登记，售后同事会在核实之后给您补发，请您耐心等一等",
    "亲爱的顾客，活动价到今晚结束，优惠券可以在店铺首页领取，领取之后下单时会自动抵扣",
    "面料是纯棉的，可以机洗，建议用冷水，深浅颜色分开，不要暴晒，晾干以后不容易变形",
)
# The characters that Chinese is mostly written with: any of them may begin a listed word, so that
# a scan keeps going in and out of partial matches.
COMMON = (
    "的一是不了人我在有他这中大来上个国和也子时道说出要于就下得可你年生自会那后能对着事其里所去行过家十用发天如然作方成者多日都三小军二无同么经法当起与好看学进种将还分此心前"
    "面又定见只主没公从知使分理物现实加量两体制机点业本把性应开它合因由些外政四社义平形相全表间样关各重新线内数正反明原利比或但质气第向命变条结解问意建月系情最立代想已通并提"
    "直题党程展五果料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接组计别她手角期根论运农指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规"
    "热领七海口东导器压志世金增争济阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示议声报斗完类八离华名确才科张信马节话米整空"
    "元况今集温传土许步群广石记需段研界拉林律叫且究观越织装影算低持音众书布复容儿须际商非验连断深难近矿千周委素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太准精"
    "值号率族维划选标写存候毛亲快效斯院查江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县局照参红细引听该铁价严"
)


def words(count: int) -> list[str]:
    """Made-up words of two to four common characters: none of them is in the texts."""
    chance = random.Random(20)  # noqa: S311 - the same words in every run
    told = "".join(REPLIES)
    found: dict[str, None] = {}
    while len(found) < count:
        word = "".join(chance.choices(COMMON, k=chance.choice((2, 3, 3, 4))))
        if word not in told:
            found[word] = None
    return list(found)
