"""Every function's folder, and that the functions fit together: names, settings, and what flows between them."""

from __future__ import annotations

import ast
import importlib
import inspect
import re
from typing import TYPE_CHECKING, Any

import pytest

from fleetdx import accounts
from tests.contract.typed import fields_of, problems
from tests.contract.walk import example, happy_path, listed_target
from tools.sources import CALLED_BY_NO_STATE, PROJECT, machines, snake_case, states_of, template

if TYPE_CHECKING:
    from collections.abc import Iterator

CENTRAL = template("central.yaml")["Resources"]
CALLS = [state for machine in machines().values() for state in states_of(machine) if state.function]
NAMES = sorted({str(state.function) for state in CALLS} | CALLED_BY_NO_STATE)
PATHS = {
    machine: list(happy_path(machine)) for machine in ("scan_fleet", "stop_scan", "ensure_ssm_ready", "report_coverage")
}
PATH = [call for path in PATHS.values() for call in path]
# Lambda itself sets these (its guide, "Defined runtime environment variables").
SET_BY_LAMBDA = {"AWS_REGION"}

every_function = pytest.mark.parametrize("name", NAMES)


def handler_of(name: str) -> Any:
    return importlib.import_module(f"functions.{snake_case(name)}.handler")


def variables_of(name: str) -> set[str]:
    """The environment variables that the template gives a function."""
    found: dict[str, Any] = CENTRAL[f"{name}Function"]["Properties"]["Environment"]["Variables"]
    return set(found)


def _settings_in(tree: ast.AST) -> Iterator[str]:
    """Names read by setting("X"), also through a function that hands its parameter on to setting."""
    readers = {"setting"}
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            parameters = {argument.arg for argument in node.args.args}
            passed = {argument.id for _, argument in _calls(node, {"setting"}) if isinstance(argument, ast.Name)}
            readers |= {node.name} if passed & parameters else set()
    for _, argument in _calls(tree, readers):
        if isinstance(argument, ast.Constant):
            yield str(argument.value)


def _calls(tree: ast.AST, names: set[str]) -> Iterator[tuple[str, ast.expr]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names and node.args:
            yield node.func.id, node.args[0]


def settings_read_by(name: str) -> set[str]:
    source = inspect.getsource(handler_of(name))
    found = set(_settings_in(ast.parse(source)))
    if "member_session(" in source or "enter_member(" in source:
        found |= set(_settings_in(ast.parse(inspect.getsource(accounts))))
    return found - SET_BY_LAMBDA


def test_states_and_folders_are_the_same() -> None:
    """Every state that calls a function is named like it, every folder is called, and holds three files."""
    assert {state.function for state in CALLS} == {state.name for state in CALLS}
    folders = {path.parent.name for path in (PROJECT / "functions").glob("*/handler.py")}
    assert folders == {snake_case(name) for name in NAMES}
    for folder in folders:
        files = {path.name for path in (PROJECT / "functions" / folder).iterdir() if path.is_file()}
        assert files == {"__init__.py", "handler.py", "example.json"}


@every_function
def test_every_handler_has_the_same_shape(name: str) -> None:
    """A handler has Input, Output, a run that takes everything it works with, and the entry point; and a purpose."""
    module = handler_of(name)
    first, *_ = inspect.signature(module.run).parameters
    assert first == "event"
    assert list(inspect.signature(module.lambda_handler).parameters) == ["event", "context"]
    assert str(module.__doc__).startswith(f"{name}: ")
    assert module.Input.__doc__
    assert module.Output.__doc__


@every_function
def test_settings_are_those_of_the_template(name: str) -> None:
    """A handler reads exactly the environment variables that the template gives its function."""
    assert settings_read_by(name) == variables_of(name)


def test_settings_are_read_in_one_place() -> None:
    """Only fleetdx.settings and fleetdx.sessions look at the environment, so that the test above sees all of it."""
    shipped = [
        path
        for folder in ("fleetdx", "functions")
        for path in (PROJECT / folder).rglob("*.py")
        if "cli" not in path.relative_to(PROJECT).parts
    ]
    readers = {path.stem for path in shipped if {"environ", "getenv"} & _attributes(path.read_text(encoding="utf-8"))}
    assert readers == {"settings", "sessions"}


def _attributes(source: str) -> set[str]:
    return {node.attr for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Attribute)}


@every_function
def test_examples_are_what_the_types_say(name: str) -> None:
    """example.json holds an input that the handler's type takes, and an output that is exactly its type."""
    given, module = example(name), handler_of(name)
    assert set(given) == {"input", "output"}
    assert problems(given["input"], module.Input) == []
    assert problems(given["output"], module.Output, exact=True) == []


