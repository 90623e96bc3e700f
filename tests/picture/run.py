"""Make the picture of the report's page: `python tests/picture/run.py docs/images/report.png`."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    # As a script this file stands alone; the package is the folder that it lies in.
    sys.path[0] = str(Path(__file__).parents[1])
    from picture.command import main

    sys.exit(main())
