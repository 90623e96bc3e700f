import pytest

from replygate.config.template import VARIABLES, BodyTemplate, is_nested_json, variables_in

VALUES: dict[str, str | None] = {
    "text": '您好"}, "x": "{agent}\\\n',
    "conversation": "c-1",
    "store": "s",
    "client_id": "k-1",
    "origin": "hold",
    "agent": None,
}


def test_the_values_cover_the_variables() -> None:
    assert tuple(VALUES) == VARIABLES


@pytest.mark.parametrize(
    ("source", "filled"),
    [
        ({"a": "{text}"}, {"a": VALUES["text"]}),
        ({"a": "[{store}] {text}"}, {"a": f"[s] {VALUES['text']}"}),
        ({"a": "{store}{origin}"}, {"a": "shold"}),
        ({"a": "{agent}"}, {"a": None}),
        ({"a": "by {agent}"}, {"a": "by "}),
        ({"a": "{{text}}"}, {"a": "{text}"}),
        ({"a": ""}, {"a": ""}),
        ({"a": [1, True, "{store}", [2.5]]}, {"a": [1, True, "s", [2.5]]}),
        ({"a": {"b": {"c": "{client_id}"}}}, {"a": {"b": {"c": "k-1"}}}),
    ],
)
def test_values_go_into_strings_and_nowhere_else(
    source: dict[str, object], filled: dict[str, object]
) -> None:
    assert BodyTemplate(source).fill(VALUES) == filled


def test_a_value_is_never_read_as_a_template() -> None:
    template = BodyTemplate({"a": "{text} {conversation}"})
    assert template.fill({**VALUES, "text": "{conversation}", "conversation": "{text}"}) == {
        "a": "{conversation} {text}"
    }


def test_filling_leaves_the_template_as_it_was() -> None:
    source = {"a": {"b": ["{text}"]}}
    template = BodyTemplate(source)
    first = template.fill(VALUES)
    first["a"]["b"].append("more")
    assert template.fill(VALUES) == {"a": {"b": [VALUES["text"]]}}
    assert source == {"a": {"b": ["{text}"]}}


def test_the_variables_of_a_string() -> None:
    assert variables_in("") == []
    assert variables_in("{text} and {{store}} and {origin}{text}") == ["text", "origin", "text"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{txt}", 'there is no variable "{txt}"'),
        ("{}", 'there is no variable "{}"'),
        ("{0}", 'there is no variable "{0}"'),
        ("{text.__class__}", 'there is no variable "{text.__class__}"'),
        ("{text[0]}", 'there is no variable "{text[0]}"'),
        ("{text!r}", 'there is no variable "{text!r}"'),
        ("{text:>99999999}", 'there is no variable "{text:>99999999}"'),
        ("{text", "has a brace that is not closed or not opened"),
        ("text}", "has a brace that is not closed or not opened"),
    ],
)
def test_what_is_no_variable(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=r"brace|variable") as raised:
        variables_in(text)
    assert str(raised.value) == said


@pytest.mark.parametrize(
    ("text", "nested"),
    [
        ('{{"content": "{text}"}}', True),
        ('["{text}"]', True),
        ('{{"id": {client_id}}}', True),
        ("{text}", False),
        ("[{store}] {text}", False),
        ('he said "{text}"', False),
    ],
)
def test_json_inside_a_string_is_recognised(text: str, nested: bool) -> None:
    assert is_nested_json(text) is nested
