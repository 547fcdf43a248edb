"""The list of reason codes is what the sources tell, what tests reach, and what the pages say."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest

from fleetdx.errors import FleetdxError
from fleetdx.models import GAP_STATES, LEDGER_STATES
from fleetdx.reasons import reasons
from fleetdx.reporting.messages import texts
from tools import reason_pages
from tools.reason_sources import TELLERS, retried, tellers
from tools.reason_tests import MarkedTest, marked_tests, reaching_tests
from tools.sources import PROJECT

DOCUMENTED = reasons()
COMING = {code for code, reason in DOCUMENTED.items() if "coming" in reason}
TOLD = tellers()
MARKED = marked_tests()

every_reason = pytest.mark.parametrize("code", DOCUMENTED)


def test_the_list_keeps_its_schema() -> None:
    """reasons.json is what its schema says."""
    schema: Any = json.loads((PROJECT / "fleetdx/schemas/reasons.schema.json").read_text(encoding="utf-8"))
    document = json.loads((PROJECT / "fleetdx/reasons.json").read_text(encoding="utf-8"))
    assert [error.json_path for error in jsonschema.Draft202012Validator(schema).iter_errors(document)] == []


def test_every_reason_that_is_told_is_documented() -> None:
    """Nothing in functions, errors or the SSM document tells a reason that the list lacks."""
    assert set(TOLD) - set(DOCUMENTED) == set()


def test_every_documented_reason_is_told() -> None:
    """Nothing is left over in the list, and what is marked as coming has not come yet."""
    assert set(DOCUMENTED) - set(TOLD) == COMING, "drop what nothing tells; drop `coming` from what is told now"


@pytest.mark.parametrize("code", sorted(set(DOCUMENTED) - COMING))
def test_who_tells_a_reason_is_documented(code: str) -> None:
    """The list names exactly those who tell a reason: steps, Systems Manager, errors, functions."""
    assert set(DOCUMENTED[code]["told_by"]) == TOLD[code]


def test_what_is_tried_again_is_documented() -> None:
    """A reason is said to be tried again exactly where a second attempt or a state's Retry does so."""
    assert {code for code, reason in DOCUMENTED.items() if reason["retried"]} == retried()


@every_reason
def test_a_gap_is_a_gap_by_its_state(code: str) -> None:
    """A reason is a gap exactly where its states are, so it never goes with a gap and with none."""
    states = frozenset(DOCUMENTED[code]["states"])
    assert DOCUMENTED[code]["gap"] == (bool(states) and states <= GAP_STATES)
    assert DOCUMENTED[code]["gap"] or not states & GAP_STATES


def test_an_error_may_end_both_kinds_of_line() -> None:
    """What an error tells can stand on an account-region and on an instance: it depends on when it strikes."""
    in_ledgers = [one for one in DOCUMENTED.values() if one["kinds"]]
    by_errors = [one for one in in_ledgers if any(by.startswith("error/") for by in one["told_by"])]
    assert all(set(one["kinds"]) == {"account_region", "instance"} for one in by_errors)
    assert set(DOCUMENTED[FleetdxError.reason]["kinds"]) == {"account_region", "instance"}


def test_every_file_that_is_said_to_conclude_something_exists() -> None:
    """No teller is left over from a file that is gone."""
    assert [name for name in TELLERS if not (PROJECT / name).is_file()] == []


@every_reason
def test_every_reason_has_a_test_that_reaches_it(code: str) -> None:
    """Each reason is named by the mark of a test, but for those that nothing tells yet."""
    assert code in COMING or reaching_tests().get(code), f"mark a test with @pytest.mark.reaches({code!r})"


@pytest.mark.parametrize("test", MARKED, ids=[test.node for test in MARKED])
def test_a_mark_promises_what_its_test_asserts(test: MarkedTest) -> None:
    """A marked test asserts each code that its mark names, and each of them is documented."""
    assert test.reaches
    assert set(test.reaches) <= set(DOCUMENTED)
    assert set(test.reaches) <= test.asserted


def test_remedies_are_kept_in_one_place() -> None:
    """The report's fixed texts have remedies by state only; those by reason are in the list."""
    for language in ("en", "ko"):
        remedies = {key.removeprefix("remedy.") for key in texts(language) if key.startswith("remedy.")}
        assert remedies == set(LEDGER_STATES)


@pytest.mark.parametrize("path", reason_pages.pages(), ids=lambda path: path.name)
def test_the_pages_about_reasons_are_true(path: Any) -> None:
    """docs/reasons.md and docs/reasons.ko.md are what the list and the tests say."""
    assert path.read_text(encoding="utf-8") == reason_pages.pages()[path]
