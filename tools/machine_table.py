"""Writes statemachines/README.md: what each state calls, which errors it knows, and where each leads.

python tools/machine_table.py [--check]
"""

from __future__ import annotations

import inspect
import sys
from typing import Any

from fleetdx.errors import FleetdxError
from tools.markdown import table, write_or_check
from tools.sources import MACHINES, State, machines, snake_case, states_of

README = MACHINES / "README.md"
COMMON_RETRIES = 2
"""The retriers that every state with a function begins with; HEAD tells them once."""
HEAD = """\
# State machines

`make format` lays the definitions out and writes this page from them and from `fleetdx/errors.py`; a test keeps it
true. An error without a prefix is the class that a function raises; one with a prefix is told by AWS.

Before an error leads anywhere, every state that calls a function repeats the call:
"""


def _retry(rule: dict[str, Any]) -> str:
    lambda_faults = any(name.startswith("Lambda.") for name in rule["ErrorEquals"])
    names = (
        "a fault of Lambda's own, or time that ran out"
        if lambda_faults
        else ", ".join(f"`{name}`" for name in rule["ErrorEquals"])
    )
    return (
        f"{names}: up to {rule['MaxAttempts']} times, first after {rule['IntervalSeconds']} s, "
        f"at most {rule['MaxDelaySeconds']} s apart, with full jitter"
    )


def _what_it_does(state: State) -> str:
    fields = state.fields
    if state.function:
        folder = snake_case(state.function)
        return f"[`{folder}`](../functions/{folder}/handler.py)"
    if fields["Type"] == "Task":
        return f"`{fields['Resource'].rpartition(':::')[2]}`"
    if fields["Type"] == "Map":
        mode = fields["ItemProcessor"]["ProcessorConfig"]["Mode"].capitalize()
        return f"{mode} Map, {fields['MaxConcurrency']} at once"
    return str(fields["Type"])


def _errors(state: State) -> str:
    """Where errors lead; repetitions are told only where they are not those of every function."""
    of_its_own = state.fields.get("Retry", [])[COMMON_RETRIES if state.function else 0 :]
    retries = [_retry(rule) for rule in of_its_own]
    leads = []
    for rule in state.fields.get("Catch", []):
        names = "any other" if rule["ErrorEquals"] == ["States.ALL"] else f"`{'`, `'.join(rule['ErrorEquals'])}`"
        leads.append(f"{names}: `{rule['Next']}`")
    if len(leads) == 1:
        leads = [leads[0].replace("any other", "any")]
    return "<br>".join(retries + leads)


def _condition(rule: dict[str, Any]) -> str:
    wanted = f" is `{rule['StringEquals']}`" if "StringEquals" in rule else ""
    return f"`{rule['Variable']}`{wanted}"


def _follows(state: State) -> str:
    fields = state.fields
    then = fields.get("Next", fields.get("Default"))
    choices = [f"`{rule['Next']}` when {_condition(rule)}" for rule in fields.get("Choices", [])]
    last = f"`{then}`" if then else {"Fail": "the execution fails", "Succeed": "the execution ends"}.get(fields["Type"])
    return ", else ".join([*choices, last or "its level ends"])


def _machine(name: str, machine: dict[str, Any]) -> list[str]:
    minutes = machine["TimeoutSeconds"] // 60
    rows = (
        (f"`{state.name}`", _what_it_does(state), _errors(state), _follows(state), state.fields["Comment"])
        for state in states_of(machine)
    )
    states = table(("State", "What it does", "Errors lead to", "Else follows", "Remark"), rows)
    return [f"## {name}", "", f"{machine['Comment']} It ends after {minutes} minutes at the latest.", "", *states]


def page() -> str:
    """The whole page, as Markdown."""
    found = machines()
    calls = next(state for state in states_of(next(iter(found.values()))) if state.function)
    lines = [HEAD, *(f"- {_retry(rule)}" for rule in calls.fields["Retry"][:COMMON_RETRIES]), ""]
    for name, machine in found.items():
        lines += _machine(name, machine)
    errors = (
        (f"`{error.__name__}`", f"`{error.reason}`", (inspect.getdoc(error) or "").split("\n\n")[0].replace("\n", " "))
        for error in FleetdxError.__subclasses__()
    )
    lines += ["## Errors that functions raise", ""]
    lines += ["The reason code is what ledger lines carry when the error ends an account-region or an instance.", ""]
    lines += table(("Error", "Reason code", "What it means"), errors)
    return "\n".join(lines).rstrip() + "\n"


def main(arguments: list[str]) -> int:
    """Write the page, or with --check say whether it is as written."""
    return write_or_check({README: page()}, arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
