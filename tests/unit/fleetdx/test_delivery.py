"""How a run's bundles travel: as asked, or as an account-region was found to be."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

import pytest

from fleetdx.delivery import (
    REMEMBERED_FOR,
    first_delivery,
    inline_parts,
    lesson,
    read_memory,
    write_memory,
)
from fleetdx.ledger import Outcome, instance_line, target_line
from tests.fakes.runs import ACCOUNT, CATALOG, CHECKS, PARTS, PLACE, PROFILE_NAME, REGION, RUN, entry
from tests.fakes.s3 import bucket

if TYPE_CHECKING:
    from fleetdx.delivery import Memory
    from fleetdx.models import Delivery

NOW = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
VERIFIED = Outcome("scanned", "verified", "Good.")


def memory(delivery: Delivery, age: dt.timedelta) -> Memory:
    return {"delivery": delivery, "run": "20261101T000000Z-000001", "at": (NOW - age).isoformat()}


def lines(*ways: Any) -> Any:
    own = [instance_line(PLACE, entry(number), VERIFIED, way) for number, way in enumerate(ways, start=1)]
    return [target_line(PLACE, Outcome("scanned", "entered", "Good."), len(own)), *own]


def test_auto_follows_a_young_memory() -> None:
    """Auto goes the way that worked, by S3 where nothing is known, and by S3 again after two weeks."""
    assert first_delivery(None, NOW) == "s3"
    assert first_delivery(memory("s3", dt.timedelta(days=1)), NOW) == "s3"
    assert first_delivery(memory("inline", REMEMBERED_FOR), NOW) == "inline"
    assert first_delivery(memory("inline", REMEMBERED_FOR + dt.timedelta(seconds=1)), NOW) == "s3"


@pytest.mark.parametrize(
    ("ways", "learned"),
    [
        ([], None),
        ([None, None], None),
        (["inline", None], "inline"),
        (["s3", None], "s3"),
        (["inline", "s3"], "s3"),
    ],
)
def test_what_worked_is_learned(ways: list[Any], learned: str | None) -> None:
    """Inline is learned only where no result came by S3, and nothing where no result came."""
    found = lesson(lines(*ways), None, RUN, NOW)
    assert found == (None if learned is None else {"delivery": learned, "run": RUN, "at": "2026-11-26T12:00:00Z"})


def test_following_a_memory_does_not_make_it_younger() -> None:
    """What was only followed keeps its date, so that S3 is tried again in time; what has changed or aged is written."""
    week, month = dt.timedelta(days=7), dt.timedelta(days=30)
    assert lesson(lines("inline"), memory("inline", week), RUN, NOW) is None
    assert lesson(lines("s3"), memory("s3", week), RUN, NOW) is None
    assert lesson(lines("s3"), memory("inline", week), RUN, NOW) is not None
    assert lesson(lines("inline"), memory("inline", month), RUN, NOW) is not None


def test_memory_is_kept_per_account_region() -> None:
    """What is written for one account-region is read there and nowhere else."""
    data, learned = bucket(), memory("inline", dt.timedelta(0))
    assert read_memory(data, ACCOUNT, REGION) is None
    write_memory(data, ACCOUNT, REGION, learned)
    assert read_memory(data, ACCOUNT, REGION) == learned
    assert read_memory(data, ACCOUNT, "us-east-1") is None


def test_parts_are_those_that_hold_a_check_asked_for() -> None:
    """Each part comes with the checks asked for alone; one without any is left out."""
    assert inline_parts(CATALOG, PROFILE_NAME, CHECKS) == PARTS
    assert inline_parts(CATALOG, PROFILE_NAME, CHECKS[1:]) == [{**PARTS[0], "checks": [CHECKS[1]]}, PARTS[1]]
    assert inline_parts(CATALOG, PROFILE_NAME, CHECKS[2:]) == PARTS[1:]


def test_a_bundle_published_before_there_were_parts_has_none() -> None:
    """A catalog without parts, or without those of a profile, is no error here."""
    before: Any = {name: value for name, value in CATALOG.items() if name != "inline"}
    assert inline_parts(before, PROFILE_NAME, CHECKS) == []
    assert inline_parts(CATALOG, "another", CHECKS) == []
