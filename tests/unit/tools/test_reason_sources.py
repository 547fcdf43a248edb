"""Reason codes and marks are found in sources however they are written."""

from __future__ import annotations

import pytest

from tools.reason_sources import FAIL_LINE, codes_in
from tools.reason_tests import marked_tests_in


@pytest.mark.parametrize(
    ("source", "codes"),
    [
        ('Outcome("scanned", "verified", "Good.")', {"verified"}),
        ('ledger.Outcome("scanned", "verified", "Good.")', {"verified"}),
        ('Outcome("scan_failed", reason="bad", detail="Bad.")', {"bad"}),
        ('OUTCOME._replace(reason="worse")', {"worse"}),
        ('Failure("no_digest", "None.")', {"no_digest"}),
        ('Failure("late" if late else "early", "Bad.")', {"late", "early"}),
        ('Fate("stopped", "instance_stopped", "Off.")', {"instance_stopped"}),
        ('Fate(None, "to_scan", "On.")', set()),
        ('{**line, "state": "scan_failed", "reason": "no_results"}', {"no_results"}),
        ('{"reason": own["reason"] if own else "no_ledger_line"}', {"no_ledger_line"}),
        ('{"key": key, "reason": "named_by_no_digest"}', set()),
        ("Outcome(state, reason, detail)", set()),
        ("Failure(*told)", set()),
        ('print("reason", "Outcome")', set()),
    ],
)
def test_codes_are_found_where_they_are_concluded(source: str, codes: set[str]) -> None:
    """A code that a source writes out is found; what is handed on, only marked to be scanned, or a stray's is not."""
    assert codes_in(source) == codes


def test_fail_lines_of_a_step_are_found() -> None:
    """The first argument of `fail` is a code; the function's definition and curl's option of that name are none."""
    text = (
        "fail() { # <reason_code>\ncheck || fail no_curl 'gone'\n 'silent' 'fail' 'globoff'\n  fail host_busy \"$x\"\n"
    )
    assert FAIL_LINE.findall(text) == ["no_curl", "host_busy"]


MARKED = """
@pytest.mark.reaches("a", "b")
@pytest.mark.reaches("c")
@pytest.mark.parametrize(("x", "reason"), [(1, "a")])
def test_marked(x, reason):
    "d"
    found = "c"
    assert found == reason or f"{found}" == "b"


def test_plain():
    assert "a"
"""


def test_a_mark_is_read_with_what_its_test_asserts() -> None:
    """Codes of several marks are put together; texts count as asserted in asserts and tables only."""
    (test,) = marked_tests_in("tests/test_x.py", MARKED)
    assert (test.node, test.reaches) == ("tests/test_x.py::test_marked", ["a", "b", "c"])
    assert {"a", "b"} <= test.asserted
    assert not {"c", "d"} & test.asserted
