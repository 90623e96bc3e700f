"""The text engine: pure, synchronous, no I/O."""
