"""What a sweep tells to a SIEM: changes of causes as OCSF lines, and a full snapshot beside them."""

from __future__ import annotations

from itertools import tee
from typing import TYPE_CHECKING, Final

from fleetdx import keys
from fleetdx.feed_store import SweepFeedStore
from fleetdx.feeds import ocsf
from fleetdx.feeds.looked import by_sweep
from fleetdx.feeds.wording import Words
from fleetdx.run_feed import SweepFeed
from fleetdx.streams import packing, put_packed, spooled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from fleetdx.coverage.models import CoverageLine
    from fleetdx.models import Catalog, Language
    from fleetdx.storage import Bucket

CHANGES: Final = "coverage.ocsf.jsonl"
SNAPSHOT: Final = "coverage.full.ocsf.jsonl"
NO_CHECKS: Final[Catalog] = {"schema": 1, "bundle": "", "profiles": {}, "checks": {}}
"""A sweep checks nothing on hosts: what it says comes from causes.json and reasons.json."""


def write_feeds(
    data: Bucket, sweep: str, at: str, request: Mapping[str, Any], lines: Sequence[CoverageLine], language: Language
) -> list[str]:
    """Write both files of a sweep; what was told is kept after they lie there. Written again, they are the same.

    Args:
        data: The data bucket.
        sweep: Its id.
        at: When it was opened (RFC 3339): of two sweeps, what the later one told stays.
        request: As it was asked, with `scope` and `regions`.
        lines: All its lines.
        language: Of titles and remedies.

    Returns:
        The accounts of which no change is told, because what had been told of them cannot be read.
    """
    store = SweepFeedStore(data, sweep)
    feed = SweepFeed(by_sweep(sweep, at, request, lines), store)
    compared, again = tee(feed.follow(lines))
    with spooled() as changes, spooled() as snapshot:
        with packing(changes) as news, packing(snapshot) as everything:
            for each, text in zip(compared, ocsf.lines(again, Words(NO_CHECKS, ""), language), strict=True):
                line = text.encode() + b"\n"
                everything.write(line)
                if each.is_news:
                    news.write(line)
        put_packed(data, keys.coverage_out(sweep, SNAPSHOT), snapshot)
        put_packed(data, keys.coverage_out(sweep, CHANGES), changes)
    for account, state in feed.states.items():
        store.keep(account, state)
    return feed.unreadable
