from __future__ import annotations

import itertools
import random
import tracemalloc
from typing import TYPE_CHECKING, Any

import pytest

from fleetdx.reporting.lines import UnknownVerdictError
from fleetdx.reporting.summary import UnknownProfileError, build_summary

if TYPE_CHECKING:
    from collections.abc import Iterator


def build(example: Any, **changes: Any) -> dict[str, Any]:
    parts = {
        "run": example.facts(),
        "ledger": example.ledger(),
        "results": example.results(),
        "catalog": example.catalog(),
        "strays": example.strays(),
        **changes,
    }
    return build_summary(**parts)


def only(example: Any, *names: str | None) -> dict[str, Any]:
    """A run of the named machines only, all of them in the first account and region."""
    machines = [(number, one) for number, one in enumerate(example.MACHINES) if one.name in names]
    ledger = [example.instance_line(number, one) for number, one in machines]
    place = next(line for line in example.ledger() if line["instance"] is None)
    place = {**place, "region": example.SEOUL, "instances": len(ledger)}
    results = [one for one in example.results() if one["instance_name"] in names]
    return {"ledger": [*ledger, place], "results": results}


def test_counts_equal_the_ledger(example: Any, summary: dict[str, Any]) -> None:
    """Every instance is counted in exactly one state, per account-region and in total."""
    assert summary["totals"]["instances"] == sum(summary["totals"]["states"].values()) == len(example.MACHINES)
    for target in summary["targets"]:
        assert sum(target["states"].values()) == (target["instances"] or 0)
    for state, count in summary["totals"]["states"].items():
        assert count == sum(target["states"][state] for target in summary["targets"])


def test_findings_add_up(example: Any, summary: dict[str, Any]) -> None:
    """Findings by place, by instance and by item all come to the number of results with verdict fail."""
    failed = sum(one["verdict"] == "fail" for one in example.results())
    severities = ("high", "medium", "low")
    assert summary["totals"]["verdicts"]["fail"] == failed == sum(summary["totals"]["findings"].values())
    assert failed == sum(target["findings"][one] for target in summary["targets"] for one in severities)
    assert failed == sum(host[one] for host in summary["worst_instances"] for one in severities)
    assert failed == sum(item["failed"] for item in summary["worst_items"])


def test_gaps_make_a_run_incomplete(summary: dict[str, Any]) -> None:
    """The account-region that could not be entered comes first, then instances that were not scanned."""
    assert summary["status"] == "incomplete"
    assert [(gap["instance"] is None, gap["reason"]) for gap in summary["gaps"]] == [
        (True, "role_not_assumable"),
        (False, "agent_not_reporting"),
        (False, "execution_timed_out"),
    ]


def test_stopped_unsupported_and_excluded_are_no_gaps(example: Any) -> None:
    """Instances that are stopped, unsupported or excluded leave a run complete."""
    parts = only(example, "web-1", "report-windows", "load-test", "forensics")
    for line in parts["ledger"]:
        line.update(account=example.PRODUCTION[0])
    built = build(example, **parts)
    assert (built["status"], built["gaps"]) == ("complete", [])
    assert built["totals"]["states"] == {
        "scanned": 1, "scan_failed": 0, "not_managed": 0, "stopped": 1, "unsupported": 1, "excluded": 1,
    }  # fmt: skip


def test_suspended_account_is_no_gap(example: Any) -> None:
    """An account-region that is unsupported was not entered, and yet the run is complete."""
    parts = only(example, "web-1")
    suspended = {**parts["ledger"][-1], "account": "222233334444", "state": "unsupported", "instances": None}
    built = build(example, **{**parts, "ledger": [*parts["ledger"], suspended]})
    assert built["status"] == "complete"
    assert [target["entered"] for target in built["targets"]] == [True, False]


