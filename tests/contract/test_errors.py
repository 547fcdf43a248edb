"""The errors that functions raise: their names are part of the state machines' language."""

from __future__ import annotations

import ast
import inspect
import re

import pytest

from fleetdx import errors
from tools.sources import PROJECT, machines, states_of

CLASSES = [
    found
    for _, found in inspect.getmembers(errors, inspect.isclass)
    if issubclass(found, errors.FleetdxError) and found is not errors.FleetdxError
]


@pytest.mark.parametrize("error", CLASSES)
def test_every_error_says_what_it_means(error: type[errors.FleetdxError]) -> None:
    """Each error has a sentence of its own and derives directly from the base, where reason_of looks for it."""
    assert "__doc__" in vars(error)
    assert (inspect.getdoc(error) or "").split("\n\n")[0].endswith(".")
    assert error.__bases__ == (errors.FleetdxError,)


def test_reasons_are_unique_codes() -> None:
    """Each error has a reason code of its own in snake case, and the base's means that nobody expected it."""
    reasons = [error.reason for error in CLASSES]
    assert len(set(reasons)) == len(reasons)
    assert all(re.fullmatch(r"[a-z]+(_[a-z]+)*", reason) for reason in reasons)
    assert errors.FleetdxError.reason not in reasons


@pytest.mark.parametrize("error", CLASSES)
def test_an_error_is_told_in_the_ledger_by_its_own_reason(error: type[errors.FleetdxError]) -> None:
    """The name that a Catch hands on leads back to the class's reason code."""
    assert errors.reason_of(error.__name__) == error.reason


@pytest.mark.parametrize(
    ("name", "reason"),
    [("States.Timeout", "timed_out"), ("Sandbox.Timedout", "timed_out"), ("KeyError", "unexpected")],
)
def test_other_errors_have_a_reason_too(name: str, reason: str) -> None:
    """What Step Functions and Lambda report themselves is told as a time-out where it is one, else as unexpected."""
    assert errors.reason_of(name) == reason


@pytest.fixture(scope="module")
def called() -> set[str]:
    """Every name that functions and what they share call."""
    sources = [path for folder in ("fleetdx", "functions") for path in (PROJECT / folder).rglob("*.py")]
    return {
        node.func.id
        for path in sources
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }


@pytest.mark.parametrize("error", CLASSES)
def test_every_error_is_raised_somewhere(called: set[str], error: type[errors.FleetdxError]) -> None:
    """No error is left over: functions or what they share raise or return each of them."""
    assert error.__name__ in called


def test_what_is_worth_repeating_is_never_an_answer() -> None:
    """The errors that states repeat are told apart by class; what IAM spreads slowly only where it is asked for."""
    states = [state for machine in machines().values() for state in states_of(machine)]
    repeated = {
        (name, state.name if name in {"MemberRoleDenied", "InstanceProfileNotReady"} else "")
        for state in states
        for rule in state.fields.get("Retry", [])
        for name in rule["ErrorEquals"]
        if "." not in name
    }
    assert repeated == {
        ("ServiceThrottled", ""),
        ("ServiceUnavailable", ""),
        ("MemberRoleDenied", "AssumeRole"),
        ("InstanceProfileNotReady", "AttachPolicies"),
    }
