"""The program as a shell runs it, and a store of our own sentences."""

from __future__ import annotations

import os
import subprocess
import sys

STORE = """\
id = "corner-shop"
platform = "general"

[[screening.rule]]
id = "brand"
words = ["小米手环"]
action = "rewrite"
replace = "本店手环"
why = "别家的品牌"

[[screening.rule]]
id = "chat"
words = ["微信", "wx"]
action = "block"
why = "不得引导买家离开平台"
source = "平台规则三"

[[screening.rule]]
id = "wait"
words = ["稍等"]
action = "warn"
why = "说了就要再来回复"

[[screening.rule]]
id = "small"
words = ["最小"]
action = "block"
why = "先关着"
enabled = false
"""

PROGRAM = (sys.executable, "-m", "replygate")


def run(
    *args: str, stdin: bytes = b"", env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[bytes]:
    """Run the command line to its end; `env` is added to ours."""
    return subprocess.run(
        [*PROGRAM, *args],
        input=stdin,
        capture_output=True,
        check=False,
        timeout=60,
        env={**os.environ, **(env or {})},
    )
