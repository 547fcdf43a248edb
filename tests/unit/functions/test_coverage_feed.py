"""Sweep after sweep, the feed tells each instance that becomes unmanaged, each other cause, and each end, once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from fleetdx import keys
from fleetdx.coverage.control import newest
from fleetdx.coverage.feed import CHANGES, SNAPSHOT
from fleetdx.security_hub import ControlFinding
from functions.build_coverage_report import handler
from tests.fakes.coverage import AT, SEOUL, TOKYO, line
from tests.fakes.ec2 import instance_id
from tests.fakes.ocsf import faults, miscaptioned
from tests.fakes.s3 import bucket, fake
from tests.fakes.sweeps import ACCOUNT, left, opened

if TYPE_CHECKING:
    from fleetdx.storage import Bucket

OTHER: Final = "444455556666"


def sweep_id(day: int) -> str:
    return f"202611{day:02}T021500Z-3fa9c1"


def swept(data: Bucket, day: int, *places: tuple[str, str], language: Any = "en") -> list[Any]:
    """The documents of changes that the sweep of a day tells."""
    at = f"2026-11-{day:02}T02:15:00Z"
    event: Any = {**opened(data, sweep_id(day), *places), "started_at": at}
    handler.run(event, data, language)
    return data.get_lines(keys.coverage_out(sweep_id(day), CHANGES))


def told(documents: list[Any]) -> list[tuple[str, str, str]]:
    """Instance, change and cause with its reason."""
    return [
        (one["finding_info"]["uid"].split("/")[2], one["unmapped"]["change"], one["compliance"]["status_code"])
        for one in documents
    ]


ONE, TWO = instance_id(1), instance_id(2)


def test_an_instance_that_becomes_unmanaged_is_told_with_its_cause_and_what_security_hub_says() -> None:
    """Once: the document has the cause, and the status of SSM.1 beside it; it is one that OCSF takes."""
    data = bucket()
    left(data, sweep_id(1), line(1, "managed"))
    assert swept(data, 1) == []
    found = newest(SEOUL, [ControlFinding(ACCOUNT, ONE, "FAILED", AT)])
    data.put_json(keys.control_findings(sweep_id(2), SEOUL), dict(found))
    left(data, sweep_id(2), line(1, "no_route", "network_acl"))
    (document,) = swept(data, 2)
    assert told([document]) == [(ONE, "new", "no_route/network_acl")]
    assert [*faults(document), *miscaptioned(document)] == []
    own, control = document["compliance"]["checks"]
    assert (own["status"], control["uid"], control["status"]) == ("Fail", "SecurityHub/SSM.1", "Fail")
    left(data, sweep_id(3), line(1, "no_route", "network_acl"))
    assert swept(data, 3) == []


def test_another_cause_and_the_end_are_told() -> None:
    """An unmanaged instance with another cause is an update of the same finding, a managed one its end; each once."""
    data = bucket()
    for day, cause in enumerate(("no_profile", "missing_policy", "missing_policy", "managed", "managed"), 1):
        left(data, sweep_id(day), line(1, cause))  # type: ignore[arg-type]
    days = [swept(data, day) for day in range(1, 6)]
    changes = [[change for _, change, _ in told(documents)] for documents in days]
    assert changes == [["new"], ["still_failing"], [], ["fixed"], []]
    assert len({document["finding_info"]["uid"] for documents in days for document in documents}) == 1
    assert days[1][0]["compliance"]["status_code"].startswith("missing_policy/")


def test_what_could_not_be_looked_at_closes_nothing() -> None:
    """A place that nobody could look at is a gap, its findings no longer judged; both end when somebody can."""
    data = bucket()
    left(data, sweep_id(1), line(1, "no_profile"))
    assert [change for _, change, _ in told(swept(data, 1))] == ["new"]
    lost = [(instance, change) for instance, change, _ in told(swept(data, 2))]
    assert lost == [("-", "new"), (ONE, "no_longer_judged")]
    assert swept(data, 3) == []
    left(data, sweep_id(4), line(1, "no_profile"))
    found = [(instance, change) for instance, change, _ in told(swept(data, 4))]
    assert sorted(found) == [("-", "fixed"), (ONE, "still_failing")]


def test_what_is_gone_is_told_once() -> None:
    """A terminated instance, and the instances of an account that left the organization."""
    data = bucket()
    both = ((ACCOUNT, SEOUL), (OTHER, SEOUL))
    left(data, sweep_id(1), line(1, "no_profile"))
    left(data, sweep_id(1), line(2, "no_profile", account=OTHER), account=OTHER)
    assert len(swept(data, 1, *both)) == 2
    left(data, sweep_id(2))
    assert [(instance, change) for instance, change, _ in told(swept(data, 2))] == [(ONE, "gone"), (TWO, "gone")]
    left(data, sweep_id(3))
    assert swept(data, 3) == []


def test_the_snapshot_has_every_line_in_the_language_of_the_stack() -> None:
    """Managed or not, a document for each instance and each account-region."""
    data = bucket()
    left(data, sweep_id(1), line(1, "managed"), line(2, "stopped"))
    assert swept(data, 1, (ACCOUNT, SEOUL), (ACCOUNT, TOKYO), language="ko")
    everything = data.get_lines(keys.coverage_out(sweep_id(1), SNAPSHOT))
    assert sorted(instance for instance, _, _ in told(everything)) == sorted(["-", "-", ONE, TWO])
    assert {document["metadata"]["product"]["lang"] for document in everything} == {"ko"}


def test_the_same_sweep_again_tells_the_same() -> None:
    """A Retry starts from what had been told before the sweep."""
    data = bucket()
    left(data, sweep_id(1), line(1, "no_profile"))
    first = swept(data, 1)
    objects = {key: body for key, body in fake(data).objects.items() if key[1].endswith((CHANGES, SNAPSHOT))}
    assert swept(data, 1) == first
    assert {key: fake(data).objects[key] for key in objects} == objects


def test_damage_is_told_and_nothing_of_it_is_news() -> None:
    """Where what was told of an account cannot be read, the summary names it and the damage stays."""
    data = bucket()
    key = keys.told(keys.COVERAGE_FEEDS, ACCOUNT)
    data.put(key, b"damaged")
    left(data, sweep_id(1), line(1, "no_profile"))
    assert swept(data, 1) == []
    assert data.get_json(keys.coverage_out(sweep_id(1), "summary.json"))["unreadable_feeds"] == [ACCOUNT]
    assert data.get_lines(keys.coverage_out(sweep_id(1), SNAPSHOT))
    assert data.get(key) == b"damaged"


def test_a_suspended_account_is_no_gap() -> None:
    """Nobody can look into it, and nothing runs there."""
    data = bucket()
    left(data, sweep_id(1))
    (part,) = data.get_lines(keys.coverage_part(sweep_id(1), ACCOUNT, SEOUL))
    part["line"] |= {"reason": "account_suspended", "instances": 0}
    data.put_lines(keys.coverage_part(sweep_id(1), ACCOUNT, SEOUL), [part])
    assert swept(data, 1) == []
