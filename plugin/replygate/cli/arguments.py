"""What the arguments of several commands are made of. It loads nothing of the product."""

from __future__ import annotations

import argparse
import datetime as dt
import difflib
import os
from typing import TYPE_CHECKING, Final, NoReturn, TypeAlias

from replygate.cli.exits import USAGE

if TYPE_CHECKING:
    from _typeshed import SupportsWrite

    from replygate.sidecar.addresses import Address


MAPPED: Final = ("at", "who", "text", "conversation", "id", "date", "agent", "kind", "store")
"""What a table may tell of a message."""


class Parser(argparse.ArgumentParser):
    """Words a usage error as one line, and does not hide that nobody reads the help."""

    def print_help(self, file: SupportsWrite[str] | None = None) -> None:
        """Print the help to `file`, or stdout. argparse's own swallows a broken pipe."""
        print(self.format_help(), end="", file=file)

    def error(self, message: str) -> NoReturn:
        """Exit with code 2."""
        flat = " ".join(message.split())
        self.exit(USAGE, f"{self.prog}: {flat}; see '{self.prog} --help'\n")


# argparse has no public name for what add_subparsers returns.
Commands: TypeAlias = "argparse._SubParsersAction[Parser]"  # noqa: SLF001 - see above


def command(
    commands: Commands, name: str, usage: str, about: str, short: str
) -> argparse.ArgumentParser:
    """Add a command; `name` is all that is typed for it (`words lint`)."""
    return commands.add_parser(
        name.rpartition(" ")[2],
        usage=f"replygate {name} {usage}",
        description=about,
        help=short,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )


def add_store(
    parser: argparse.ArgumentParser, *, several: bool = False, required: bool = True
) -> None:
    """Add the flags that name a store, and change it for one run."""
    parser.add_argument(
        "-s",
        "--store",
        metavar="STORE",
        required=required,
        action="append" if several else "store",
        help="a store's TOML file, or the id of a packaged store (demo-pdd, demo-jd ...)"
        + ("; repeatable" if several else ""),
    )
    parser.add_argument(
        "--enable",
        metavar="RULE-OR-LEXICON",
        type=utf8,
        action="append",
        default=[],
        help="switch on a lexicon or a rule as well; repeatable",
    )
    parser.add_argument(
        "--set",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        type=setting,
        help="override a key of the store (--set mode=observe); repeatable",
    )


def utf8(argument: str) -> str:
    """Undo what Python makes of Chinese arguments in a locale that is not UTF-8."""
    try:
        return os.fsencode(argument).decode("utf-8", "surrogateescape")
    except UnicodeEncodeError:  # a program called us, with more than a shell could pass
        return argument


def setting(argument: str) -> str:
    """Read KEY=VALUE."""
    text = utf8(argument)
    key, equals, _ = text.partition("=")
    if not equals or not key.strip():
        raise argparse.ArgumentTypeError(f"expected KEY=VALUE, got {text!r}")
    return text


def address(argument: str) -> Address:
    """Read HOST:PORT."""
    from replygate.sidecar.addresses import Address

    try:
        return Address.parse(argument)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error


def add_ledger(parser: argparse.ArgumentParser) -> None:
    """Add --ledger."""
    parser.add_argument(
        "--ledger",
        metavar="URL",
        default="sqlite:///replygate.db",
        help="where the facts are kept (default: sqlite:///replygate.db)",
    )


# argparse has no public name for what groups and parsers have in common.
def add_json(parser: argparse._ActionsContainer, what: str) -> None:
    """Add --json."""
    parser.add_argument("--json", action="store_true", help=what)


def column_map(argument: str) -> dict[str, str]:
    """Read FIELD=COLUMN,FIELD=COLUMN: what a table of messages calls its columns."""
    names: dict[str, str] = {}
    for part in utf8(argument).split(","):
        field, equals, column = (piece.strip() for piece in part.partition("="))
        if not equals or not column:
            raise argparse.ArgumentTypeError(f"expected FIELD=COLUMN, got {part!r}")
        if field not in MAPPED:
            near = difflib.get_close_matches(field, MAPPED, n=1)
            hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(MAPPED)}"
            raise argparse.ArgumentTypeError(f"no field {field!r}; {hint}")
        if field in names:
            raise argparse.ArgumentTypeError(f"{field} is given twice")
        names[field] = column
    return names


def day(argument: str) -> dt.date:
    """Read a date."""
    try:
        return dt.date.fromisoformat(argument)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"expected a day such as 2026-11-20, got {argument!r}"
        ) from None
