"""Test kit: a clock that obeys, a platform that is not there, a conversation as a script.

For the tests of replygate and of whoever uses it; see `docs/testing.md`.
"""

from replygate.testing.clock import ScheduledCall, VirtualClock
from replygate.testing.platform import Answer, FakePlatform, Sent
from replygate.testing.script import Said, Script

__all__ = ["Answer", "FakePlatform", "Said", "ScheduledCall", "Script", "Sent", "VirtualClock"]
