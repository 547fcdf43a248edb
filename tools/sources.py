"""Reads state machines and templates the way static checks and contract tests look at them."""

from __future__ import annotations

import copy
import functools
import json
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

if TYPE_CHECKING:
    from collections.abc import Iterator

PROJECT = Path(__file__).resolve().parent.parent
MACHINES = PROJECT / "statemachines"
TEMPLATES = PROJECT / "templates"
PLACEHOLDER = re.compile(r"\$\{([A-Za-z0-9]+)\}")
DUMMY_ARN = "arn:aws:lambda:us-east-1:111122223333:function:fleetdx"
DUMMY_MACHINE_ARN = "arn:aws:states:us-east-1:111122223333:stateMachine:fleetdx"
INVOKED_BY_QUEUES = frozenset({"ReceiveEvent"})
"""Functions that a queue invokes."""
INVOKED_BY_PEOPLE = frozenset({"ProveRequester"})
"""Functions that the command line and the console invoke."""
CALLED_BY_NO_STATE = INVOKED_BY_QUEUES | INVOKED_BY_PEOPLE
_LONG_NAMES = {"Ref": "Ref", "Condition": "Condition"}


class State(NamedTuple):
    """A state with its name and the states it can go to: those beside it."""

    name: str
    fields: dict[str, Any]
    beside: dict[str, Any]

    @property
    def function(self) -> str | None:
        """The name of the function it calls, as its placeholder has it, or None."""
        called = self.fields.get("Parameters", {}).get("FunctionName", "")
        match = re.fullmatch(r"\$\{([A-Za-z]+)FunctionArn\}", called)
        return match.group(1) if match else None


def machine_texts() -> dict[str, str]:
    """The text of each state machine, by name (`scan_fleet`)."""
    found = sorted(MACHINES.glob("*.asl.json"))
    return {path.name.removesuffix(".asl.json"): path.read_text(encoding="utf-8") for path in found}


def machines() -> dict[str, dict[str, Any]]:
    """Each state machine, parsed, by name."""
    return {name: json.loads(text) for name, text in machine_texts().items()}


def _inside(fields: dict[str, Any]) -> list[dict[str, Any]]:
    return [fields["ItemProcessor"]] if "ItemProcessor" in fields else fields.get("Branches", [])


def levels_of(machine: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The machine itself and what its Map and Parallel states hold: everything with StartAt and States."""
    yield machine
    for state in states_of(machine):
        yield from _inside(state.fields)


def states_of(machine: dict[str, Any]) -> list[State]:
    """Every state of a machine in the order of the file; those inside of a Map follow it."""
    found = []
    for name, fields in machine["States"].items():
        found.append(State(name, fields, machine["States"]))
        for level in _inside(fields):
            found += states_of(level)
    return found


def snake_case(name: str) -> str:
    """`send_command` for `SendCommand`."""
    return re.sub(r"(?<!^)([A-Z])", r"_\1", name).lower()


def rendered(text: str) -> str:
    """A machine's text with made-up ARNs in the place of its substitutions."""

    def value(match: re.Match[str]) -> str:
        name = match.group(1)
        if name == "Partition":
            return "aws"
        return DUMMY_ARN if name.endswith("FunctionArn") else DUMMY_MACHINE_ARN

    return PLACEHOLDER.sub(value, text)


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc] # PyYAML may be built without C
    """Reads CloudFormation's short forms (`!Ref`) as the long ones (`{"Ref": ...}`)."""


def _construct(loader: yaml.SafeLoader, tag: str, node: yaml.Node) -> dict[str, Any]:
    if isinstance(node, yaml.ScalarNode):
        value: Any = loader.construct_scalar(node)
        if tag == "GetAtt":
            value = value.split(".", 1)
    elif isinstance(node, yaml.SequenceNode):
        value = loader.construct_sequence(node, deep=True)
    else:
        assert isinstance(node, yaml.MappingNode)
        value = loader.construct_mapping(node, deep=True)
    return {_LONG_NAMES.get(tag, f"Fn::{tag}"): value}


_Loader.add_multi_constructor("!", _construct)


def template(name: str) -> dict[str, Any]:
    """A template by its file's name, with CloudFormation's functions in their long form."""
    return copy.deepcopy(_loaded((TEMPLATES / name).read_text(encoding="utf-8")))


@functools.cache
def _loaded(text: str) -> dict[str, Any]:
    """What a text says: a copy of it takes a sixth of the time that reading it again would."""
    loaded: dict[str, Any] = yaml.load(text, _Loader)  # noqa: S506 - a SafeLoader
    return loaded


def template_names() -> list[str]:
    """The file of each template."""
    return sorted(path.name for path in TEMPLATES.glob("*.yaml"))


def with_everything_on(name: str) -> dict[str, Any]:
    """A template all of whose conditions hold: checkov leaves out what a condition leaves out with the defaults."""
    switched = template(name)
    switched["Conditions"] = {condition: {"Fn::Equals": ["on", "on"]} for condition in switched.get("Conditions", {})}
    return switched


def central_with_definitions() -> dict[str, Any]:
    """central.yaml with the machines' definitions inside, so that a linter of templates reads them too."""
    central, found = template("central.yaml"), machine_texts()
    for resource in central["Resources"].values():
        if resource["Type"] == "AWS::StepFunctions::StateMachine":
            key = resource["Properties"].pop("DefinitionS3Location")["Key"]["Fn::Sub"]
            name = key.removeprefix("${ReleasePrefix}").removesuffix(".asl.json")
            resource["Properties"]["DefinitionString"] = rendered(found[name])
            del resource["Properties"]["DefinitionSubstitutions"]
    return central


def document_steps() -> dict[str, str]:
    """The shell text of each step of the SSM document, with made-up addresses and its parameters still in braces."""
    member_region = template("member_region.yaml")
    mappings = member_region["Mappings"]
    steps = member_region["Resources"]["ScanDocument"]["Properties"]["Content"]["mainSteps"]

    def text(line: Any) -> str:
        if isinstance(line, str):
            return line
        if "Fn::FindInMap" in line:
            mapping, group, name = line["Fn::FindInMap"]
            return str(mappings[mapping][group][name])
        return PLACEHOLDER.sub("https://bucket.example/", str(line["Fn::Sub"]))

    return {step["name"]: "\n".join(map(text, step["inputs"]["runCommand"])) for step in steps}
