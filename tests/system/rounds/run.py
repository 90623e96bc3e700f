"""Kill and stop the real process under load: `python tests/system/rounds/run.py --rounds 20`."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    # As a script this file stands alone; the package is the folder that it lies in.
    sys.path[0] = str(Path(__file__).parents[2])
    from system.rounds.command import main

    sys.exit(main())
