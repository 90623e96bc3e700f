"""Run the simulation: `python tests/simulation/run.py --seeds 1: --minutes 60`."""

from __future__ import annotations

import sys
from pathlib import Path

if __name__ == "__main__":
    # As a script this file stands alone; the package is the folder that it lies in.
    sys.path[0] = str(Path(__file__).parents[1])
    from simulation.command import main

    sys.exit(main())
