"""What changed between two runs, and what a run cannot say anything about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleetdx.feeds.changes import known_findings, only_news, snapshot, state_after
from fleetdx.feeds.looked import by_sweep
from fleetdx.feeds.models import ChangeKind, FindingKey
from fleetdx.feeds.observations import of_result
from fleetdx.models import VERDICTS
from tests.fakes import coverage
from tests.fakes.ec2 import instance_id
from tests.fakes.feeds import (
    ACCOUNT,
    AT,
    CHECKS,
    LATER,
    LATER_STILL,
    OTHER_ACCOUNT,
    PROFILE,
    SEOUL,
    TOKYO,
    WAIVER,
    WHOLE,
    compared,
    gaps,
    instance_line,
    known_after,
    place_line,
    result,
    state,
)

if TYPE_CHECKING:
    from fleetdx.models import Verdict

KEY = FindingKey(ACCOUNT, SEOUL, instance_id(1), "U-01", CHECKS["U-01"])
FIRST = "2026-11-01T00:00:00Z"
OPEN: dict[Any, Any] = {KEY: state()}


def only(found: list[Any]) -> Any:
    """The only one."""
    assert len(found) == 1
    return found[0]


def test_a_first_failure_is_new() -> None:
    """What nobody knew, and what was fixed before, is new and open from now on."""
    fixed = {KEY: state("pass", None)}
    unknown, known = only(compared([result()])), only(compared([result()], earlier=fixed))
    assert (unknown.kind, unknown.is_news, unknown.first_seen, unknown.failing_since) == ("new", True, AT, AT)
    assert (known.kind, known.first_seen, known.failing_since) == ("new", FIRST, AT)


def test_what_never_failed_is_no_finding() -> None:
    """A check that passes and never failed has no change and no time at which it failed first."""
    found = only(compared([result(verdict="pass")]))
    assert (found.kind, found.is_news, found.first_seen, found.failing_since) == (None, False, None, None)
    assert state_after(None, found) is None


def test_a_failure_that_stays_is_no_news() -> None:
    """What failed before and fails again keeps since when it fails, and a feed of changes leaves it out."""
    found = only(compared([result(at=LATER)], earlier=OPEN))
    assert (found.kind, found.first_seen, found.failing_since) == ("still_failing", FIRST, AT)
    assert list(only_news([found])) == []


@pytest.mark.parametrize("verdict", ["pass", "not_applicable"])
def test_what_passes_or_does_not_apply_any_more_is_fixed(verdict: Verdict) -> None:
    """A failure that passes, or whose subject is no longer there, is closed, and says since when it was open."""
    found = only(compared([result(verdict=verdict, at=LATER)], earlier=OPEN))
    assert (found.kind, found.is_news, found.failing_since) == ("fixed", True, AT)
    after = {**state(verdict, None), "fixed_on": LATER}
    assert state_after(OPEN[KEY], found) == after


@pytest.mark.parametrize("verdict", ["manual", "error"])
def test_what_cannot_be_judged_stays_open_and_is_told_once(verdict: Verdict) -> None:
    """A failure that a person has to judge, or whose check fails, is told once and fails still when it fails again."""
    first = only(compared([result(verdict=verdict, at=LATER)], earlier=OPEN))
    assert (first.kind, first.is_news) == ("no_longer_judged", True)
    kept = known_after([first], OPEN)
    assert kept[KEY] == state(verdict)
    assert not only(compared([result(verdict=verdict, at=LATER_STILL)], earlier=kept)).is_news
    again = only(compared([result(at=LATER_STILL)], earlier=kept))
    assert (again.kind, again.is_news, again.failing_since) == ("still_failing", True, AT)


def test_a_terminated_instance_is_gone() -> None:
    """Where an account-region was seen whole and does not have the instance, its findings are gone and forgotten."""
    found = only(compared(ledger=[place_line(0)], earlier=OPEN))
    assert (found.kind, found.is_news, found.observation.verdict) == ("gone", True, None)
    assert state_after(OPEN[KEY], found) is None


def test_plain_tuples_are_keys() -> None:
    """The store of history may key its findings by plain tuples."""
    plain = {tuple(KEY): state for key, state in OPEN.items()}
    assert only(compared(ledger=[place_line(0)], earlier=plain)).kind == "gone"
    assert only(compared([result()], earlier=plain)).kind == "still_failing"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (instance_line(state="stopped", reason="instance_stopped"), "no_longer_judged"),
        (instance_line(state="scan_failed", reason="host_busy"), "no_longer_judged"),
        (instance_line(state="not_managed", reason="not_registered"), "no_longer_judged"),
        (instance_line(), "no_longer_judged"),
        (instance_line(state="excluded", reason="excluded_by_operator"), "gone"),
        (instance_line(state="scan_failed", reason="instance_not_found"), "gone"),
    ],
)
def test_the_ledger_says_what_became_of_a_finding(line: Any, kind: ChangeKind) -> None:
    """An instance that exists but was not judged keeps its findings open; one out of scope, or not found, is gone."""
    found = only(compared(ledger=[place_line(1), line], earlier=OPEN))
    assert (found.kind, found.observation.reason) == (kind, line["reason"])


def test_what_two_runs_could_not_judge_is_told_once() -> None:
    """A stopped instance's findings are told in the first run that meets it so, and when it is back."""
    stopped = [place_line(1), instance_line(state="stopped", reason="instance_stopped")]
    up = [place_line(1), instance_line()]
    assert only(compared(ledger=stopped, earlier=OPEN, before=up)).is_news
    assert not only(compared(ledger=stopped, earlier=OPEN, before=stopped)).is_news
    assert not only(compared(ledger=stopped, earlier=OPEN, before=[place_line(None)])).is_news
    back = only(compared([result(at=LATER)], up, OPEN, before=stopped))
    assert (back.kind, back.is_news, back.failing_since) == ("still_failing", True, AT)
    elsewhere = [place_line(0, account=OTHER_ACCOUNT)]
    assert not only(compared([result(at=LATER)], up, OPEN, before=elsewhere)).is_news


