"""Live the day: `python tests/system/day/run.py 2000` has so many buyers on each platform."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    # As a script this file stands alone; the package is the folder that it lies in.
    sys.path[0] = str(Path(__file__).parents[2])
    from system.day.command import main

    main(int(sys.argv[1]))
