from pathlib import Path

import pytest

from replygate.config import HttpAdapter, check_file, explain, load_store
from replygate.config.store import StatusMap

WHOLE = """\
[adapter]
kind = "http"
url = { env = "SEND_URL" }
method = "PATCH"
secret = { file = "sign.key" }
timeout_s = 2.5
dedupes = true
id_path = "data.msg_id"
[adapter.headers]
X-Shop = "7"
Authorization = { env = "SEND_TOKEN" }
[adapter.body]
text = "{text}"
auto = true
to = { id = "{conversation}", key = "{client_id}" }
[adapter.status]
refused = [202]
busy = [500, 502]
uncertain = [404]
"""


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SEND_URL", "https://shop.example/send?key=s3cret")
    monkeypatch.setenv("SEND_TOKEN", "Bearer s3cret")
    Path("sign.key").write_text("s1gn\n", "utf-8")


def adapter_of(text: str) -> HttpAdapter:
    Path("s.toml").write_text(f'id = "s"\n{text}', "utf-8")
    adapter = load_store("s.toml").adapter
    assert isinstance(adapter, HttpAdapter)
    return adapter


def problems_of(text: str) -> list[str]:
    Path("s.toml").write_text(f'id = "s"\n{text}', "utf-8")
    result = check_file("s.toml")
    assert result.store is None
    return [str(problem) for problem in result.problems]


def test_a_store_without_the_table_has_no_adapter() -> None:
    Path("s.toml").write_text('id = "s"\n', "utf-8")
    assert load_store("s.toml").adapter is None


def test_what_is_taken_where_nothing_more_is_said() -> None:
    adapter = adapter_of('[adapter]\nkind = "http"\nurl = "http://127.0.0.1:1/x"\n')
    assert (adapter.kind, adapter.url.reveal()) == ("http", "http://127.0.0.1:1/x")
    assert (adapter.method, adapter.headers, adapter.secret) == ("POST", (), None)
    assert (adapter.timeout_s, adapter.dedupes, adapter.id_path) == (5, False, ())
    assert adapter.status == StatusMap()
    values = dict.fromkeys(("text", "conversation", "store", "client_id", "origin", "agent"), "v")
    assert adapter.body.fill(values) == dict.fromkeys(
        ("text", "conversation", "client_id", "origin"), "v"
    )


def test_the_whole_table() -> None:
    adapter = adapter_of(WHOLE)
    assert adapter.url.reveal() == "https://shop.example/send?key=s3cret"
    assert [(name, value.reveal()) for name, value in adapter.headers] == [
        ("X-Shop", "7"),
        ("Authorization", "Bearer s3cret"),
    ]
    assert adapter.secret is not None
    assert adapter.secret.reveal() == "s1gn"
    assert (adapter.method, adapter.timeout_s, adapter.dedupes) == ("PATCH", 2.5, True)
    assert adapter.id_path == ("data", "msg_id")
    assert adapter.status == StatusMap(frozenset({202}), frozenset({500, 502}), frozenset({404}))
    assert "s3cret" not in repr(adapter)


def test_a_group_says_one_half_and_the_store_the_other() -> None:
    Path("half.toml").write_text(
        '[adapter]\nkind = "http"\nurl = "https://a.example"\n'
        '[adapter.headers]\nX-A = "1"\n[adapter.body]\nsay = "{text}"\n',
        "utf-8",
    )
    adapter = adapter_of(
        'extends = "half.toml"\n[adapter]\nurl = { env = "SEND_URL" }\n'
        'headers = { X-B = "2" }\nbody = { say = { text = "{text}" } }\n'
    )
    assert adapter.kind == "http"
    assert adapter.url.origin == "env SEND_URL"
    assert [name for name, _ in adapter.headers] == ["X-B"], "headers are replaced whole"
    assert adapter.body.fill({"text": "t"}) == {"say": {"text": "t"}}