def test_a_check_that_left_the_profile_is_told_once() -> None:
    """An open finding without a result on a scanned instance is told with the bundle that lost its check, not again."""
    up, other = [place_line(1), instance_line()], [place_line(1, bundle="cd" * 32), instance_line(bundle="cd" * 32)]
    assert only(compared(ledger=up, earlier=OPEN, before=other)).is_news
    assert not only(compared(ledger=up, earlier=OPEN, before=up)).is_news


def test_a_waiver_that_begins_or_ends_is_news() -> None:
    """A failure that is waived now, or not any more, is told; one that stays waived or unwaived is not."""
    waived, unwaived = result(at=LATER, waiver=WAIVER), result(at=LATER)
    news = [
        only(compared([line], earlier=OPEN, waived_before=before)).is_news
        for line, before in ((waived, set()), (unwaived, {KEY}), (waived, {KEY}), (unwaived, set()), (waived, None))
    ]
    assert news == [True, True, False, False, False]


def test_a_history_is_what_was_known() -> None:
    """The findings of a history are known by their keys; those of another profile are not."""
    history: Any = {"account": ACCOUNT, "region": SEOUL, "instance": instance_id(1), "profile": PROFILE}
    findings = {f"U-01/{CHECKS['U-01']}": state()}
    other = {**history, "instance": instance_id(2), "profile": "finance"}
    assert known_findings([{**one, "findings": findings} for one in (history, other)], PROFILE) == OPEN


def test_a_line_tells_its_own_period() -> None:
    """Without a history, a snapshot goes by the failing period that the result lines of a run tell."""
    lines = [
        result(1, first_seen=FIRST, failing_since=FIRST),
        result(2, first_seen=AT, failing_since=AT),
        result(3),
        result(4, "manual", first_seen=FIRST, failing_since=FIRST),
        result(5, "pass"),
    ]
    found = list(snapshot(map(of_result, lines)))
    assert [each.kind for each in found] == ["still_failing", "new", "new", "no_longer_judged", None]
    assert [each.failing_since for each in found] == [FIRST, AT, AT, FIRST, None]
    assert [each.first_seen for each in found] == [FIRST, AT, AT, FIRST, None]


@pytest.mark.parametrize("place", [place_line(None), place_line(2)])
def test_nothing_is_gone_where_nobody_looked(place: Any) -> None:
    """An account-region not entered, or with more instances than the ledger names, closes nothing."""
    assert only(compared(ledger=[place], earlier=OPEN)).kind == "no_longer_judged"


