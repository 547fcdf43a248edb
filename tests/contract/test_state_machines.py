"""The state machines as texts: that every arrow leads somewhere, and that every failure does."""

from __future__ import annotations

import json
from typing import Any

import pytest

from fleetdx import errors
from tools import format_asl, machine_table
from tools.sources import State, levels_of, machine_texts, machines, states_of

MACHINES = machines()
STATES = [state for machine in MACHINES.values() for state in states_of(machine)]
TASKS = [state for state in STATES if state.fields["Type"] == "Task"]
CALLS = [state for state in TASKS if state.function]

# What Step Functions tells of Lambda (its guide, "Handle transient Lambda service exceptions") and of itself as a
# service that a task calls (the errors of StartExecution in its API reference, with the service's name before them).
DOCUMENTED_ERRORS = frozenset(
    {
        "Lambda.ClientExecutionTimeoutException",
        "Lambda.ServiceException",
        "Lambda.AWSLambdaException",
        "Lambda.SdkClientException",
        "Lambda.TooManyRequestsException",
        "Lambda.Unknown",
        "Sandbox.Timedout",
        "StepFunctions.ExecutionLimitExceededException",
        "StepFunctions.ThrottlingException",
        "StepFunctions.SdkClientException",
        "States.ALL",
        "States.ItemReaderFailed",
        "States.Timeout",
        "States.TaskFailed",
    }
)
SPREADS_SLOWLY = {"AssumeRole": "MemberRoleDenied", "AttachPolicies": "InstanceProfileNotReady"}
"""States that repeat what IAM has not yet told everywhere, and the error that says so."""
OURS = {error.__name__ for error in errors.FleetdxError.__subclasses__()}
# The embedded AWS answers these wrongly without a word, or not at all (emulator/FIDELITY.md).
FORBIDDEN_FIELDS = frozenset(
    {
        "ItemBatcher",
        "ToleratedFailureCount",
        "ToleratedFailurePercentage",
        "ToleratedFailureCountPath",
        "ToleratedFailurePercentagePath",
        "ResultWriter",
        "Credentials",
        "QueryLanguage",
        "Assign",
        "Output",
        "Arguments",
        "Condition",
    }
)


def state_named(name: str) -> State:
    return next(state for state in STATES if state.name == name)


def targets_of(fields: dict[str, Any]) -> list[str]:
    arrows = [fields, *fields.get("Choices", []), *fields.get("Catch", [])]
    return [one[key] for one in arrows for key in ("Next", "Default") if key in one]


def named(states: list[State]) -> Any:
    return pytest.mark.parametrize("state", [pytest.param(state, id=state.name) for state in states])


@pytest.mark.parametrize("name", MACHINES)
def test_every_arrow_leads_to_a_state_and_every_state_is_reached(name: str) -> None:
    """On every level, each Next, Default and StartAt names a state beside it, and no state is left out."""
    for level in levels_of(MACHINES[name]):
        reached, ahead = set(), [level["StartAt"]]
        while ahead:
            current = ahead.pop()
            assert current in level["States"], f"{current} does not exist"
            if current not in reached:
                reached.add(current)
                ahead += targets_of(level["States"][current])
        assert reached == set(level["States"])


@named(STATES)
def test_names_of_states_say_what_they_do(state: State) -> None:
    """A Choice is a question and nothing else is; every state has one sentence that adds something."""
    assert state.name.endswith("?") == (state.fields["Type"] == "Choice")
    assert len(state.fields["Comment"]) > 10


def test_no_name_stands_for_two_states() -> None:
    """A name of a state is unique in its machine, so that a line of its history leads to one place."""
    for machine in MACHINES.values():
        names = [state.name for state in states_of(machine)]
        assert len(names) == len(set(names))


@named(STATES)
def test_every_state_ends_or_goes_on(state: State) -> None:
    """A state has exactly one of Next and End, or its type ends the level by itself."""
    kind, fields = state.fields["Type"], state.fields
    expected = 0 if kind in {"Choice", "Succeed", "Fail"} else 1
    assert sum(key in fields for key in ("Next", "End")) == expected
    assert ("Default" in fields) == (kind == "Choice"), "moto and AWS differ where no choice matches"


@named(CALLS)
def test_every_call_repeats_what_is_worth_repeating(state: State) -> None:
    """Each call of a function has the same two retriers, letter for letter; what spreads slowly is waited for."""
    standard = CALLS[0].fields["Retry"][:2]
    assert state.fields["Retry"][:2] == standard
    own = [rule["ErrorEquals"] for rule in state.fields["Retry"][2:]]
    assert own == [[name] for place, name in SPREADS_SLOWLY.items() if place == state.name]
    lambdas, ours = (rule["ErrorEquals"] for rule in standard)
    of_lambda = {name for name in DOCUMENTED_ERRORS if name.startswith("Lambda.")}
    assert set(lambdas) == of_lambda | {"Sandbox.Timedout", "States.Timeout"}
    assert ours == ["ServiceThrottled", "ServiceUnavailable"]


@named([state for state in STATES if "Retry" in state.fields])
def test_every_retry_backs_off(state: State) -> None:
    """Every retrier has full jitter, doubles its delay (written as a float), and has a longest delay."""
    for rule in state.fields["Retry"]:
        assert rule["JitterStrategy"] == "FULL"
        assert isinstance(rule["BackoffRate"], float)
        assert (rule["BackoffRate"], rule["MaxDelaySeconds"] <= 120, rule["MaxAttempts"] <= 6) == (2.0, True, True)


