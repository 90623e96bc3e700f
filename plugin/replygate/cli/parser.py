"""The one parser of the command line. It loads nothing of the product, so that help is instant."""

from __future__ import annotations

import argparse
import difflib
from collections.abc import Sequence
from typing import Final

from replygate.cli.arguments import (
    Commands,
    Parser,
    add_json,
    add_ledger,
    add_store,
    address,
    command,
    utf8,
)
from replygate.cli.exits import MEANINGS, USAGE
from replygate.cli.report_arguments import add_evidence, add_forget, add_replay, add_report
from replygate.cli.words_arguments import add_words

COMMANDS: Final = {
    "try": "replygate.cli.try_text",
    "screen": "replygate.cli.screen",
    "check": "replygate.cli.check",
    "lint": "replygate.cli.lint",
    "words": "replygate.cli.words",
    "replay": "replygate.cli.replay",
    "report": "replygate.cli.report",
    "evidence": "replygate.cli.evidence",
    "forget": "replygate.cli.forget",
    "notify": "replygate.cli.notify",
    "serve": "replygate.cli.serve",
    "demo": "replygate.cli.demo",
    "completion": "replygate.cli.completion",
    "version": "replygate.cli.version",
}
"""The module of each command, imported only when it runs. `version` is what `--version` runs."""

_POSITIONALS: Final = frozenset(
    {"command", "words_command", "text", "file", "files", "old", "new", "shell"}
)

# Completion scripts show the first line of each.
_TRY = """\
Judge one text and show why.

What matched, by which rule, and the text that goes out. A TEXT of - is read
from standard input; a TEXT that starts with a dash needs -- in front. In
observe mode the original goes out, so the exit code is 0."""
_SCREEN = """\
Judge texts for another program: one line in, one JSON object out, at once.

A line is a bare text, or a JSON object with `text` and optionally `origin`,
`conversation` and `kind`. A line that can not be used is answered by
{"error": "stdin:LINE: ..."}, the others are still judged, and the exit code
is 1. Verdicts do not change the exit code."""
_CHECK = """\
Say everything that is wrong with configuration files.

Stores, groups, platform profiles and lexicons; all problems at once, as
file:line: key: what; hint."""
_LINT = """\
Judge a shop's quick phrases: which to change, and to what.

The phrases are the lines of a .txt file, one column of a .csv file or of every
sheet of an .xlsx workbook, or the `text` of each line of a .jsonl file. Text is
UTF-8 or GB18030 (GBK). They are judged as in enforce mode, whatever the store's
mode is. Workbooks need the extra `tables`: pip install 'replygate[tables]'."""
_NOTIFY = """\
Say whom a store tells when people are needed, and try whether it reaches them.

Without --test nothing is sent. With it each webhook gets one message, which
says that it is a test and names the people whom a real one would; what was
answered is printed, and the exit code is 1 where one was not taken."""
_SERVE = """\
Run the gate as a service over HTTP: the sidecar.

Screens, sends, keeps the deadlines of every store in a folder, and tells what
happens. SIGTERM drains, SIGHUP reads the stores anew. It needs the extras
`http` and `metrics`: pip install 'replygate[http,metrics]'."""
_DEMO = """\
Show the gate at work: a shop, buyers, a bot, and the gate between them.

The platform is simulated, the bot is a real NoneBot2 that is careless and
sometimes silent, the gate is `replygate serve`; all talk over loopback only.
It plays for some ten seconds and then stays up, with requests to try, until
Ctrl-C. It needs the extra `demo`: pip install 'replygate[demo]'."""
_COMPLETION = """\
Print a script for command line completion.

Use it as eval "$(replygate completion bash)". It needs the extra `completion`:
pip install 'replygate[completion]'."""


