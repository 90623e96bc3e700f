"""The limits of a configuration. Each is far beyond an honest file and stops a runaway one."""

from __future__ import annotations

FILE_BYTES = 16 * 1024 * 1024
"""One TOML or word file."""

SECRET_BYTES = 64 * 1024
"""One file that holds a secret."""

KEY_PARTS = 100
"""Parts of one dotted key: each is a table inside the one before."""

EXTENDS_DEPTH = 5
"""Groups above one store."""

RULES = 5_000
"""Rules of one store, its platform and lexicons included."""

RULE_WORDS = 200_000
"""Words of one rule."""

STORE_WORDS = 500_000
"""Words of one store, its platform and lexicons included."""

MEMORY_TEXTS = 20
"""How often the same wording, or perfunctory answers in succession, may be allowed; no more texts
of a conversation are remembered."""

IN_A_ROW = 1_000
"""How many messages in a row may be allowed."""

RULE_GROUPS = 8
"""Groups of phrases that a rule asks for together."""

WITHIN_CHARS = 200
"""The farthest apart that phrases which belong together may stand."""

RULE_PATTERNS = 200
"""Patterns of one rule."""

WORD_CHARS = 100
"""One word, exception or allowed phrase."""

PATTERN_CHARS = 1_000
"""One pattern."""

TEXT_CHARS = 500
"""One holding text or replacement; platforms cut longer ones."""

TEXTS = 100
"""Holding texts of one kind, or replacements of one rule that rotate."""

NAME_CHARS = 200
"""An id, a name, a reason, a source."""

URL_CHARS = 2_000
"""The address of a webhook or platform, or the value of a header."""

INTERVALS = 24
"""Intervals of one day."""

DEADLINES = 200
"""Deadlines of one store, its platform's included."""

WEBHOOKS = 20
"""Webhooks of one store."""

MAX_CHARS = 1_000_000
"""The highest `screening.max_chars`."""

DUE_S = 30 * 86_400
"""The longest deadline, in seconds."""

RECALL_S = 30 * 86_400
"""The longest time in which a message can be recalled, in seconds."""

HEADERS = 50
"""Headers that an adapter adds."""

BODY_KEYS = 200
"""Keys of an adapter's body, those inside its tables not counted."""

BODY_DEPTH = 10
"""Tables inside tables of an adapter's body."""

STATUSES = 100
"""Status codes that an adapter maps to one outcome."""

TIMEOUT_S = 9
"""The longest wait for a platform's answer, in seconds; whoever sends gives up soon after."""

PROFILE_AGE_DAYS = 365
"""A profile older than this is warned about."""
