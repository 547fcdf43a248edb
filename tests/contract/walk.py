"""Walks the state machines on paper: no engine, only the paths and pointers that the definitions use."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tools.sources import PROJECT, machines, snake_case

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Iterator, Mapping


def example(function: str) -> dict[str, Any]:
    """The example of a function by its placeholder's name (`SendCommand`): {"input": ..., "output": ...}."""
    path = PROJECT / "functions" / snake_case(function) / "example.json"
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found


def looked_up(path: str, value: Any, context: dict[str, Any]) -> Any:
    """What a reference path or States.Format means; raises KeyError where a name is missing, as an engine would."""
    if path.startswith("States.Format("):
        template, *paths = re.findall(r"'[^']*'|\$[^,)\s]*", path)
        return template.strip("'").format(*(looked_up(one, value, context) for one in paths))
    root, steps = (context, path[2:]) if path.startswith("$$") else (value, path[1:])
    for step in steps.lstrip(".").split(".") if steps else []:
        root = root[step]
    return root


def filled(template: Any, value: Any, context: dict[str, Any]) -> Any:
    """A payload template (Parameters, ResultSelector, ItemSelector) with its `.$` fields filled in."""
    if isinstance(template, list):
        return [filled(one, value, context) for one in template]
    if not isinstance(template, dict):
        return template
    return {
        name.removesuffix(".$"): looked_up(part, value, context)
        if name.endswith(".$")
        else filled(part, value, context)
        for name, part in template.items()
    }


def placed(result: Any, path: str | None, value: dict[str, Any]) -> Any:
    """The state's output: its result at the ResultPath of its input."""
    if path is None:
        return value
    return result if path == "$" else {**value, path.removeprefix("$."): result}


def chosen(state: dict[str, Any], value: Any) -> str:
    """Where a Choice goes."""
    for rule in state["Choices"]:
        found = looked_up(rule["Variable"], value, {})
        if (
            found is rule.get("BooleanEquals")
            or found == rule.get("StringEquals")
            or ("NumericEquals" in rule and found == rule["NumericEquals"])
            or ("NumericGreaterThan" in rule and found > rule["NumericGreaterThan"])
        ):
            return str(rule["Next"])
    return str(state["Default"])


class Engine(NamedTuple):
    """What answers a walk: `answer` a function's call, `items` the reader of a Distributed Map (Bucket and Key)."""

    answer: Callable[[str, dict[str, Any]], dict[str, Any]]
    items: Callable[[dict[str, str]], list[Any]]


