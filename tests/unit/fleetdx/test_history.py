"""Since when something fails: the state of a finding, and what a run changes in it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleetdx.history import InstanceHistory, change_of, next_state
from fleetdx.models import VERDICTS
from fleetdx.run_history import RunHistory, Stores, alive_instances
from tests.fakes.histories import DAYS, ONE, TWO, Shelf, kinds, line, run
from tests.fakes.runs import ACCOUNT, REGION

if TYPE_CHECKING:
    from collections.abc import Iterable

    from fleetdx.history import FindingState
    from fleetdx.models import Verdict
    from fleetdx.run_models import ChangeLine


def states(verdicts: Iterable[Verdict]) -> list[FindingState | None]:
    """The state after each verdict, one a day."""
    state, found = None, []
    for day, verdict in enumerate(verdicts):
        state = next_state(state, verdict, "high", DAYS[day])
        found.append(state)
    return found


def test_a_period_begins_with_the_first_failure_and_ends_with_a_pass() -> None:
    """First seen stays; failing since is the begin of this period, fixed on the end of the last."""
    passed, failed, again, fixed, back = states(["pass", "fail", "fail", "pass", "fail"])
    assert passed is None
    assert failed == again
    assert again is not None
    assert (again["first_seen"], again["failing_since"], again["fixed_on"]) == (DAYS[1], DAYS[1], None)
    assert fixed is not None
    assert (fixed["first_seen"], fixed["failing_since"], fixed["fixed_on"]) == (DAYS[1], None, DAYS[3])
    assert back is not None
    assert (back["first_seen"], back["failing_since"], back["fixed_on"]) == (DAYS[1], DAYS[4], None)


@pytest.mark.parametrize("silent", ["manual", "error"])
def test_what_could_not_be_judged_is_not_fixed(silent: Verdict) -> None:
    """A check that came to no decision leaves the failing period as it is, and its end is not invented."""
    _, state = states(["fail", silent])
    assert state is not None
    assert (state["verdict"], state["failing_since"], state["fixed_on"]) == (silent, DAYS[0], None)


@given(st.lists(st.sampled_from(VERDICTS), max_size=len(DAYS)))
def test_exactly_one_of_the_two_times_is_set(verdicts: list[Verdict]) -> None:
    """Whatever comes, a finding either fails since a day or was fixed on one, and first seen is before both."""
    for state in states(verdicts):
        if state is not None:
            assert (state["failing_since"] is None) != (state["fixed_on"] is None)
            assert state["first_seen"] <= (state["failing_since"] or state["fixed_on"] or "")


@given(st.lists(st.sampled_from(VERDICTS), max_size=len(DAYS)))
def test_new_and_fixed_take_turns(verdicts: list[Verdict]) -> None:
    """A finding is new only after it was not failing, and fixed only after it was: never the same change twice."""
    told = [
        change_of(before, after) for before, after in zip([None, *states(verdicts)], states(verdicts), strict=False)
    ]
    changes = [change for change in told if change]
    assert changes == [("new", "fixed")[number % 2] for number in range(len(changes))]


def test_a_run_tells_what_it_changes_and_results_tell_since_when() -> None:
    """The first look is no news; then what is new, what is fixed, and nothing where nothing has changed."""
    shelf = Shelf()
    passed, changes = run(shelf, 0, line("fail", 0), line("pass", 0, TWO))
    assert kinds(changes) == [("initial", ONE)]
    assert (passed[0]["first_seen"], passed[0]["failing_since"]) == (DAYS[0], DAYS[0])
    assert "failing_since" not in passed[1]
    assert run(shelf, 1, line("fail", 1), line("pass", 1, TWO))[1] == []
    passed, changes = run(shelf, 2, line("pass", 2), line("fail", 2, TWO))
    assert kinds(changes) == [("fixed", ONE), ("new", TWO)]
    assert [change["failing_since"] for change in changes] == [DAYS[0], DAYS[2]]
    assert "failing_since" not in passed[0]
    assert passed[1]["failing_since"] == DAYS[2]


def test_a_finding_that_goes_on_is_told_even_where_it_could_not_be_judged() -> None:
    """The line of a check that ended in an error carries since when it fails."""
    shelf = Shelf()
    run(shelf, 0, line("fail", 0))
    (result,), changes = run(shelf, 1, line("error", 1))
    assert (result["failing_since"], changes) == (DAYS[0], [])


def test_findings_go_with_their_instance_only_where_the_list_is_whole() -> None:
    """An instance that EC2 no longer lists takes its findings along; one that was out of scope keeps them."""
    shelf = Shelf()
    run(shelf, 0, line("fail", 0), line("fail", 0, TWO))
    assert run(shelf, 1, line("fail", 1))[1] == []
    assert run(shelf, 2, line("fail", 2), alive=[ONE, TWO])[1] == []
    assert kinds(run(shelf, 3, line("fail", 3), alive=[ONE])[1]) == [("gone", TWO)]
    assert kinds(run(shelf, 4, alive=[])[1]) == [("gone", ONE)]
    assert run(shelf, 5, alive=[])[1] == []


def test_another_profile_begins_anew() -> None:
    """What another profile found says nothing about this one's items, and is no fix."""
    shelf = Shelf()
    run(shelf, 0, line("fail", 0))
    assert kinds(run(shelf, 1, line("fail", 1, profile="kisa_unix_2021"))[1]) == [("initial", ONE)]


