"""A small made-up sweep: its opening, and the parts that its account-regions have left."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fleetdx import keys
from tests.fakes.coverage import ACCOUNTS, AT, SEOUL, SWEEP, TOKYO, place_line, unchecked

if TYPE_CHECKING:
    from fleetdx.coverage.models import CoverageLine
    from fleetdx.storage import Bucket

ACCOUNT: Final = "111122223333"
OPENED: Final = {
    "sweep": SWEEP,
    "mend": True,
    "notify": True,
    "requester": "arn:aws:states:::execution",
    "requester_kind": "unproven",
    "started_at": AT,
}
REQUEST: Final = {"scope": {"organization": True}, "regions": [SEOUL, TOKYO], "mend": True, "notify": True}


def opened(data: Bucket, sweep: str = SWEEP, *places: tuple[str, str]) -> dict[str, Any]:
    """Write what OpenSweep writes, and return what it returns; by default for one account in one region."""
    event = {**OPENED, "sweep": sweep}
    listed = places or ((ACCOUNT, SEOUL),)
    targets = [
        {"sweep": sweep, "account": account, "account_name": ACCOUNTS[account], "region": region}
        for account, region in listed
    ]
    data.put_json(keys.coverage_request(sweep), {**event, "request": REQUEST})
    data.put_json(keys.coverage_targets(sweep), targets)
    return {**event, "bucket": data.name, "key": keys.coverage_targets(sweep), "targets": len(targets), "accounts": 1}


def left(data: Bucket, sweep: str, *lines: CoverageLine, account: str = ACCOUNT, region: str = SEOUL) -> None:
    """Write what CheckCoverage writes for one account-region."""
    own = place_line(unchecked(account, region, "checked", checked=True))
    own["instances"] = len(lines)
    parts = [
        {"line": {**one, "sweep": sweep, "control": None, "unmanaged_since": None}, **BESIDE} for one in (own, *lines)
    ]
    data.put_lines(keys.coverage_part(sweep, account, region), parts)


BESIDE: Final = {"is_recovery_server": False, "registered_at": None}
"""What stands beside a line for the join with Security Hub."""
