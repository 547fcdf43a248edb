"""A group of instances fails since a day, however often its instances are replaced, and no instance is another."""

from __future__ import annotations

from typing import Any

import pytest

from fleetdx.group_history import FORGOTTEN_AFTER
from fleetdx.run_history import RunHistory, Stores
from tests.fakes.histories import DAYS, ONE, TWO, Shelf, kinds, line, run
from tests.fakes.runs import ACCOUNT, REGION

THREE = "i-00000000000000003"
GROUP = f"arn:aws:autoscaling:{REGION}:{ACCOUNT}:autoScalingGroup:6d1c:autoScalingGroupName/web"
NAMESAKE = GROUP.replace("6d1c", "7e2d")
KEY = "U-01/root_ssh_login_denied"


def member(verdict: Any, day: int, instance: str = ONE, group: str | None = GROUP, **fields: Any) -> Any:
    grouped = {} if group is None else {"auto_scaling_group": group}
    return line(verdict, day, instance, **grouped, **fields)


def test_a_replaced_instance_continues_what_its_group_fails() -> None:
    """It is told as continued, with its own first day and the group's; the old one is gone, and not fixed."""
    shelf = Shelf()
    run(shelf, 0, member("fail", 0), alive=[ONE])
    (result,), changes = run(shelf, 5, member("fail", 5, TWO), alive=[TWO])
    assert kinds(changes) == [("continued", TWO), ("gone", ONE)]
    assert (result["failing_since"], result["group_failing_since"]) == (DAYS[5], DAYS[0])
    assert result["first_seen"] == DAYS[5]
    assert [change.get("group_failing_since") for change in changes] == [DAYS[0], DAYS[0]]
    assert all(change["auto_scaling_group"] == GROUP and "group_fixed_on" not in change for change in changes)
    (result,), changes = run(shelf, 9, member("fail", 9, THREE), alive=[THREE])
    assert kinds(changes) == [("continued", THREE), ("gone", TWO)]
    assert (result["failing_since"], result["group_failing_since"]) == (DAYS[9], DAYS[0])


def test_a_replacement_that_passes_ends_the_period_of_the_group() -> None:
    """The finding is gone with its instance; its line says that no instance of the group fails any more."""
    shelf = Shelf()
    run(shelf, 0, member("fail", 0), alive=[ONE])
    _, changes = run(shelf, 5, member("pass", 5, TWO), alive=[TWO])
    assert kinds(changes) == [("gone", ONE)]
    assert (changes[0]["group_failing_since"], changes[0]["group_fixed_on"]) == (DAYS[0], DAYS[5])
    finding = shelf.groups.known[ACCOUNT][GROUP]["findings"][KEY]
    assert finding == {"first_seen": DAYS[0], "failing_since": None, "fixed_on": DAYS[5]}


def test_a_finding_that_a_replacement_brings_is_new() -> None:
    """The group was judged before and did not fail: what comes with a new image is news, not a first look."""
    shelf = Shelf()
    run(shelf, 0, member("pass", 0), alive=[ONE])
    (result,), changes = run(shelf, 5, member("fail", 5, TWO), alive=[TWO])
    assert kinds(changes) == [("new", TWO)]
    assert result["group_failing_since"] == DAYS[5]


def test_the_first_look_at_a_group_is_no_news() -> None:
    """As with a single instance: what fails then is counted as initial."""
    shelf = Shelf()
    _, changes = run(shelf, 0, member("fail", 0), member("fail", 0, TWO))
    assert kinds(changes) == [("initial", ONE), ("initial", TWO)]


def test_a_group_fails_as_long_as_one_of_its_instances_does() -> None:
    """One is fixed, its neighbor still fails: the instance's finding is fixed, the group's period goes on."""
    shelf = Shelf()
    run(shelf, 0, member("fail", 0), member("fail", 0, TWO))
    (_, second), changes = run(shelf, 3, member("pass", 3), member("fail", 3, TWO))
    assert kinds(changes) == [("fixed", ONE)]
    assert second["group_failing_since"] == DAYS[0]
    # Nothing is known of a neighbor that was not scanned but is still there: its finding keeps the period open.
    run(shelf, 4, member("pass", 4), alive=[ONE, TWO])
    assert shelf.groups.known[ACCOUNT][GROUP]["findings"][KEY]["failing_since"] == DAYS[0]
    run(shelf, 5, member("pass", 5), member("pass", 5, TWO))
    assert shelf.groups.known[ACCOUNT][GROUP]["findings"][KEY]["fixed_on"] == DAYS[5]


