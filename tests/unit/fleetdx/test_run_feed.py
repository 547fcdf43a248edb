"""Run after run, the feed of changes tells each change once, and nothing that a run cannot know."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fleetdx.feeds.changes import only_news
from fleetdx.feeds.looked import by_run
from fleetdx.history import InstanceHistory, finding_key, next_state
from fleetdx.run_feed import RunFeed
from tests.fakes.ec2 import instance_id
from tests.fakes.feeds import (
    ACCOUNT,
    AT,
    CHECKS,
    OTHER_ACCOUNT,
    PROFILE,
    SEOUL,
    TOKYO,
    WAIVER,
    WHOLE,
    instance_line,
    place_line,
    result,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.feeds.told import AccountState
    from fleetdx.run_history import Known

Told = list[tuple[str, str, str | None]]
"""Instance, item and change."""


class Fleet:
    """What is kept between runs: histories as BuildReport keeps them, and what the feed has told."""

    def __init__(self) -> None:
        self.states: dict[str, AccountState] = {}
        self.histories: dict[str, Known] = {}

    def accounts(self) -> Iterable[str]:
        return self.states

    def told_before(self, account: str) -> AccountState | None:
        return self.states.get(account)

    def history_before(self, account: str) -> Known:
        return self.histories.get(account, {})

    def run(self, ledger: Iterable[Any], results: Iterable[Any] = (), request: Any = WHOLE) -> Told:
        """What a run tells; then the histories are those after it."""
        lines, found = list(ledger), list(results)
        feed = RunFeed(by_run("run", PROFILE, AT, request, lines), self)
        told = [
            (each.observation.key.instance, each.observation.key.item, each.kind)
            for each in only_news(feed.follow(lines, found))
        ]
        self.states |= feed.states
        for line in found:
            self._learn(line)
        return told

    def _learn(self, line: Any) -> None:
        known = self.histories.setdefault(line["account"], {})
        place = (line["region"], line["instance"])
        names = ("account", "account_name", "region", "instance", "instance_name", "profile", "run", "at")
        begun: InstanceHistory = {**{name: line[name] for name in names}, "findings": {}}  # type: ignore[typeddict-item]
        findings = known.setdefault(place, begun)["findings"]
        state = next_state(findings.get(finding_key(line)), line["verdict"], line["severity"], line["at"])
        if state is not None:
            findings[finding_key(line)] = state


ONE, TWO = instance_id(1), instance_id(2)
BOTH = [place_line(2), instance_line(1), instance_line(2)]
UNREACHED = [place_line(2), instance_line(1), instance_line(2, "not_managed", "agent_not_reporting")]


def test_a_change_is_told_once() -> None:
    """What fails is new once, and fixed once; a duplicate line and a run without a change tell nothing."""
    fleet = Fleet()
    assert fleet.run(BOTH, [result(1), result(1), result(2, "pass")]) == [(ONE, "U-01", "new")]
    assert fleet.run(BOTH, [result(1), result(2, "pass")]) == []
    assert fleet.run(BOTH, [result(1, "pass"), result(2, "pass")]) == [(ONE, "U-01", "fixed")]
    assert fleet.run(BOTH, [result(1, "pass"), result(2, "pass")]) == []


def test_a_gap_is_told_once_and_so_is_what_it_hides() -> None:
    """An instance that is not scanned twice is one gap, its finding no longer judged; both end when it is scanned."""
    fleet = Fleet()
    assert fleet.run(BOTH, [result(1, "pass"), result(2)]) == [(TWO, "U-01", "new")]
    hidden = [(TWO, "scan", "new"), (TWO, "U-01", "no_longer_judged")]
    assert fleet.run(UNREACHED, [result(1, "pass")]) == hidden
    assert fleet.run(UNREACHED, [result(1, "pass")]) == []
    assert fleet.run(BOTH, [result(1, "pass"), result(2)]) == [(TWO, "scan", "fixed"), (TWO, "U-01", "still_failing")]


def test_a_place_that_is_not_entered_is_told_once() -> None:
    """The gap of an account-region is one finding, however many runs find it closed."""
    fleet = Fleet()
    closed = [place_line(None)]
    assert fleet.run(closed) == [("-", "scan", "new")]
    assert fleet.run(closed) == []
    assert fleet.run(BOTH, [result(1, "pass"), result(2, "pass")]) == [("-", "scan", "fixed")]


def test_what_is_gone_is_told_once() -> None:
    """An instance that is excluded now closes its findings once, although its history is kept."""
    fleet = Fleet()
    fleet.run(BOTH, [result(1, "pass"), result(2)])
    excluded = [place_line(2), instance_line(1), instance_line(2, "excluded", "excluded_by_request")]
    assert fleet.run(excluded, [result(1, "pass")]) == [(TWO, "U-01", "gone")]
    assert fleet.run(excluded, [result(1, "pass")]) == []
    assert fleet.run(BOTH, [result(1, "pass"), result(2)]) == [(TWO, "U-01", "new")]


def test_an_account_that_left_closes_its_findings_once() -> None:
    """Only a run of the whole organization can tell that an account is not there any more."""
    fleet = Fleet()
    other = {"account": OTHER_ACCOUNT}
    fleet.run([*BOTH, place_line(1, **other), instance_line(3, **other)], [result(1), result(3, **other)])
    narrower = {"scope": {"accounts": [ACCOUNT]}, "regions": [SEOUL]}
    assert fleet.run(BOTH, [result(1)], narrower) == []
    assert fleet.run(BOTH, [result(1)]) == [(instance_id(3), "U-01", "gone")]
    assert fleet.run(BOTH, [result(1)]) == []


def test_a_narrow_run_says_nothing_about_the_rest() -> None:
    """After a run of one instance, what the whole run before it told is not told again."""
    fleet = Fleet()
    fleet.run(UNREACHED, [result(1)])
    single = {"scope": {"instances": [f"{ACCOUNT}/{SEOUL}/{ONE}"]}, "regions": [SEOUL]}
    assert fleet.run([place_line(1), instance_line(1)], [result(1, "pass")], single) == [(ONE, "U-01", "fixed")]
    assert fleet.run(UNREACHED, [result(1, "pass")]) == []


def test_another_region_is_left_as_it_was() -> None:
    """A run of one region keeps what was told of the others."""
    fleet = Fleet()
    tokyo = {"region": TOKYO}
    gap = instance_line(3, "scan_failed", "undeliverable", **tokyo)
    whole = [*BOTH, place_line(1, **tokyo), gap]
    assert (instance_id(3), "scan", "new") in fleet.run(whole)
    assert fleet.run(BOTH, request={"scope": {"organization": True}, "regions": [SEOUL]}) == []
    assert fleet.run(whole) == []


def test_a_waiver_that_begins_and_one_that_ends_are_told() -> None:
    """Once each, and a failure that stays waived is no news."""
    fleet = Fleet()
    waived = result(1, waiver=WAIVER)
    assert fleet.run(BOTH, [result(1)]) == [(ONE, "U-01", "new")]
    assert fleet.run(BOTH, [waived]) == [(ONE, "U-01", "still_failing")]
    assert fleet.run(BOTH, [waived]) == []
    assert fleet.run(BOTH, [result(1)]) == [(ONE, "U-01", "still_failing")]
    assert fleet.states[ACCOUNT]["waived"] == []


def test_a_result_of_an_instance_that_the_ledger_does_not_name_is_not_told() -> None:
    """As in every other file of the run."""
    assert Fleet().run(BOTH, [result(9)]) == []
    assert Fleet().run(BOTH, [result(1, item="U-18", check=CHECKS["U-18"])]) == [(ONE, "U-18", "new")]
