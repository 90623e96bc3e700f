"""Judge the gate by our own sentences: `python tests/evaluation/run.py [-v] [--accept]`."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    # As a script this file stands alone; the package is the folder that it lies in.
    sys.path[0] = str(Path(__file__).parents[1])
    from evaluation.command import main

    sys.exit(main())