@pytest.mark.parametrize(
    ("request_", "ledger"),
    [
        (WHOLE | {"checks": ["U-18"]}, [place_line(0)]),
        (WHOLE | {"tags": {"team": ["a"]}}, [place_line(0)]),
        ({"scope": {"instances": [f"{ACCOUNT}/{SEOUL}/{instance_id(2)}"]}}, [place_line(0)]),
        ({"scope": {"accounts": [OTHER_ACCOUNT]}}, [place_line(0, account=OTHER_ACCOUNT)]),
        ({"scope": {"organization": True}, "regions": [TOKYO]}, [place_line(0, region=TOKYO)]),
    ],
)
def test_what_was_not_asked_for_is_not_told(request_: dict[str, Any], ledger: list[Any]) -> None:
    """A run of one check, tag, instance, account or region says nothing about what is outside of it."""
    assert compared(ledger=ledger, earlier=OPEN, request=request_) == []


@pytest.mark.parametrize("checks", [["U-01"], [CHECKS["U-01"]]])
def test_a_run_of_one_check_closes_its_own(checks: list[str]) -> None:
    """Items and checks may both be named in a request, and what they name is told."""
    assert only(compared(ledger=[place_line(0)], earlier=OPEN, request=WHOLE | {"checks": checks})).kind == "gone"


def test_an_account_that_left_is_gone() -> None:
    """A run of the whole organization that does not know an account any more closes its findings."""
    assert only(compared(ledger=[place_line(0, account=OTHER_ACCOUNT)], earlier=OPEN)).kind == "gone"


def test_gaps_of_a_run_are_findings() -> None:
    """What was not scanned fails, what is accounted for without a scan does not apply, and a scan again fixes."""
    accounted = [
        instance_line(2, "stopped", "instance_stopped"),
        instance_line(3, "unsupported", "platform_not_supported"),
        instance_line(4, "excluded", "excluded_by_operator"),
    ]
    lines = [place_line(5), instance_line(1, "not_managed", "not_registered"), *accounted, instance_line(5)]
    first = gaps(lines)
    verdicts = ["pass", "fail", *["not_applicable"] * 3, "pass"]
    assert [each.observation.verdict for each in first] == verdicts
    assert [each.kind for each in first] == [None, "new", None, None, None, None]
    second = gaps([place_line(5), instance_line(1), *lines[2:]], known_after(first))
    assert [each.kind for each in second] == [None, "fixed", None, None, None, None]


def test_runs_and_sweeps_close_only_their_own() -> None:
    """A run does not close what a sweep found, nor a sweep what a run found."""
    swept = {KEY._replace(item="SSM.1", check="instance_managed"): OPEN[KEY]}
    assert compared(ledger=[place_line(0)], earlier=swept) == []
    sweep = by_sweep(coverage.SWEEP, AT, WHOLE, [coverage.line(2), _checked(1)])
    assert sweep.fate_of(KEY) == "not_asked"
    assert sweep.fate_of(*swept) == "gone"
    assert by_sweep(coverage.SWEEP, AT, WHOLE, [_checked(None)]).fate_of(*swept) == "not_judged"


def _checked(instances: int | None) -> Any:
    reason = "checked" if instances is not None else "role_not_assumable"
    line: Any = coverage.line()
    return {**line, "kind": "account_region", "instance": None, "cause": None, "reason": reason, "instances": instances}


RUNS = st.lists(st.tuples(st.integers(1, 3), st.sampled_from(sorted(CHECKS)), st.sampled_from(VERDICTS)), max_size=6)


@settings(deadline=None)
@given(RUNS, RUNS)
def test_comparing_the_same_run_again_is_no_news(first: Any, second: Any) -> None:
    """After any two runs, the second one delivered again tells no change, and every change is of a known kind."""
    whole = [place_line(3), *map(instance_line, (1, 2, 3))]
    one, two = ([result(number, verdict, item) for number, item, verdict in _each_once(run)] for run in (first, second))
    known = known_after(compared(one, whole))
    found = compared(two, whole, known)
    assert {each.kind for each in found} <= {None, *get_args(ChangeKind)}
    # What a run left out is judged by no run; what it told is known.
    again = compared(two, whole, known_after(found, known), before=whole)
    assert [each for each in again if each.is_news] == []


def _each_once(run: Any) -> Any:
    return {(number, item): (number, item, verdict) for number, item, verdict in run}.values()
