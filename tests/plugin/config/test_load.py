import datetime as dt
from pathlib import Path

import pytest

from replygate.config import load_store, load_stores
from replygate.config.library import packaged
from replygate.config.load import local_today
from replygate.errors import ConfigError, UnknownStore

TODAY = dt.date(2026, 11, 22)


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, "utf-8")


@pytest.mark.parametrize("name", sorted(packaged("store")))
def test_every_packaged_store_loads_by_its_id(name: str) -> None:
    assert load_store(name, today=TODAY).id == name


@pytest.mark.parametrize(
    "source", ["shops/s.toml", Path("shops/s.toml"), Path("shops/s.toml").absolute()]
)
def test_a_store_loads_by_its_path(source: str | Path, shop: Path) -> None:
    write("shops/s.toml", 'id = "s"\n')
    source = shop / "shops/s.toml" if Path(source).is_absolute() else source
    assert load_store(source).id == "s"


def test_a_packaged_store_is_not_hidden_by_a_folder_of_its_name() -> None:
    Path("demo-pdd").mkdir()
    assert load_store("demo-pdd", today=TODAY).platform == "pdd"


def test_a_file_of_the_name_of_a_packaged_store_wins() -> None:
    write("demo-pdd", 'id = "mine"\n')
    assert load_store("demo-pdd").id == "mine"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("demo-pd", 'there is no file and no packaged store "demo-pd"; did you mean demo-pdd?'),
        ("zzz", 'there is no file and no packaged store "zzz"; packaged are demo-'),
        ("", "expected a store's file or id, got an empty name"),
        ("超" * 150, "超超超"),
        ("a\0b/c.toml", "there is no file a\0b/c.toml"),
        ("shops/shop.toml", "there is no file shops/shop.toml; did you mean shop1?"),
        ("shops/shop", "there is no file shops/shop"),
        (Path("other.toml"), "there is no file other.toml"),
    ],
)
def test_an_unknown_store(source: str | Path, line: str) -> None:
    write("shops/shop1.toml", 'id = "s"\n')
    with pytest.raises(UnknownStore) as raised:
        load_store(source)
    assert str(raised.value).startswith(line)


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("group.toml", "group.toml: id: is missing; a file without an id is a group"),
        ("p.toml", "p.toml: is a platform file, expected a store"),
        ("l.toml", "l.toml: is a lexicon file, expected a store"),
        (".", ".: expected a file, this is a folder"),
    ],
)
def test_a_file_that_is_no_store(name: str, line: str) -> None:
    with pytest.raises(ConfigError) as raised:
        load_store(name)
    assert str(raised.value) == line


def test_an_error_holds_every_problem_and_no_warning() -> None:
    write("s.toml", 'id = "s"\nplatform = "p.toml"\nmode = "x"\n[holding]\nlead_s = 0\n')
    with pytest.raises(ConfigError) as raised:
        load_store("s.toml", today=TODAY)
    assert [(problem.line, problem.level) for problem in raised.value.problems] == [
        (3, "error"),
        (5, "error"),
    ]


def test_all_stores_of_a_folder() -> None:
    write("stores/a.toml", 'id = "a"\nextends = "g.toml"\n')
    write("stores/b.toml", 'id = "b"\nplatform = "p.toml"\nedition = "current"\n')
    write("stores/g.toml", 'mode = "observe"\n')
    write("stores/p.toml", Path("p.toml").read_text("utf-8"))
    write("stores/l.toml", Path("l.toml").read_text("utf-8"))
    write("stores/note.txt", "no TOML")
    stores = load_stores("stores", today=TODAY)
    assert sorted(stores) == ["a", "b"]
    assert (stores["a"].mode, stores["b"].platform) == ("observe", "p")


def test_stores_of_one_platform_share_its_compiled_rules() -> None:
    for name in ("a", "b"):
        text = f'id = "{name}"\nplatform = "../p.toml"\nedition = "current"\n'
        write(f"stores/{name}.toml", text + '[screening]\ndisable = ["p.gift"]\n')
    stores = load_stores(Path("stores"), today=TODAY)
    first, second = (store.gate.rulebook.automata[0] for store in stores.values())
    assert first is second


def test_two_stores_of_one_account_are_an_error_that_names_both() -> None:
    adapter = '[adapter]\nkind = "onebot"\nway = "reverse-ws"\nurl = "ws://127.0.0.1:9/x"\n'
    for name, account in (("a", "10"), ("b", "10"), ("c", "11")):
        write(f"stores/{name}.toml", f'id = "{name}"\n{adapter}self_id = "{account}"\n')
    with pytest.raises(ConfigError) as raised:
        load_stores("stores")
    assert str(raised.value) == (
        'stores/b.toml:6: adapter.self_id: the account "10" is that of another store;'
        " see stores/a.toml:6"
    )


def test_two_stores_of_one_id_are_an_error_that_names_both() -> None:
    write("stores/a.toml", 'id = "same"\n')
    write("stores/b.toml", 'name = "x"\nid = "same"\n')
    with pytest.raises(ConfigError) as raised:
        load_stores("stores")
    assert str(raised.value) == (
        'stores/b.toml:2: id: the store "same" is defined twice; see stores/a.toml:1'
    )


def test_the_problems_of_all_stores_are_said_at_once() -> None:
    write("stores/a.toml", 'id = "a"\nmode = 1\n')
    write("stores/b.toml", "id = 2\n")
    write("stores/c.toml", "id =")
    write("stores/d.toml", 'id = "d"\n[holding]\ntexts = ["{"]\n')
    with pytest.raises(ConfigError) as raised:
        load_stores("stores")
    places = {(problem.file, problem.line) for problem in raised.value.problems}
    assert places == {
        (f"stores/{name}.toml", line) for name, line in (("a", 2), ("b", 1), ("c", 1), ("d", 3))
    }


@pytest.mark.parametrize(
    ("folder", "line"),
    [
        ("none", "none: expected a folder of store files"),
        ("l.toml", "l.toml: expected a folder of store files"),
        ("empty", "empty: holds no store file"),
    ],
)
def test_a_folder_without_stores(folder: str, line: str) -> None:
    write("empty/g.toml", 'mode = "observe"\n')
    with pytest.raises(ConfigError) as raised:
        load_stores(folder)
    assert str(raised.value) == line


def test_today_is_the_day_of_the_platforms() -> None:
    here = dt.datetime.now(dt.UTC) + dt.timedelta(hours=8)
    assert abs(local_today() - here.date()) <= dt.timedelta(days=1)
    assert isinstance(local_today(), dt.date)


def test_a_broken_store_does_not_hide_what_is_wrong_with_the_next() -> None:
    write("stores/a.toml", 'id = "a"\nmode = "x"\n')
    rule = '[[screening.rule]]\nid = "r"\naction = "block"\nwords = ["回头"]\n'
    write("stores/b.toml", f'id = "b"\n[holding]\ntexts = ["回头说"]\n{rule}')
    with pytest.raises(ConfigError) as raised:
        load_stores("stores", today=TODAY)
    assert [(p.file, p.key) for p in raised.value.problems] == [
        ("stores/a.toml", "mode"),
        ("stores/b.toml", "holding.texts[0]"),
    ]
