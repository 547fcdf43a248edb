"""Writes the parts of docs/what-we-install.md that the templates say, with a reason for each resource.

A function's reason is the first sentence of its handler, a machine's its comment, a resource's with a description that
description; the rest stand in tools/installed_reasons.json.

python -m tools.installed_pages [--check]
"""

from __future__ import annotations

import json
import re
import sys
from typing import TYPE_CHECKING, Any, Final

from tools.markdown import table, with_part, write_or_check
from tools.sources import PROJECT, machines, template

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

PAGE: Final = PROJECT / "docs" / "what-we-install.md"
SOURCE: Final = "templates/"
PARTS: Final = {"central": "central", "member": "member", "member region": "member_region", "audit": "audit_region"}
REASONS: Final[dict[str, dict[str, str]]] = json.loads(
    (PROJECT / "tools" / "installed_reasons.json").read_text(encoding="utf-8")
)
FUNCTION, LOG_GROUP, MACHINE = "AWS::Lambda::Function", "AWS::Logs::LogGroup", "AWS::StepFunctions::StateMachine"
NAMES: Final = (
    "BucketName",
    "RoleName",
    "FunctionName",
    "StateMachineName",
    "QueueName",
    "TopicName",
    "LayerName",
    "InstanceProfileName",
    "AlarmName",
    "ManagedPolicyName",
    "Name",
)


class ReasonMissing(LookupError):
    """A template has a resource that nobody has given a reason for."""


def rows(resources: Mapping[str, Any], conditions: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """What is made, what for, when, and whether it stays; a row may stand for several."""
    folded: dict[str, int] = {}
    for name, resource in resources.items():
        kind = resource["Type"]
        if kind in REASONS["together"]:
            folded[kind] = folded.get(kind, 0) + 1
        elif not _belongs_to_function(name, kind, resources):
            told = f"`{_name(name, resource)}`", kind.removeprefix("AWS::").replace("::", " ")
            yield (*told, _reason(name, resource), _when(resource, conditions), _stays(resource))
    for kind, count in sorted(folded.items()):
        told = f"{count} of them", kind.removeprefix("AWS::").replace("::", " ")
        yield (*told, REASONS["together"][kind], "", "no")


def _belongs_to_function(name: str, kind: str, resources: Mapping[str, Any]) -> bool:
    """A function's role and log group, or a machine's log group, stand in the row of what they are for."""
    base = name.removesuffix("Role").removesuffix("LogGroup")
    if kind == LOG_GROUP:
        return f"{base}Function" in resources or any(one["Type"] == MACHINE for one in resources.values())
    return kind == "AWS::IAM::Role" and f"{base}Function" in resources


def _name(name: str, resource: Mapping[str, Any]) -> str:
    properties = resource.get("Properties", {})
    found = next((properties[one] for one in NAMES if isinstance(properties.get(one), str | dict)), name)
    if isinstance(found, dict):
        found = found.get("Fn::Sub") or f"${{{found.get('Ref', name)}}}"
    return name if "FunctionName" in properties and resource["Type"] != FUNCTION else str(found)


def _reason(name: str, resource: Mapping[str, Any]) -> str:
    if resource["Type"] == FUNCTION:
        return _sentence_of_handler(name.removesuffix("Function"))
    if resource["Type"] == MACHINE:
        return str(machines()[_snake(name.removesuffix("StateMachine"))]["Comment"])
    reason = REASONS["why"].get(name) or resource.get("Properties", {}).get("Description")
    if not reason or not isinstance(reason, str):
        raise ReasonMissing(f"{name}: give it a reason in tools/installed_reasons.json, or a Description")
    return reason


def _sentence_of_handler(function: str) -> str:
    text = (PROJECT / "functions" / _snake(function) / "handler.py").read_text(encoding="utf-8")
    first = text.removeprefix('"""').split("\n\n", maxsplit=1)[0].split('"""', maxsplit=1)[0].replace("\n", " ")
    sentence = first.partition(": ")[2] or first
    sentence = re.split(r"(?<=\.) ", sentence.strip())[0]
    return sentence[:1].upper() + sentence[1:]


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def _when(resource: Mapping[str, Any], conditions: Mapping[str, Any]) -> str:
    condition = resource.get("Condition")
    return (
        ""
        if condition is None
        else " ".join(f"`{one}`" for one in sorted(set(_references(conditions[condition], conditions))))
    )


def _references(value: Any, conditions: Mapping[str, Any]) -> Iterator[str]:
    if isinstance(value, dict):
        for key, part in value.items():
            if key == "Ref":
                yield str(part)
            elif key == "Condition":
                yield from _references(conditions[part], conditions)
            else:
                yield from _references(part, conditions)
    elif isinstance(value, list):
        for part in value:
            yield from _references(part, conditions)


def _stays(resource: Mapping[str, Any]) -> str:
    return "yes" if resource.get("DeletionPolicy", "").startswith("Retain") else "no"


def page() -> str:
    """The page, as Markdown. Raises MarkMissing and ReasonMissing."""
    text = PAGE.read_text(encoding="utf-8")
    heads = ("Name", "What", "What for", "Only with", "Stays")
    for part, name in PARTS.items():
        known = template(f"{name}.yaml")
        lines = table(heads, rows(known["Resources"], known.get("Conditions", {})))
        text = with_part(text, part, f"{SOURCE}{name}.yaml", lines)
    return text


def pages() -> dict[Path, str]:
    """The page by its file."""
    return {PAGE: page()}


def main(arguments: list[str]) -> int:
    """Write the page, or with --check say whether it is as written."""
    return write_or_check(pages(), arguments)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
