"""Clocks, turns and metrics: pure, no I/O."""
