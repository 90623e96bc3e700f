"""`replygate --version`: what is needed to understand a report of trouble."""

from __future__ import annotations

import platform
from argparse import Namespace
from importlib.metadata import version
from typing import Final

from replygate.cli.exits import OK

# Not in `replygate.config`: loading that takes longer than all the rest of --version.
CONFIG_SCHEMA: Final = 1
"""The version of the configuration format; a change that breaks files raises it."""


def run(_args: Namespace) -> int:
    """Print one line per part."""
    print(f"replygate {version('replygate')}")
    print(f"Python {platform.python_version()}")
    print(f"pyahocorasick {version('pyahocorasick')}")
    print(f"config schema {CONFIG_SCHEMA}")
    return OK
