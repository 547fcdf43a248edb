"""Reads from the sources which reason codes they tell, who tells each, and which are tried again.

Nothing is imported for its effect: Python is read as a syntax tree, the SSM document as the text of its steps.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from fleetdx import errors, invocations
from tools.sources import PROJECT, document_steps, machines, states_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

FAIL_LINE = re.compile(r"""\bfail ([a-z]+(?:_[a-z]+)*) ['"]""")
OUTCOMES = {"Outcome": 1, "Fate": 1, "Failure": 0, "Conclusion": 1, "Announcement": 0}
"""Classes made with a reason code, and where among their arguments it stands."""
TELLERS = {
    "fleetdx/canary.py": "function/SelectWave",
    "fleetdx/failures.py": "anything_else",
    "fleetdx/inventory.py": "function/DiscoverInstances",
    "fleetdx/invocations.py": "ssm",
    "fleetdx/operator_documents.py": "function/CheckExemption",
    "fleetdx/readiness.py": "function/NotifyChange",
    "fleetdx/reporting/gaps.py": "function/BuildReport",
    "fleetdx/reporting/summary.py": "function/BuildReport",
    "fleetdx/run_records.py": "function/BuildReport",
    "fleetdx/verification.py": "function/UploadResults",
    "fleetdx/waves.py": "function/SelectWave",
    "functions/attach_policies/handler.py": "function/AttachPolicies",
    "functions/check_exemption/handler.py": "function/CheckExemption",
    "functions/check_policies/handler.py": "function/CheckPolicies",
    "functions/list_targets/handler.py": "function/ListTargets",
    "functions/receive_event/handler.py": "function/ReceiveEvent",
    "functions/resolve_instance_role/handler.py": "function/ResolveInstanceRole",
    "functions/select_wave/handler.py": "function/SelectWave",
    "functions/summarize_target/handler.py": "function/SummarizeTarget",
    "functions/verify_managed/handler.py": "function/VerifyManaged",
}
"""Which function tells what a file concludes; a new file that concludes something is added here."""


class Told(NamedTuple):
    """A reason code as it stands in a source."""

    code: str
    by: str


def _constants(value: ast.expr) -> list[str]:
    """The texts that an expression can come to, as far as they are written out: also those of `a if b else c`."""
    parts = [value.body, value.orelse] if isinstance(value, ast.IfExp) else [value]
    # An empty text is no code: it stands where there is no line to take one from.
    return [
        part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str) and part.value
    ]


def _of_call(call: ast.Call) -> list[str]:
    """The code in Outcome(...), Fate(...) or Failure(...); none where an instance is only marked to be scanned."""
    name = call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")
    if name not in {*OUTCOMES, "_replace"}:
        return []
    if name == "Fate" and isinstance(call.args[0], ast.Constant) and call.args[0].value is None:
        return []
    place = OUTCOMES.get(name, len(call.args))
    given = [*call.args[place : place + 1], *(one.value for one in call.keywords if one.arg == "reason")]
    return [code for value in given for code in _constants(value)]


def _of_dictionary(display: ast.Dict) -> list[str]:
    """The code under `reason`; not that of a stray, which is an object and has a `key`."""
    keys = [key.value if isinstance(key, ast.Constant) else None for key in display.keys]
    return [] if "key" in keys or "reason" not in keys else _constants(display.values[keys.index("reason")])


def codes_in(source: str) -> set[str]:
    """The reason codes that a Python source concludes in so many words."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            found |= set(_of_call(node))
        elif isinstance(node, ast.Dict):
            found |= set(_of_dictionary(node))
    return found


def _shipped() -> Iterator[Path]:
    for folder in ("fleetdx", "functions"):
        for path in sorted((PROJECT / folder).rglob("*.py")):
            # Causes of coverage have texts and a test of their own (tests/contract/test_coverage_reasons.py); what is
            # asked afterwards concludes nothing, it names the columns of tables.
            if not {"cli", "coverage", "queries"} & set(path.relative_to(PROJECT).parts):
                yield path


def _by_functions() -> Iterator[Told]:
    for path in _shipped():
        name = path.relative_to(PROJECT).as_posix()
        for code in codes_in(path.read_text(encoding="utf-8")):
            assert name in TELLERS, f"{name} concludes {code}: say in tools/reason_sources.py which function that is"
            yield Told(code, TELLERS[name])


def _by_hosts() -> Iterator[Told]:
    for step, text in document_steps().items():
        yield from (Told(code, f"host/{step}") for code in FAIL_LINE.findall(text))
    yield from (Told(code, f"host/{step}") for step, code in invocations.STEP_REASONS.items())


TOLD_TO_CALLERS = frozenset({errors.RequesterNotProven})
"""Errors of functions that no state calls: they end with whoever has invoked the function."""


def ends_in_the_ledger(error: type[errors.FleetdxError]) -> bool:
    """Whether an error can lead to a ledger line: not where every state that catches it by name fails the run."""
    if error in TOLD_TO_CALLERS:
        return False
    rules = [
        (state, rule)
        for machine in machines().values()
        for state in states_of(machine)
        for rule in state.fields.get("Catch", [])
        if error.__name__ in rule["ErrorEquals"]
    ]
    return not rules or any(state.beside[rule["Next"]]["Type"] != "Fail" for state, rule in rules)


def _by_errors() -> Iterator[Told]:
    for error in errors.FleetdxError.__subclasses__():
        if ends_in_the_ledger(error):
            yield Told(error.reason, f"error/{error.__name__}")
    yield from (Told(code, f"error/{name}") for name, code in errors.TOLD_BY_AWS.items())


def tellers() -> dict[str, set[str]]:
    """Each reason code that can reach a ledger line or a gap, and who tells it.

    Raises:
        AssertionError: A file concludes a reason and `TELLERS` does not say for which function.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    by_ssm = (Told(code, "ssm") for code, _ in invocations.STATUS_REASONS.values())
    for told in (*_by_functions(), *_by_hosts(), *_by_errors(), *by_ssm):
        found[told.code].add(told.by)
    # Whoever tells it, it says that nobody foresaw what happened.
    return {**found, errors.FleetdxError.reason: {"anything_else"}}


def retried() -> set[str]:
    """The codes of what is tried again before a ledger line tells it: by another attempt, or by a state's Retry."""
    repeated = {
        name
        for machine in machines().values()
        for state in states_of(machine)
        for rule in state.fields.get("Retry", [])
        for name in rule["ErrorEquals"]
    }
    by_state = {errors.reason_of(name) for name in repeated} - {errors.FleetdxError.reason}
    return {*by_state, *invocations.RETRY_CLASSES}