@pytest.mark.parametrize(
    ("broken", "reason"),
    [("ledger line lost", "instances_unaccounted"), ("place lost", "no_ledger_line"), ("results lost", "no_results")],
)
def test_contradictions_are_gaps(example: Any, broken: str, reason: str) -> None:
    """A ledger that does not add up with EC2's count, or with the results, never makes a run complete."""
    parts = only(example, "web-1", "web-2")
    if broken == "ledger line lost":
        del parts["ledger"][0]
        parts["results"] = [one for one in parts["results"] if one["instance_name"] == "web-2"]
    elif broken == "place lost":
        del parts["ledger"][-1]
    else:
        parts["results"] = [one for one in parts["results"] if one["instance_name"] == "web-2"]
    built = build(example, **parts)
    assert built["status"] == "incomplete"
    assert [gap["reason"] for gap in built["gaps"]] == [reason]


def test_repeated_and_reordered_lines_change_nothing(example: Any, summary: dict[str, Any]) -> None:
    """Delivering every line twice, in any order, gives the same summary."""
    shuffled = random.Random(7)  # noqa: S311  not for secrets: the same shuffle each time
    results, ledger = list(example.results()) * 2, example.ledger() * 2
    shuffled.shuffle(results)
    shuffled.shuffle(ledger)
    assert build(example, results=results, ledger=ledger) == summary


def test_late_failure_does_not_undo_a_verified_result(example: Any) -> None:
    """Of two lines of one instance the scanned one counts, however late the other is."""
    parts = only(example, "web-1")
    late = {**parts["ledger"][0], "state": "scan_failed", "reason": "no_answer", "at": "2099-01-01T00:00:00Z"}
    for ledger in itertools.permutations([*parts["ledger"], late]):
        assert build(example, **{**parts, "ledger": ledger})["status"] == "complete"


def test_results_of_an_unknown_instance_are_strays(example: Any) -> None:
    """Result lines of an instance that the ledger does not name are reported and not counted."""
    parts = only(example, "web-1")
    foreign = {**parts["results"][0], "instance": "i-0", "verdict": "fail"}
    built = build(example, **{**parts, "results": [*parts["results"], foreign]})
    assert built["totals"]["verdicts"]["fail"] == 0
    assert built["strays"][-1] == {
        "key": f"{example.PRODUCTION[0]}/{example.SEOUL}/i-0",
        "reason": "results_without_ledger_line",
    }


def test_unknown_verdict_is_refused(example: Any) -> None:
    """A verdict that nobody knows raises instead of counting as anything."""
    results = [{**next(example.results()), "verdict": "passed"}]
    with pytest.raises(UnknownVerdictError, match="passed"):
        build(example, results=results)


def test_unknown_profile_is_refused(example: Any) -> None:
    """A run of a profile that the catalog lacks raises, because item numbers would be ambiguous."""
    with pytest.raises(UnknownProfileError, match="kisa_unix_2031"):
        build(example, run=example.facts(profile="kisa_unix_2031"))


def test_worst_items_count_what_was_assessed(summary: dict[str, Any]) -> None:
    """Manual, error and not_applicable are not among the assessed; severe and frequent items come first."""
    by_item = {row["item"]: row for row in summary["worst_items"]}
    assert (by_item["U-28"]["failed"], by_item["U-28"]["assessed"]) == (1, 1)
    order = [("high", "medium", "low").index(row["severity"]) for row in summary["worst_items"]]
    assert order == sorted(order)
    assert summary["worst_items"][0]["item"] == "U-03"


def test_memory_does_not_follow_the_result_lines(example: Any) -> None:
    """Of a line more on the same instances not even a reference is kept, which takes 8 bytes."""
    few, many = (peak_of(example, instances=200, checks=checks) for checks in (30, 300))
    assert (many - few) / (200 * (300 - 30)) < 8


def peak_of(example: Any, instances: int, checks: int) -> int:
    ledger = [
        {**example.instance_line(0, example.MACHINES[0]), "instance": f"i-{number}"} for number in range(instances)
    ]
    one = next(example.results())

    def results() -> Iterator[dict[str, Any]]:
        for number, check in itertools.product(range(instances), range(checks)):
            yield {**one, "instance": f"i-{number}", "item": f"U-{check}", "check": f"c{check}", "verdict": "fail"}

    tracemalloc.start()
    try:
        build(example, ledger=ledger, results=results())
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