LAST_RESORTS = {"StartScanTarget", "StartScanBatch", "RecordFailure", "ImportFindings"}
"""What is lost there, the function after the map finds missing."""
CAUGHT_ASIDE = {
    "CollectControlFindings": "$.control_failure",
    "SendCommand": "$.batch.failure",
    "CheckCommand": "$.batch.failure",
    "SelectFindings": "$.import_failure",
    "ImportTargets": "$.import_failure",
    "SummarizeImport": "$.import_failure",
}
"""What ended the scan early is no failure of the import. The sweep goes on without what was asked, and says why; a
later failure must not hide it. A batch may go on with another attempt: what failed in this one must not be taken for
its failure, so it goes with the batch's old state."""


def cannot_fail(state: State) -> bool:
    """Whether a state is a Map over its own input with items that end well whatever happens in them."""
    if "ItemsPath" not in state.fields or state.fields["ItemProcessor"]["ProcessorConfig"]["Mode"] != "INLINE":
        return False
    inside = state.fields["ItemProcessor"]["States"].values()
    return all(one["Type"] in {"Pass", "Succeed"} or "Catch" in one for one in inside)


@named([state for state in STATES if state.fields["Type"] in {"Task", "Map"} and not cannot_fail(state)])
def test_every_failure_leads_somewhere(state: State) -> None:
    """Each Task and Map ends its catchers with one for everything else, which keeps the state's input."""
    last = state.fields["Catch"][-1]
    assert last["ErrorEquals"] == ["States.ALL"]
    if state.name not in LAST_RESORTS:
        assert last["ResultPath"] == CAUGHT_ASIDE.get(state.name, "$.failure")


@named(TASKS)
def test_every_task_has_a_time_limit(state: State) -> None:
    """No Task may wait for ever."""
    assert 0 < state.fields["TimeoutSeconds"] <= 90_000


STARTS = (("StartScanTarget", "scan_target", "scan_fleet"), ("StartScanBatch", "scan_batch", "scan_target"))
"""The state that waits for an execution, that execution's machine, and its own."""


def test_time_limits_leave_room_for_what_they_hold() -> None:
    """A machine outlives the executions it waits for: only so does BuildReport run after a slow account."""
    for state, child, parent in STARTS:
        limit = state_named(state).fields["TimeoutSeconds"]
        assert MACHINES[child]["TimeoutSeconds"] < limit < MACHINES[parent]["TimeoutSeconds"]


@named(STATES)
def test_only_documented_errors_are_caught_or_repeated(state: State) -> None:
    """Every error name is a class of fleetdx.errors, or one that AWS documents."""
    for rule in [*state.fields.get("Retry", []), *state.fields.get("Catch", [])]:
        assert set(rule["ErrorEquals"]) <= DOCUMENTED_ERRORS | OURS


@pytest.mark.parametrize("name", MACHINES)
def test_nothing_is_used_that_the_embedded_aws_cannot_prove(name: str) -> None:
    """No field, integration or query language appears whose behavior here would differ from AWS without a word."""
    for level in levels_of(MACHINES[name]):
        fields = {key for state in level["States"].values() for key in _keys(state)}
        assert not fields & FORBIDDEN_FIELDS
    text = machine_texts()[name]
    assert "waitForTaskToken" not in text
    assert "JSONata" not in text


def _keys(value: Any) -> set[str]:
    """All field names of the language in a state; names inside of payloads are ours and do not count."""
    if isinstance(value, list):
        return {key for one in value for key in _keys(one)}
    if not isinstance(value, dict):
        return set()
    payloads = format_asl.FREE | {"States"}
    return set(value) | {key for name, part in value.items() if name not in payloads for key in _keys(part)}


@pytest.mark.parametrize("name", MACHINES)
def test_definitions_are_formatted(name: str) -> None:
    """The files are as `make format` writes them, and formatting changes their layout only."""
    text = machine_texts()[name]
    assert format_asl.formatted(text) == text
    assert json.loads(format_asl.formatted(json.dumps(json.loads(text)))) == MACHINES[name]


def test_formatting_keeps_every_value() -> None:
    """Reordering fields never drops one, keeps floats as floats, and leaves payloads in their order."""
    state = {
        "Next": "B",
        "Type": "Pass",
        "Result": {"z": 1, "a": [2.0, {"Next": "x", "Comment": "y" * 100}]},
        "Comment": "c",
    }
    text = format_asl.formatted(json.dumps({"States": {"B": state, "A": {"Type": "Succeed"}}, "StartAt": "B"}))
    loaded = json.loads(text)
    assert loaded["States"]["B"] == state
    assert list(loaded["States"]) == ["B", "A"]
    assert list(loaded["States"]["B"]) == ["Comment", "Type", "Result", "Next"]
    assert list(loaded["States"]["B"]["Result"]["a"][1]) == ["Next", "Comment"]
    assert "2.0" in text
    assert max(map(len, text.splitlines())) < 130


def test_the_page_about_the_machines_is_true() -> None:
    """statemachines/README.md is what the definitions and the errors say."""
    assert machine_table.README.read_text(encoding="utf-8") == machine_table.page()
