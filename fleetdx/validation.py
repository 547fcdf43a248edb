"""Checks a document against a JSON Schema, and names its first fault with a JSON pointer (RFC 6901)."""

from __future__ import annotations

import json
import re
from importlib import resources
from typing import TYPE_CHECKING, Any, NamedTuple

import jsonschema

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from jsonschema.protocols import Validator


class Fault(NamedTuple):
    """Where a document breaks its schema, as a JSON pointer, and how."""

    pointer: str
    sentence: str


def schema_named(name: str) -> dict[str, Any]:
    """A JSON Schema (draft 2020-12) of fleetdx/schemas by its name, for instance `scan_request`."""
    text = resources.files("fleetdx").joinpath(f"schemas/{name}.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def validator_of(schema: dict[str, Any]) -> Validator:
    """The validator of a schema; its patterns end where the text ends, as those of JSON Schema do."""
    checked: type[Validator] = jsonschema.validators.extend(  # type: ignore[no-untyped-call]
        jsonschema.Draft202012Validator, {"pattern": _pattern}
    )
    return checked(schema)


def _pattern(_: Validator, pattern: str, text: object, __: object) -> Iterator[jsonschema.ValidationError]:
    # Python's $ also matches before a line end; every pattern of ours is anchored, so fullmatch says what it means.
    if isinstance(text, str) and re.fullmatch(pattern, text) is None:
        yield jsonschema.ValidationError(f"{text!r} does not match {pattern!r}")


def first_fault(validator: Validator, document: Any) -> Fault | None:  # noqa: ANN401 - unvalidated
    """The first fault of a document in the order of its pointers; None where it keeps the schema.

    Raises:
        RecursionError: It is nested too deeply.
    """
    faults = sorted(validator.iter_errors(document), key=_place_of)
    return _told(faults[0]) if faults else None


def all_faults(validator: Validator, document: Any) -> list[Fault]:  # noqa: ANN401 - unvalidated
    """Every fault of a document in the order of its pointers, for whoever shows them beside its fields.

    Raises:
        RecursionError: It is nested too deeply.
    """
    return [_told(fault) for fault in sorted(validator.iter_errors(document), key=_place_of)]


def _place_of(fault: jsonschema.ValidationError) -> list[str]:
    return [str(step) for step in fault.absolute_path]


def _told(fault: jsonschema.ValidationError) -> Fault:
    path = _place_of(fault)
    schema: Any = fault.schema
    required: Any = fault.validator_value
    instance: Any = fault.instance
    if fault.validator == "additionalProperties":
        allowed = set(schema.get("properties", {}))
        unknown = sorted(set(instance) - allowed)
        return Fault(pointer([*path, unknown[0]]), f"unknown field; known are {', '.join(sorted(allowed))}")
    if fault.validator == "required":
        missing = next(name for name in required if name not in instance)
        return Fault(pointer([*path, missing]), "is required")
    if fault.validator == "minProperties":
        return Fault(pointer(path), f"is empty; give one of {', '.join(schema['properties'])}")
    if fault.validator == "pattern" and "examples" in schema:
        example = schema["examples"][0]
        return Fault(pointer(path), f"{_short(repr(instance), 100)} is malformed; well-formed is {example}")
    # jsonschema quotes the whole value; what is wrong with it comes after.
    return Fault(pointer(path), _short(fault.message.replace(repr(instance), _short(repr(instance), 100))))


def _short(message: str, limit: int = 300) -> str:
    return message if len(message) <= limit else f"{message[: limit - 3]}..."


def pointer(path: Iterable[str]) -> str:
    """A JSON pointer from the steps of a path."""
    return "".join("/" + step.replace("~", "~0").replace("/", "~1") for step in path)