def happy_path(machine: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every call of a function when all goes well, as (function, payload), each answering as its example says."""
    if machine == "ensure_ssm_ready":
        target = instance_target()
        execution = {"id": f"arn:{target['execution']}", "name": target["execution"], "started_at": ""}
        yield from walk(
            machine, target, execution, Engine(lambda function, _: example(function)["output"], lambda _: [])
        )
        return
    given = example(machines()[machine]["StartAt"])["input"]
    # One target, and one batch of it, as the function before the map would have written them.
    target = {"scan_fleet": listed_target, "stop_scan": outstanding_target, "report_coverage": sweep_target}[machine]()
    engine = Engine(
        answer_as_an_example,
        lambda place: next((items() for part, items in PARTS.items() if part in place["Key"]), [target]),
    )
    yield from walk(machine, given["request"], given["execution"], engine)


def answer_as_an_example(function: str, payload: dict[str, Any]) -> dict[str, Any]:
    """What a function answers: its example, but that nothing is left for SelectWave once a wave has been scanned."""
    output: dict[str, Any] = example(function)["output"]
    if "wave" in payload and function == "SelectWave":
        return {**output, "next": "done", "number": payload["wave"]["number"] + 1, "key": None, "targets": 0}
    return output


def first_batch() -> dict[str, Any]:
    """A batch as DiscoverInstances lists it."""
    batch: dict[str, Any] = example("SendCommand")["input"]["batch"]
    return batch


def import_target() -> dict[str, Any]:
    """An account-region as SelectFindings lists it."""
    target: dict[str, Any] = example("ImportFindings")["input"]
    return target


PARTS: Final[Mapping[str, Callable[[], list[Any]]]] = {
    "/batches/": lambda: [first_batch()],
    "/imports/": lambda: [import_target()],
}
"""What the maps read besides account-regions to scan, by a part of the key under which it lies."""


def sweep_target() -> dict[str, Any]:
    """An account-region as OpenSweep lists it."""
    target = example("CheckCoverage")["input"]
    return {name: value for name, value in target.items() if name != "bucket"}


def walk(machine: str, request: Any, execution: dict[str, str], engine: Engine) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every call of a function in an execution, as (function, payload), before the engine answers it."""
    names = {"Id": execution["id"], "Name": execution["name"], "StartTime": execution["started_at"]}
    yield from _level(machines()[machine], request, {"Execution": names}, engine)


def _task(
    parameters: dict[str, Any], context: dict[str, Any], engine: Engine
) -> Generator[tuple[str, dict[str, Any]], None, dict[str, Any]]:
    """The answer of a function, of another machine's execution, or of a call that only fails where something has."""
    if "StateMachineArn" in parameters:
        machine = snake_case(re.sub(r"\W|Arn", "", parameters["StateMachineArn"]))
        yield from _level(machines()[machine], parameters["Input"], context, engine)
        return {"Status": "SUCCEEDED"}
    function = re.sub(r"\W|FunctionArn", "", parameters["FunctionName"])
    yield function, parameters["Payload"]
    return {"Payload": engine.answer(function, parameters["Payload"])}


def _level(
    level: dict[str, Any], value: Any, context: dict[str, Any], engine: Engine
) -> Generator[tuple[str, dict[str, Any]], None, Any]:
    name = level["StartAt"]
    while name:
        state = level["States"][name]
        result = value
        if state["Type"] == "Task":
            result = yield from _task(filled(state["Parameters"], value, context), context, engine)
        elif state["Type"] == "Map":
            result = []
            for item in _items(state, value, context, engine):
                selected = item
                if "ItemSelector" in state:
                    item_context = {**context, "Map": {"Item": {"Value": item}}}
                    selected = filled(state["ItemSelector"], value, item_context)
                result.append((yield from _level(state["ItemProcessor"], selected, context, engine)))
        elif state["Type"] == "Pass":
            result = state.get("Result", filled(state.get("Parameters", value), value, context))
        if "ResultSelector" in state:
            result = filled(state["ResultSelector"], result, context)
        if state["Type"] in {"Task", "Map", "Pass"}:
            value = placed(result, state.get("ResultPath", "$"), value)
        name = chosen(state, value) if state["Type"] == "Choice" else state.get("Next")
    return value


def _items(state: dict[str, Any], value: Any, context: dict[str, Any], engine: Engine) -> list[Any]:
    if "ItemsPath" in state:
        found: list[Any] = looked_up(state["ItemsPath"], value, {})
        return found
    return engine.items(filled(state["ItemReader"]["Parameters"], value, context))


def listed_target() -> dict[str, Any]:
    """A target as ListTargets writes it: what AssumeRole gets, and the name of the execution that gets it."""
    entered = example("AssumeRole")["input"]
    target = {name: part for name, part in entered.items() if not name.startswith("AWS_")}
    return {**target, "execution_name": f"{target['run']}-{target['account']}-{target['region']}"}


def outstanding_target() -> dict[str, Any]:
    """A target as StopExecutions writes it: what CancelCommands gets but for what it has done so far."""
    return {name: part for name, part in example("CancelCommands")["input"].items() if name != "cancelled"}


def instance_target() -> dict[str, Any]:
    """An instance as ReceiveEvent gives it to ensure_ssm_ready: what the first function is given but for the access."""
    return {name: part for name, part in example("ResolveInstanceRole")["input"].items() if name != "access"}
