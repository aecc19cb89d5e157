"""Give up at once on answers that never come, and on no others."""

from __future__ import annotations

import pytest

from rftsearch.sources.web.timed_session import TimedSession
from support.arxiv_feed import HANG, ArxivFeed


def give_up_on_hangs(patch: pytest.MonkeyPatch, feed: ArxivFeed) -> None:
    """Cut the wait for an answer short where the feed is about to hang.

    One short timeout for all answers would also end those that a busy machine gives late.
    """
    ask = TimedSession.get

    def get(session: TimedSession, url: str, **options: object) -> object:
        if not (feed.faults and feed.faults[0] is HANG):
            return ask(session, url, **options)
        try:
            return ask(session, url, **options | {"timeout": (60, 0.1)})
        finally:
            # The next request must not meet the same fault, however late this one is read.
            assert feed.hanging.acquire(timeout=60)

    patch.setattr(TimedSession, "get", get)
