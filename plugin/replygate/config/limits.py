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

KEEP_DAYS = 90
KEEP_DAYS_MIN = 7
"""Conversations that are still open reach back three days, and a closed day is worked out after
the next."""

KEEP_DAYS_MAX = 3_650

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

WITHIN_S = 86_400
"""The longest wait that a metric may call in time: a report looks no further than the day after a
question's own, as `replygate.ledger.summaries.REACH_MS` says."""

METRICS = 300
"""Metrics of one store, its platform's included."""

PENALTIES = 300
"""Penalties of one platform."""

TIERS = 20
"""Tiers of one penalty."""

QUOTE_CHARS = 40
"""A quote of a source: enough to find the place, no copy of it."""

LAG_DAYS = 60
"""How far behind today a platform's figures may be."""

SAMPLE = 1_000_000
"""The largest minimum sample, and the largest count of a tier."""

STARS = 5
"""Ratings are told in stars of five."""

AMOUNT = 10_000_000
"""Points or yuan of one penalty."""

SHIFTS = 100
"""Shifts of one store."""

AGENTS = 200
"""People of one shift."""

TAKEOVER_S = 7 * 86_400
"""The longest that a conversation stays with a person who says nothing, in seconds."""

WEBHOOKS = 20
"""Webhooks of one store."""

MENTIONS = 50
"""People whom one webhook names."""

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

CONCURRENCY = 20
"""Messages of one store that are on their way at once; adapters open no more connections."""

PROFILE_AGE_DAYS = 365
"""A profile older than this is warned about."""
