"""The parameters that a CloudFormation template declares, and whether a value keeps what it says of them. Pure."""

from __future__ import annotations

import functools
import re
from typing import Any, NamedTuple

import yaml

PARAMETERS_BLOCK = re.compile(r"^Parameters:\n((?:[ #].*\n|\n)+)", re.MULTILINE)
"""The block alone is read: the rest of a template has CloudFormation's own tags, and takes a second."""


class Parameter(NamedTuple):
    """What a template says of one parameter ("Parameters" in CloudFormation's guide); None where it says nothing."""

    type: str
    default: str | None
    allowed_values: tuple[str, ...] | None
    allowed_pattern: str | None
    minimum: float | None
    maximum: float | None


@functools.lru_cache(maxsize=16)
def parameters_of(template: str) -> dict[str, Parameter]:
    """The parameters that a template declares, by name."""
    block = PARAMETERS_BLOCK.search(template)
    declared: dict[str, dict[str, Any]] = yaml.safe_load(block.group(1)) if block else {}
    return {name: _parameter(told) for name, told in declared.items()}


def _parameter(told: dict[str, Any]) -> Parameter:
    values = told.get("AllowedValues")
    return Parameter(
        told["Type"],
        None if told.get("Default") is None else str(told["Default"]),
        None if values is None else tuple(str(value) for value in values),
        told.get("AllowedPattern"),
        told.get("MinValue"),
        told.get("MaxValue"),
    )


def fault_of(parameter: Parameter, value: str) -> str | None:
    """What is wrong with a parameter's value, in a sentence; None where nothing is."""
    if parameter.allowed_values is not None and value not in parameter.allowed_values:
        return f"{value!r} is none of {', '.join(parameter.allowed_values)}"
    if parameter.allowed_pattern is not None and re.fullmatch(parameter.allowed_pattern, value) is None:
        return f"{value!r} does not match {parameter.allowed_pattern}"
    if parameter.type == "Number":
        return _number_fault(parameter, value)
    return None


def _number_fault(parameter: Parameter, value: str) -> str | None:
    try:
        number = float(value)
    except ValueError:
        return f"{value!r} is no number"
    if parameter.minimum is not None and number < parameter.minimum:
        return f"{value} is less than {parameter.minimum}"
    if parameter.maximum is not None and number > parameter.maximum:
        return f"{value} is more than {parameter.maximum}"
    return None
