"""What holds for every test."""

from __future__ import annotations

import os

from hypothesis import settings

# A deadline fails by chance on a busy machine. What CI finds must come again when it is run again.
settings.register_profile(
    "replygate", deadline=None, derandomize="CI" in os.environ, print_blob=True
)
settings.load_profile("replygate")