def build_parser() -> argparse.ArgumentParser:
    """Build the parser of every command. `completion` and the documentation read it too."""
    parser = Parser(
        prog="replygate",
        usage="replygate [-h] [--version] COMMAND ...",
        description="A gate that every reply of an online store passes, in time.",
        epilog="exit codes:\n"
        + "".join(f"  {code:<4} {meaning}\n" for code, meaning in MEANINGS.items()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument(
        "--version",
        action="store_const",
        const="version",
        dest="command",
        help="print the versions of replygate, Python, pyahocorasick and the config schema",
    )
    commands = parser.add_subparsers(
        prog="replygate", dest="command", metavar="COMMAND", title="commands", parser_class=Parser
    )
    _add_try(commands)
    _add_screen(commands)
    _add_check(commands)
    _add_lint(commands)
    add_words(commands)
    add_replay(commands)
    add_report(commands)
    add_evidence(commands)
    add_forget(commands)
    _add_notify(commands)
    _add_serve(commands)
    _add_demo(commands)
    _add_completion(commands)
    return parser


def parse(argv: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line. A usage error exits with code 2, help with 0."""
    parser = build_parser()
    args, rest = parser.parse_known_args(argv)
    named = args.command not in (None, "version")
    prog = f"replygate {args.command}" if named else "replygate"
    if args.command == "words":
        prog += f" {args.words_command}"
    if rest:
        parser.exit(USAGE, f"{prog}: {_unknown(rest[0], args)}; see '{prog} --help'\n")
    if args.command is None:
        *names, last = (name for name in COMMANDS if name != "version")
        parser.error(f"a command is missing: {', '.join(names)} or {last}")
    return args


def _unknown(word: str, args: argparse.Namespace) -> str:
    kind = "option" if word.startswith("-") and word != "-" else "argument"
    options = vars(args).keys() - _POSITIONALS | {"help" if args.command else "version"}
    near = difflib.get_close_matches(
        word.partition("=")[0], [f"--{name.replace('_', '-')}" for name in options], n=1
    )
    if near:
        return f"unknown {kind} {word!r}, did you mean {near[0]}?"
    if kind == "option" and "text" in vars(args):
        return f"unknown option {word!r} (a TEXT that starts with a dash needs -- in front)"
    return f"unknown {kind} {word!r}"


def _add_try(commands: Commands) -> None:
    parser = command(commands, "try", "[options] -s STORE TEXT", _TRY, "judge one text, for people")
    parser.add_argument(
        "text", metavar="TEXT", type=utf8, help="the reply to judge; - reads standard input"
    )
    add_store(parser)
    add_json(parser, "print the object that screen prints")


def _add_screen(commands: Commands) -> None:
    parser = command(
        commands, "screen", "[options] -s STORE", _SCREEN, "judge lines of text, for programs"
    )
    add_store(parser)
    add_json(parser, "accepted for symmetry: the output is always JSON")


def _add_check(commands: Commands) -> None:
    parser = command(
        commands, "check", "[options] FILE...", _CHECK, "say what is wrong with configuration files"
    )
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help="a file, a folder (every .toml in it) or a packaged store",
    )
    parser.add_argument(
        "--show",
        action="store_true",
        help="print every effective value of each store, and where it came from",
    )
    parser.add_argument(
        "--strict", action="store_true", help="exit with 1 for warnings as well as for errors"
    )
    add_json(parser, "print one object per file")


def _add_lint(commands: Commands) -> None:
    parser = command(
        commands, "lint", "[options] -s STORE FILE", _LINT, "judge a shop's quick phrases"
    )
    parser.add_argument(
        "file", metavar="FILE", help="a .txt, .csv, .xlsx or .jsonl file of phrases"
    )
    add_store(parser)
    parser.add_argument(
        "--column",
        metavar="NAME",
        type=utf8,
        help="the column that holds the phrases (default: 内容, 话术, text, reply ...)",
    )
    add_json(parser, "print one object per listed phrase")


def _add_notify(commands: Commands) -> None:
    parser = command(
        commands, "notify", "[options] -s STORE", _NOTIFY, "try the webhooks of a store"
    )
    add_store(parser)
    parser.add_argument("--test", action="store_true", help="send each webhook a test message")
    add_json(parser, "print one object per webhook")


def _add_serve(commands: Commands) -> None:
    parser = command(
        commands, "serve", "[options] --stores DIR", _SERVE, "run the gate as a service over HTTP"
    )
    parser.add_argument(
        "--stores", metavar="DIR", required=True, help="the folder of the stores' TOML files"
    )
    parser.add_argument(
        "--listen",
        metavar="HOST:PORT",
        default="127.0.0.1:8787",
        type=address,
        help="where the API listens (default: 127.0.0.1:8787); port 0 takes any that is free",
    )
    parser.add_argument(
        "--admin",
        metavar="HOST:PORT",
        default="127.0.0.1:9787",
        type=address,
        help="where health and metrics listen (default: 127.0.0.1:9787); elsewhere than on this "
        "machine it needs the environment variable REPLYGATE_ADMIN_TOKEN",
    )
    add_ledger(parser)
    parser.add_argument(
        "--journal",
        metavar="PATH",
        default="-",
        help="the file that the journal is appended to (default: -, standard error)",
    )
    parser.add_argument(
        "--operators", metavar="FILE", help="a TOML file of tokens that open several stores"
    )
    parser.add_argument(
        "--observe",
        action="store_true",
        help="change and block nothing in any store; only say what enforcing would do",
    )
    parser.add_argument(
        "--no-auth",
        action="store_true",
        help="ask for no tokens; only where --listen is this machine itself",
    )


def _add_demo(commands: Commands) -> None:
    parser = command(commands, "demo", "[options]", _DEMO, "show the gate at work")
    parser.add_argument("--once", action="store_true", help="end when the script is played")
    add_json(parser, "play once; print counters and everything that was on the wire")


def _add_completion(commands: Commands) -> None:
    parser = command(
        commands, "completion", "[-h] {bash,zsh}", _COMPLETION, "print a shell completion script"
    )
    parser.add_argument("shell", choices=("bash", "zsh"), help="the shell to complete in")
