from replygate.screening.forms import each_char, each_part


def test_characters_and_parts_are_combined() -> None:
    assert each_char("薇葳", "信芯") == "薇信 薇芯 葳信 葳芯"
    assert each_part("wei v", "xin") == "weixin vxin"
