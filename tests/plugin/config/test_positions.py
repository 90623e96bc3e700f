import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from replygate.config.places import KeyPath
from replygate.config.positions import positions

DOCUMENT = '''\
# a comment with [brackets] and "quotes"
id = "s" # = [x]
"quoted key".'other one'.bare = 1

[screening]
allow = [ # first
  "a]", 'b#',

  """
three
"quoted\\" """, 'x',
]
inline = { a = 1, "b.c" = [ { d = 2 }, 3 ] }
date = 2026-11-20 10:00:00 # a blank inside

  [[screening.rule]]
  id = "one"
[[screening.rule]]
id = "two"
[screening.rule.rewrites]
"x\\u0041\\t" = "y"
[[ screening . rule . deep ]]
z = 1

[a.b]
c = 1
[a]
d = 1
'''


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("id",), 2),
        (("quoted key",), 3),
        (("quoted key", "other one", "bare"), 3),
        (("screening",), 5),
        (("screening", "allow"), 6),
        (("screening", "allow", 0), 7),
        (("screening", "allow", 1), 7),
        (("screening", "allow", 2), 9),
        (("screening", "allow", 3), 11),
        (("screening", "inline"), 13),
        (("screening", "inline", "b.c", 0, "d"), 13),
        (("screening", "inline", "b.c", 1), 13),
        (("screening", "date"), 14),
        (("screening", "rule"), 16),
        (("screening", "rule", 0), 16),
        (("screening", "rule", 0, "id"), 17),
        (("screening", "rule", 1), 18),
        (("screening", "rule", 1, "id"), 19),
        (("screening", "rule", 1, "rewrites"), 20),
        (("screening", "rule", 1, "rewrites", "xA\t"), 21),
        (("screening", "rule", 1, "deep", 0), 22),
        (("screening", "rule", 1, "deep", 0, "z"), 23),
        (("a", "b"), 25),
        (("a", "b", "c"), 26),
        (("a",), 27),
        (("a", "d"), 28),
    ],
)
def test_a_key_stands_in_its_line(path: KeyPath, line: int) -> None:
    assert positions(DOCUMENT)[path] == line


def test_nothing_is_invented() -> None:
    assert set(positions(DOCUMENT)) == set(paths(tomllib.loads(DOCUMENT)))


@pytest.mark.parametrize("text", ["", "\n# only talk", "a = 1", "[a]", "\r\na = '''\r\n'''\r\n"])
def test_small_documents(text: str) -> None:
    assert set(positions(text)) == set(paths(tomllib.loads(text)))


def paths(value: Any, path: KeyPath = ()) -> list[KeyPath]:
    """Every key and list element below `value`."""
    inner = list(value.items() if isinstance(value, dict) else enumerate(value))
    found: list[KeyPath] = []
    for key, below in inner:
        found.append((*path, key))
        if isinstance(below, dict | list):
            found += paths(below, (*path, key))
    return found


# Documents are written by hand here, each key together with the line where it is put, so that the
# tokenizer is measured against the writer and not against itself.

KEYS = st.text(st.characters(exclude_categories=["Cs"]), max_size=4) | st.sampled_from("abcd")
TALK = st.sampled_from(["", "", "\n", "# a = [ { '\n", "\n\n", " \t"])
SCALARS = st.sampled_from(
    [
        *("1", "-1.5e3", "true", "2026-11-20", "2026-11-20 10:00:00", "10:00:00", "nan"),
        *('""', "''", '"a#]}\\""', "'a\\'", '"""\n\n"a" \\""""', "'''x\n''y'''", '"""a"""""'),
    ]
)


class Writer:
    def __init__(self, draw: st.DrawFn) -> None:
        self.draw = draw
        self.text = ""
        self.lines: dict[KeyPath, int] = {}

    def here(self) -> int:
        return self.text.count("\n") + 1

    def key(self, name: str) -> str:
        if name.isascii() and name.isalnum() and self.draw(st.booleans()):
            return name
        if self.draw(st.booleans()) and "'" not in name and name.isprintable():
            return f"'{name}'"
        escaped = "".join(f"\\U{ord(char):08x}" for char in name)
        return f'"{escaped}"'

    def value(self, path: KeyPath, depth: int) -> None:
        self.lines.setdefault(path, self.here())
        kind = self.draw(st.sampled_from(["scalar", "list", "table"])) if depth else "scalar"
        if kind == "scalar":
            self.text += self.draw(SCALARS)
        elif kind == "list":
            self.text += "["
            for index in range(self.draw(st.integers(0, 3))):
                self.text += self.draw(TALK)
                self.value((*path, index), depth - 1)
                self.text += self.draw(TALK).replace("#", "\n#") + ","
            self.text += self.draw(TALK) + "]"
        else:
            names = self.draw(st.lists(KEYS, unique=True, max_size=3))
            self.text += "{"
            for index, name in enumerate(names):
                self.text += ", " if index else " "
                self.pair(path, name, depth - 1)
            self.text += "}"

    def pair(self, table: KeyPath, name: str, depth: int) -> None:
        self.lines[(*table, name)] = self.here()
        self.text += f"{self.key(name)} = "
        self.value((*table, name), depth)

    def pairs(self, table: KeyPath) -> None:
        for name in self.draw(st.lists(KEYS, unique=True, max_size=3)):
            self.text += self.draw(TALK)
            self.pair(table, name, 2)
            self.text += "\n"

    def document(self) -> None:
        self.pairs(())
        for number in range(self.draw(st.integers(0, 3))):
            name = f"table {number}"  # unlike any drawn key, which are shorter
            self.text += self.draw(TALK)
            if self.draw(st.booleans()):
                self.lines[name,] = self.here()
                self.text += f"[ {self.key(name)} ] # talk\n"
                self.pairs((name,))
                continue
            for index in range(self.draw(st.integers(1, 3))):
                self.lines.setdefault((name,), self.here())
                self.lines[name, index] = self.here()
                self.text += f"[[{self.key(name)}]]\n"
                self.pairs((name, index))


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, dict[KeyPath, int]]:
    writer = Writer(draw)
    writer.document()
    return writer.text, writer.lines


@given(documents())
def test_any_document(document: tuple[str, dict[KeyPath, int]]) -> None:
    text, lines = document
    tomllib.loads(text)
    assert positions(text) == lines
