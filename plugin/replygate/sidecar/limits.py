"""The limits of the sidecar. Each is far beyond honest use and stops a runaway client."""

from __future__ import annotations

BODY_BYTES = 64 * 1024
"""One request's body."""

JSON_DEPTH = 16
"""Objects and lists inside each other."""

NAME_CHARS = 256
"""An id, a conversation, an agent, an idempotency key."""

LINE_BYTES = 8_190
"""The request line, and each header."""

HEADERS = 64
"""Headers of one request."""

HEADERS_S = 10.0
"""A new connection has said what it wants by then, or it is closed."""

BODY_S = 10.0
"""A body has come by then."""

ANSWER_S = 60.0
"""An answer is given by then; what was begun goes on."""

IDLE_S = 75.0
"""A connection may wait for its next request so long: longer than a reverse proxy's own."""

LINGER_S = 2.0
"""Reads on so long after an early answer, so that a client that still writes can read it."""

CONNECTIONS = 1_024
"""Open connections of one listener."""

REQUESTS = 512
"""Requests at work, over all stores."""

STORE_REQUESTS = 128
"""Requests at work for one store on one route: a platform that stalls keeps no buyer out."""

STREAMS = 64
"""Clients of the event stream."""

STREAM_EVENTS = 256
"""Events that wait for a client of the event stream; one that is slower is dropped."""

HEARTBEAT_S = 15.0
"""The longest silence on the event stream."""

STREAM_WRITE_S = 10.0
"""A client of the event stream takes what is written by then, or it is dropped."""

TOKEN_CHARS_MIN = 16
"""A shorter token could be guessed."""

OPERATORS = 100
"""Entries of an operators file."""

DRAIN_S = 20.0
"""Sends under way, and holding replies that are due by then, have so long; Kubernetes kills after
30 s."""

LAST_WORDS_S = 2.0
"""Then answers and event streams have so long to reach their readers."""

OLD_PLATFORM_S = 60.0
"""After a reload, the way to a platform that was replaced is closed: longer than any send."""

FLUSH_S = 0.2
"""Journal lines wait so long."""

STANDING_EVERY_S = 60.0
"""What stores come to is worked out anew so often, for Prometheus."""

STANDING_PAUSE_S = 1.0
"""The pause after each store: with many of them each waits longer for its turn."""

STANDING_STORES = 50
"""With more stores each has one gauge, not some for each of its metrics: a scrape of a thousand
stores would take seconds."""

REPORTS = 2
"""Reports that are made at once; the next ones wait."""

RULE_LABELS = 200
"""Rules with a metric of their own; the hits of others are counted together."""