def test_nothing_secret_is_explained() -> None:
    Path("s.toml").write_text(f'id = "s"\n{WHOLE}', "utf-8")
    shown = {row.key: row.value for row in explain("s.toml")}
    assert shown["adapter.url"] == "(secret from env SEND_URL)"
    assert "(secret from env SEND_TOKEN)" in shown["adapter.headers"]
    assert shown["adapter.secret"] == "(secret from file sign.key)"
    assert shown["adapter.status.busy"] == "[500, 502]"
    open_address = '[adapter]\nkind = "http"\nurl = "https://a.example/?key=open"\n'
    Path("s.toml").write_text(f'id = "s"\n{open_address}', "utf-8")
    assert {row.key: row.value for row in explain("s.toml")}["adapter.url"] == "(address hidden)"


TABLE = '[adapter]\nkind = "http"\nurl = "https://a.example"\n'


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[adapter]\nurl = "https://a"', "2: adapter.kind: is missing"),
        ('[adapter]\nkind = "http"', "2: adapter.url: is missing"),
        (
            "adapter = 3",
            "2: adapter: expected a table, got the number 3",
        ),
        (f"{TABLE}urll = 3", "5: adapter.urll: unknown key; did you mean url?"),
        (
            f'{TABLE}method = "PUT"',
            '5: adapter.method: expected one of POST, PATCH; got the string "PUT"',
        ),
        (
            '[adapter]\nkind = "http"\nurl = "ftp://a"',
            "4: adapter.url: expected an address that starts with https:// or http://",
        ),
        (
            '[adapter]\nkind = "http"\nurl = "https://"',
            "4: adapter.url: expected an address that starts with https:// or http://",
        ),
        (
            '[adapter]\nkind = "http"\nurl = "https://a..b/"',
            "4: adapter.url: expected an address that starts with https:// or http://",
        ),
        (
            '[adapter]\nkind = "http"\nurl = "https://a:x/"',
            "4: adapter.url: expected an address that starts with https:// or http://",
        ),
        (
            '[adapter]\nkind = "http"\nurl = "https://a/ b"',
            "4: adapter.url: expected an address that starts with https:// or http://",
        ),
        (
            '[adapter]\nkind = "http"\nurl = "https://me:s3cret@a"',
            "4: adapter.url: an address holds no password; put it into headers, as a secret",
        ),
        (
            '[adapter]\nkind = "http"\nurl = "https://a/{conversation}"',
            "4: adapter.url: variables stand in the body, never in the address",
        ),
        (
            '[adapter]\nkind = "http"\nurl = { env = "REPLYGATE_TEST_UNSET" }',
            "4: adapter.url: the environment variable REPLYGATE_TEST_UNSET is not set",
        ),
        (
            f'{TABLE}secret = "s3cret"',
            (
                '5: adapter.secret: a secret is never written in this file; write { env = "NAME" } '
                'or { file = "path" }'
            ),
        ),
        (f"{TABLE}timeout_s = 0", "5: adapter.timeout_s: expected a number above 0, got 0"),
        (f"{TABLE}timeout_s = 10", "5: adapter.timeout_s: expected a number of at most 9, got 10"),
        (
            f"{TABLE}timeout_s = nan",
            "5: adapter.timeout_s: expected a finite number, got the number nan",
        ),
        (
            f'{TABLE}headers = {{ "X Y" = "1" }}',
            '5: adapter.headers."X Y": is not the name of a header',
        ),
        (
            f"{TABLE}headers = {{ X-Y = 1 }}",
            "5: adapter.headers.X-Y: expected a string, got the number 1",
        ),
        (
            f'{TABLE}headers = {{ X-Y = "1", x-y = "2" }}',
            "5: adapter.headers.x-y: this header stands here twice",
        ),
        (
            f'{TABLE}headers = {{ Host = "1" }}',
            "5: adapter.headers.Host: this header is set by replygate itself",
        ),
        (
            f'{TABLE}headers = {{ X-Replygate-Signature = "1" }}',
            "5: adapter.headers.X-Replygate-Signature: this header is set by replygate itself",
        ),
        (
            f'{TABLE}headers = {{ X-Api-Key = "s3cret" }}',
            (
                "5: adapter.headers.X-Api-Key: a secret is never written in this file; "
                'write { env = "NAME" } or { file = "path" }'
            ),
        ),
        (
            f'{TABLE}headers = {{ X-Y = "a\\r\\nX-Z: 1" }}',
            "5: adapter.headers.X-Y: a header holds printable ASCII on one line",
        ),
        (
            f'{TABLE}headers = {{ X-Y = "店" }}',
            "5: adapter.headers.X-Y: a header holds printable ASCII on one line",
        ),
        (
            f'{TABLE}body = "{{text}}"',
            "5: adapter.body: expected a table, got a string",
        ),
        (
            f'{TABLE}body = {{ a = "{{text}}", access_token = "s3cret" }}',
            (
                "5: adapter.body.access_token: a secret never stands in the file; "
                "send it as a header, or sign with secret"
            ),
        ),
        (
            f'{TABLE}headers = {{ X-Shop-Key = "s3cret" }}',
            (
                "5: adapter.headers.X-Shop-Key: a secret is never written in this file; "
                'write { env = "NAME" } or { file = "path" }'
            ),
        ),
        (
            f'{TABLE}body = {{ a = "b" }}',
            "5: adapter.body: names {text} nowhere, so no text would be sent",
        ),
        (
            f'{TABLE}body = {{ a = "{{text}}", b = "{{buyer}}" }}',
            (
                '5: adapter.body.b: there is no variable "{buyer}"; the variables are {text}, '
                "{conversation}, {store}, {client_id}, {origin}, {agent}"
            ),
        ),
        (
            f'{TABLE}body = {{ a = "{{text}}", b = ["{{text"] }}',
            (
                "5: adapter.body.b[0]: has a brace that is not closed or not opened; the variables "
                "are {text}, {conversation}, {store}, {client_id}, {origin}, {agent}"
            ),
        ),
        (
            f'{TABLE}body = {{ a = "{{text}}", "{{store}}" = 1 }}',
            '5: adapter.body."{store}": a variable stands in a value, never in a key',
        ),
        (
            f'{TABLE}body = {{ a = \'{{{{"t": "{{text}}"}}}}\' }}',
            (
                "5: adapter.body.a: is JSON inside a string, where a value would not be escaped; "
                "write it as a table"
            ),
        ),
        (
            f'{TABLE}body = {{ a = "{{text}}", b = 2026-11-20 }}',
            "5: adapter.body.b: expected a value that JSON has, got the date 2026-11-20",
        ),
        (
            f'{TABLE}body = {{ a = "{{text}}", b = inf }}',
            "5: adapter.body.b: expected a value that JSON has, got the number inf",
        ),
        (
            f'{TABLE}dedupes = true\nbody = {{ a = "{{text}}" }}',
            "5: adapter.dedupes: the platform can not dedupe: the body names {client_id} nowhere",
        ),
        (
            f'{TABLE}id_path = "data..id"',
            "5: adapter.id_path: expected keys with dots between: data.id",
        ),
        (
            f"{TABLE}status = {{ busy = 404 }}",
            "5: adapter.status.busy: expected a list of numbers, got the number 404",
        ),
        (
            f'{TABLE}status = {{ busy = ["404"] }}',
            '5: adapter.status.busy[0]: expected a whole number, got the string "404"',
        ),
        (
            f"{TABLE}status = {{ busy = [199] }}",
            "5: adapter.status.busy[0]: expected a number of at least 200, got 199",
        ),
        (
            f"{TABLE}status = {{ busy = [404], uncertain = [404] }}",
            "5: adapter.status.uncertain[0]: 404 stands in busy as well",
        ),
    ],
)
def test_a_bad_table_gets_one_clear_line(text: str, said: str) -> None:
    assert problems_of(text) == [f"s.toml:{said}"]
    assert "s3cret" not in said


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("{ a = " + "[" * 12 + "1" + "]" * 12 + ' , t = "{text}" }', "nested deeper than 10"),
        (
            "{ " + "".join(f"a{n} = 1, " for n in range(201)) + ' t = "{text}" }',
            "holds 202 entries; at most 200 are allowed",
        ),
    ],
)
def test_a_body_has_its_limits(body: str, said: str) -> None:
    (problem,) = problems_of(f"{TABLE}body = {body}")
    assert said in problem


def test_a_huge_number_is_no_fault_of_ours() -> None:
    adapter = adapter_of(f'{TABLE}body = {{ a = "{{text}}", b = {"9" * 400} }}\n')
    assert adapter.body.fill({"text": "t"})["b"] == int("9" * 400)
