"""Each finding is told to Security Hub once as it is, again until it is accepted, and closed only if that is known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fleetdx.feeds.asff import finding_of
from fleetdx.feeds.imported import ImportedFinding, to_import
from fleetdx.feeds.looked import by_run
from fleetdx.feeds.observations import of_ledger, of_result
from tests.fakes.ec2 import instance_id
from tests.fakes.feeds import (
    AT,
    LATER,
    LATER_STILL,
    PROFILE,
    RUN,
    WAIVER,
    WHOLE,
    instance_line,
    place_line,
    result,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.feeds.imported import ToImport
    from fleetdx.feeds.models import FindingKey

Told = list[tuple[str, str, str]]
ONE, TWO = instance_id(1), instance_id(2)


class Hub:
    """What Security Hub has accepted."""

    def __init__(self) -> None:
        self.held: dict[FindingKey, ImportedFinding] = {}
        self.last: list[ToImport] = []

    def run(
        self,
        results: Iterable[Any],
        ledger: Iterable[Any] = (),
        at: str = LATER,
        profile: str = PROFILE,
        *,
        accepts: bool = True,
    ) -> Told:
        """What a run tells, which is accepted or not: instance, item and change."""
        lines = list(ledger) or [place_line(2), instance_line(1), instance_line(2)]
        looked = by_run(RUN, profile, at, WHOLE, lines)
        observations = [*map(of_ledger, lines), *map(of_result, results)]
        self.last = list(to_import(self.held, observations, looked))
        for one in self.last if accepts else ():
            key = one.compared.observation.key
            if one.after is None:
                self.held.pop(key, None)
            else:
                self.held[key] = one.after
        keys = [(one.compared.observation.key, one.change) for one in self.last]
        return [(key.instance, key.item, change) for key, change in keys]


def test_what_is_new_updated_and_resolved_is_told_once() -> None:
    """A failure is new, another verdict updates it, a pass resolves it; the same again is not told."""
    hub = Hub()
    assert hub.run([result(1), result(2, "pass")]) == [(ONE, "U-01", "new")]
    assert hub.run([result(1), result(2, "pass")]) == []
    assert hub.run([result(1, "manual", at=LATER), result(2, "pass")]) == [(ONE, "U-01", "updated")]
    assert hub.run([result(1, "manual", at=LATER), result(2, "pass")]) == []
    assert hub.run([result(1, "pass", at=LATER_STILL), result(2, "pass")]) == [(ONE, "U-01", "resolved")]
    assert hub.run([result(1, "pass", at=LATER_STILL), result(2, "pass")]) == []


def test_what_was_not_accepted_is_told_by_the_next_run() -> None:
    """A new finding stays new, and the end of one is told although it passed already in the run before."""
    hub = Hub()
    assert hub.run([result(1)], accepts=False) == [(ONE, "U-01", "new")]
    assert hub.run([result(1)]) == [(ONE, "U-01", "new")]
    assert hub.run([result(1, "pass", at=LATER)], accepts=False) == [(ONE, "U-01", "resolved")]
    assert hub.run([result(1, "pass", at=LATER_STILL)]) == [(ONE, "U-01", "resolved")]


def test_the_first_import_knows_since_when_it_fails() -> None:
    """Where the import is switched on late, a finding begins when the run's history says; it stays so in updates."""
    hub = Hub()
    since = {"first_seen": "2026-10-01T00:00:00Z", "failing_since": "2026-11-01T00:00:00Z"}
    hub.run([result(1, **since)])
    hub.run([result(1, waiver=WAIVER, at=LATER)])
    (told,) = hub.last
    finding = finding_of(told.compared, words().of(told.compared.observation))
    assert (told.change, finding["CreatedAt"], finding["FirstObservedAt"]) == ("updated", *since.values())


def test_a_waiver_that_begins_and_one_that_ends_are_told() -> None:
    """Once each."""
    hub = Hub()
    hub.run([result(1)])
    assert hub.run([result(1, waiver=WAIVER)]) == [(ONE, "U-01", "updated")]
    assert hub.run([result(1, waiver=WAIVER)]) == []
    assert hub.run([result(1)]) == [(ONE, "U-01", "updated")]


def test_an_open_finding_is_told_again_before_security_hub_forgets_it() -> None:
    """In runs every day, an open finding is told again once in 30 days; Security Hub deletes it after 90 without."""
    hub = Hub()
    hub.run([result(1, at=AT)])
    days = [f"2026-12-{day:02}T02:17:41Z" for day in range(1, 31)]
    assert [day for day in days if hub.run([result(1, at=day)])] == ["2026-12-23T02:17:41Z"]


def test_an_instance_that_was_not_scanned_keeps_its_findings() -> None:
    """They are told as not judged, once; the gap is a finding of its own, and both end with the next scan."""
    hub = Hub()
    hub.run([result(1), result(2, "pass")])
    unreached = [place_line(2), instance_line(1, "not_managed", "agent_not_reporting", at=LATER), instance_line(2)]
    hidden = [(ONE, "scan", "new"), (ONE, "U-01", "updated")]
    assert hub.run([result(2, "pass")], unreached) == hidden
    assert hub.last[1].compared.kind == "no_longer_judged"
    assert hub.run([result(2, "pass")], unreached) == []
    scanned = [place_line(2), instance_line(1, at=LATER_STILL), instance_line(2)]
    ended = [(ONE, "scan", "resolved"), (ONE, "U-01", "updated")]
    assert hub.run([result(1, at=LATER_STILL), result(2, "pass")], scanned) == ended


def test_what_is_gone_is_resolved() -> None:
    """The findings of a terminated instance; of a place that nobody entered, none."""
    hub = Hub()
    hub.run([result(1), result(2)])
    assert (ONE, "U-01", "resolved") not in hub.run([], [place_line(None, at=LATER)])
    assert hub.run([result(2, at=LATER_STILL)], [place_line(1, at=LATER_STILL), instance_line(2)]) == [
        ("-", "scan", "resolved"),
        (TWO, "U-01", "updated"),
        (ONE, "U-01", "resolved"),
    ]


def test_profiles_in_turn_close_only_their_own() -> None:
    """A run by another profile neither ends nor repeats what one has told; what both judge is told once."""
    hub = Hub()
    own = result(1, item="U-18", check="shadow_file_protected")
    assert hub.run([result(1), own]) == [(ONE, "U-01", "new"), (ONE, "U-18", "new")]
    assert hub.run([result(1, at=LATER)], profile="finance") == []
    assert hub.run([result(1, at=LATER_STILL), own]) == []


def test_a_run_that_ends_late_undoes_nothing() -> None:
    """What it saw earlier than what Security Hub was told last is not told."""
    hub = Hub()
    hub.run([result(1, at=LATER)])
    assert hub.run([result(1, "pass", at=AT)]) == []