def test_a_damaged_history_costs_its_account_alone() -> None:
    """Results pass on as they are, the account is named, and what is there stays."""
    shelf = Shelf(damaged=(ACCOUNT,))
    told: list[ChangeLine] = []
    history = RunHistory(DAYS[0], Stores(shelf, shelf.groups), {(ACCOUNT, REGION): frozenset()}, told.append)
    results = [line("fail", 0), line("fail", 0, account="999999999999")]
    passed = list(history.follow(results))
    assert passed[0] == results[0]
    assert passed[1]["failing_since"] == DAYS[0]
    assert (history.unreadable, kinds(told)) == ([ACCOUNT], [("initial", ONE)])
    assert set(shelf.known) == {"999999999999"}


@pytest.mark.parametrize(
    ("request_", "alive"),
    [
        ({"scope": {"organization": True}, "tags": {}}, {(ACCOUNT, REGION): {ONE}}),
        ({"scope": {"organization": True}, "tags": {"team": ["web"]}}, {}),
        ({"scope": {"instances": [f"{ACCOUNT}/{REGION}/{ONE}"]}, "tags": {}}, {}),
    ],
)
def test_a_list_is_whole_where_the_request_leaves_nothing_out(
    request_: dict[str, Any], alive: dict[tuple[str, str], set[str]]
) -> None:
    """Neither a tag filter nor single instances let anything count as gone, nor a place not entered."""
    ledger: Any = [
        {"kind": "account_region", "account": ACCOUNT, "region": REGION, "state": "scanned", "instance": None},
        {"kind": "instance", "account": ACCOUNT, "region": REGION, "state": "stopped", "instance": ONE},
        {"kind": "account_region", "account": ACCOUNT, "region": "shut", "state": "scan_failed", "instance": None},
    ]
    assert alive_instances(ledger, request_) == alive


def test_shapes_are_those_of_the_schema() -> None:
    """An instance's history names who it is and by which profile it was judged."""
    shelf = Shelf()
    run(shelf, 0, line("fail", 0))
    kept: InstanceHistory = shelf.known[ACCOUNT][REGION, ONE]
    assert (kept["instance"], kept["profile"], kept["run"], list(kept["findings"])) == (
        ONE,
        "kisa_unix_2026",
        "run-0",
        ["U-01/root_ssh_login_denied"],
    )