def test_a_state_selects_only_what_its_function_returns() -> None:
    """Each ResultSelector names fields of the function's Output, and keeps every one of them."""
    for state in CALLS:
        fields, _ = fields_of(handler_of(state.name).Output)
        selected = {path.removeprefix("$.Payload.") for path in state.fields["ResultSelector"].values()}
        assert selected == set(fields), state.name


@pytest.mark.parametrize(("name", "payload"), PATH, ids=[name for name, _ in PATH])
def test_each_function_gets_what_it_needs(name: str, payload: dict[str, Any]) -> None:
    """Walking the machines with the examples' outputs, each call's payload has its function's Input."""
    assert problems(payload, handler_of(name).Input) == []


@pytest.mark.parametrize(("name", "payload"), PATHS["scan_fleet"], ids=[name for name, _ in PATHS["scan_fleet"]])
def test_each_example_is_what_a_scan_passes(name: str, payload: dict[str, Any]) -> None:
    """The example of a function that a scan calls is the payload that the walk arrives with, the first time."""
    again = {"wave": payload["wave"]} if name == "SelectWave" and "wave" in payload else {}
    assert payload == {**example(name)["input"], **again}


def test_the_walks_call_every_function_in_order() -> None:
    """When all goes well and one batch is scanned, or one command cancelled, only SelectWave is asked again."""
    assert [name for name, _ in PATHS["scan_fleet"]] == [
        "ValidateRequest",
        "ListTargets",
        "SelectWave",
        "AssumeRole",
        "DiscoverInstances",
        "SendCommand",
        "CheckCommand",
        "UploadResults",
        "SummarizeTarget",
        "SelectWave",
        "BuildReport",
        "ExportResults",
        "SelectFindings",
        "ImportFindings",
        "SummarizeImport",
        "Notify",
    ]
    assert [name for name, _ in PATHS["stop_scan"]] == ["StopExecutions", "CancelCommands", "BuildReport", "Notify"]
    assert [name for name, _ in PATHS["ensure_ssm_ready"]] == [
        "AssumeRole",
        "ResolveInstanceRole",
        "CheckExemption",
        "CheckPolicies",
        "AttachPolicies",
        "VerifyManaged",
        "NotifyChange",
    ]


def test_a_target_is_what_one_execution_of_scan_target_takes() -> None:
    """An item of targets.json has exactly the fields that StartScanTarget reads, and none of them is lost."""
    start = next(state for state in states_of(machines()["scan_fleet"]) if state.name == "StartScanTarget")
    parameters = start.fields["Parameters"]
    read = {path for path in parameters["Input"].values() if not path.startswith("$$")} | {parameters["Name.$"]}
    fields, _ = fields_of(handler_of("ListTargets").Target)
    assert read == {f"$.{name}" for name in fields}
    assert problems(listed_target(), handler_of("ListTargets").Target, exact=True) == []


def test_an_execution_is_found_by_run_account_and_region() -> None:
    """The name of a scan_target execution keeps within Step Functions' 80 characters and its alphabet."""
    resumed = {**example("ListTargets")["input"], "opening": 99}
    longest = handler_of("ListTargets").execution_name(resumed, "1" * 12, "ap-southeast-99") + "-canary-wave-9999"
    assert len(longest) <= 80
    assert re.fullmatch(r"[0-9A-Za-z-]+", longest)


@pytest.mark.parametrize(
    ("failed", "next_name"),
    [
        ("ListTargets", "BuildReport"),
        ("SelectWave", "BuildReport"),
        ("AssumeRole", "SummarizeTarget"),
        ("DiscoverInstances", "SummarizeTarget"),
        ("SendCommand", "UploadResults"),
        ("CheckCommand", "UploadResults"),
        ("BuildReport", None),
        ("ExportResults", None),
        ("UploadResults", None),
        ("ResolveInstanceRole", "NotifyChange"),
        ("CheckExemption", "NotifyChange"),
        ("CheckPolicies", "NotifyChange"),
        ("AttachPolicies", "NotifyChange"),
        ("VerifyManaged", "NotifyChange"),
    ],
)
def test_a_function_that_takes_over_a_failure_gets_what_it_needs(failed: str, next_name: str | None) -> None:
    """Where a caught error leads to a function, the failed state's input and the error are all that it asks for."""
    followers = [state.fields["Catch"][-1]["Next"] for state in CALLS if state.name == failed]
    assert next_name in [follower if follower in NAMES else None for follower in followers]
    if next_name is not None:
        given, failure = example(failed)["input"], {"failure": {"Error": "E", "Cause": "C"}}
        shape = handler_of(next_name).Input
        if next_name == "UploadResults":
            payload, holder = {**given, "batch": {**given["batch"], **failure}}, handler_of(next_name).Batch
        else:
            payload, holder = {**given, **failure}, shape
        assert problems(payload, shape) == []
        assert "failure" in fields_of(holder)[1]
