"""What is news since the sweep before, and how long it has been so."""

from __future__ import annotations

from fleetdx.coverage.changes import changes_between, key_of, with_beginnings
from fleetdx.coverage.models import MOST_CHANGES, CoverageLine
from tests.fakes.coverage import AT, BEFORE, line, place_line, unchecked

ACCOUNT, REGION = "111122223333", "ap-northeast-2"


def place(*, checked: bool = True) -> CoverageLine:
    return place_line(unchecked(ACCOUNT, REGION, checked=checked))


def by_key(*lines: CoverageLine) -> dict[tuple[str, str, str], CoverageLine]:
    return {key_of(one): one for one in lines}


def test_each_kind_of_change_is_told_apart() -> None:
    """Newly unmanaged, managed again, another cause, gone; what stayed the same is no news."""
    before = by_key(
        place(),
        line(1, "managed"),
        line(2, "no_profile"),
        line(3, "no_profile"),
        line(4, "no_route", "no_path"),
        line(5, "managed"),
        line(6, "missing_policy"),
        line(7, "managed"),
    )
    now = [
        place(),
        line(1, "no_profile"),
        line(2, "managed"),
        line(3, "missing_policy"),
        line(5, "managed"),
        line(6, "missing_policy"),
        line(8, "imds_off"),
        line(9, "managed"),
    ]
    changes = changes_between(BEFORE, before, now)
    assert [one["instance"] for one in changes["newly_unmanaged"]] == [now[1]["instance"], now[6]["instance"]]
    assert [(one["before"], one["after"]) for one in changes["managed_again"]] == [("no_profile", "managed")]
    assert [(one["before"], one["after"]) for one in changes["other_cause"]] == [("no_profile", "missing_policy")]
    assert (changes["gone_count"], changes["places_lost"]) == (1, [])


def test_the_first_sweep_has_no_news() -> None:
    """Without a sweep before, everything would be new."""
    changes = changes_between(None, {}, [place(), line(1, "no_profile")])
    assert (changes["newly_unmanaged_count"], changes["since"]) == (0, None)


def test_what_nobody_could_look_at_has_not_changed() -> None:
    """A lost account-region is told as lost; its instances are neither gone nor new, now or in the next sweep."""
    seen = by_key(place(), line(1, "no_profile"))
    lost = changes_between(BEFORE, seen, [place(checked=False)])
    assert (lost["gone_count"], lost["places_lost"]) == (0, [f"{ACCOUNT}/{REGION}"])
    back = changes_between(BEFORE, by_key(place(checked=False)), [place(), line(1, "no_profile")])
    assert (back["newly_unmanaged_count"], back["places_lost"]) == (0, [])


def test_lists_are_bounded_and_counts_are_not() -> None:
    """A summary stays small however much has changed."""
    lines = [line(number, "no_profile") for number in range(MOST_CHANGES + 7)]
    changes = changes_between(BEFORE, by_key(place()), [place(), *lines])
    assert (len(changes["newly_unmanaged"]), changes["newly_unmanaged_count"]) == (MOST_CHANGES, MOST_CHANGES + 7)


def test_the_beginning_is_kept_over_sweeps_and_starts_anew_after_an_end() -> None:
    """An instance is unmanaged since the first sweep of an unbroken row, also where its cause has changed."""
    begun = "2026-11-20T02:15:40Z"
    before = by_key(line(1, "no_profile", unmanaged_since=begun), line(2, "managed", unmanaged_since=None))
    found = with_beginnings([line(1, "no_route", "no_path"), line(2, "no_profile"), line(3, "managed")], before)
    assert [one["unmanaged_since"] for one in found] == [begun, AT, None]