@pytest.mark.parametrize("silent", ["manual", "error"])
def test_what_could_not_be_judged_ends_no_period(silent: Any) -> None:
    """A replacement of which nothing is known fixes nothing."""
    shelf = Shelf()
    run(shelf, 0, member("fail", 0), alive=[ONE])
    run(shelf, 1, member(silent, 1, TWO), alive=[TWO])
    (result,), _ = run(shelf, 2, member("fail", 2, TWO), alive=[TWO])
    assert result["group_failing_since"] == DAYS[0]


def test_a_group_without_instances_is_remembered() -> None:
    """Scaled to nothing for a while, it goes on where it was; nothing was fixed in between."""
    shelf = Shelf()
    run(shelf, 0, member("fail", 0), alive=[ONE])
    assert kinds(run(shelf, 1, alive=[])[1]) == [("gone", ONE)]
    (result,), changes = run(shelf, 2, member("fail", 2, TWO), alive=[TWO])
    assert kinds(changes) == [("continued", TWO)]
    assert result["group_failing_since"] == DAYS[0]


def test_a_group_of_the_same_name_is_another() -> None:
    """Only the ARN counts: a group that was made anew under the old name begins anew."""
    shelf = Shelf()
    run(shelf, 0, member("fail", 0), alive=[ONE])
    (result,), changes = run(shelf, 1, member("fail", 1, TWO, NAMESAKE), alive=[TWO])
    assert kinds(changes) == [("initial", TWO), ("gone", ONE)]
    assert result["group_failing_since"] == DAYS[1]


def test_where_groups_are_unknown_an_instance_is_followed_alone() -> None:
    """Without the ARN nothing is said of a group; what was known of it waits for the next run that knows."""
    shelf = Shelf()
    run(shelf, 0, member("fail", 0), alive=[ONE])
    (result,), changes = run(shelf, 1, member("fail", 1, TWO, None), alive=[TWO])
    assert kinds(changes) == [("initial", TWO), ("gone", ONE)]
    assert "group_failing_since" not in result
    (result,), changes = run(shelf, 2, member("fail", 2, TWO), alive=[TWO])
    assert (changes, result["failing_since"], result["group_failing_since"]) == ([], DAYS[1], DAYS[0])


def test_an_account_without_groups_asks_for_none() -> None:
    """Neither what is kept of groups nor anything of them is read or written."""
    shelf = Shelf()
    run(shelf, 0, line("fail", 0), alive=[ONE])
    run(shelf, 1, alive=[])
    assert (shelf.groups.asked, shelf.groups.known) == (0, {})


def test_a_damaged_history_of_groups_costs_the_instances_nothing() -> None:
    """The account is named, its instances are followed, and what is there stays."""
    shelf = Shelf()
    shelf.groups.damaged = frozenset({ACCOUNT})
    told: list[Any] = []
    history = RunHistory(DAYS[0], Stores(shelf, shelf.groups), {}, told.append)
    (result,) = history.follow([member("fail", 0)])
    assert (history.unreadable, history.unreadable_groups) == ([], [ACCOUNT])
    assert kinds(told) == [("initial", ONE)]
    assert (result["failing_since"], "group_failing_since" in result) == (DAYS[0], False)
    assert shelf.groups.known == {}


def test_a_group_that_nobody_has_seen_for_long_is_forgotten() -> None:
    """After more than a year, once another group of the account is seen."""
    shelf = Shelf()
    year = 2026 - FORGOTTEN_AFTER.days // 365 - 1
    run(shelf, 0, member("fail", 0, at=f"{year}-01-01T00:00:00Z"), alive=[ONE])
    run(shelf, 1, member("fail", 1, TWO, NAMESAKE), alive=[TWO])
    assert set(shelf.groups.known[ACCOUNT]) == {NAMESAKE}
