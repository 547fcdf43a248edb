"""The configuration of mending: read strictly, or refused with a pointer to its fault. Pure."""

from __future__ import annotations

import functools
import json
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from fleetdx.validation import Fault, first_fault, schema_named, validator_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jsonschema.protocols import Validator

MAXIMUM_BYTES = 4_096
"""A standard parameter of Parameter Store holds no more (its quotas)."""


class Configuration(NamedTuple):
    """A configuration with every default filled in.

    Attributes:
        mode: Whether anything may be attached.
        required_policies: `aws/NAME` or `account/PATH/NAME`.
        default_instance_profile: For an instance that has none; None only reports.
        registration_wait_minutes: How long an agent may take.
        notify: What Slack is told.
        scan_profile: The profile with which an instance is scanned when it becomes ready; None where it is not scanned.
        protected_tag_prefix: What keys of tags that may exempt begin with; None where no tag may.
        maximum_days: The longest term of an exemption.
    """

    mode: Literal["report_only", "enforce"]
    required_policies: tuple[str, ...]
    default_instance_profile: str | None
    registration_wait_minutes: int
    notify: Literal["all", "failures", "none"]
    scan_profile: str | None
    protected_tag_prefix: str | None
    maximum_days: int


class MalformedDocument(ValueError):
    """A document that an operator wrote breaks its schema; the text begins with the JSON pointer of the fault."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(f"{fault.pointer or '/'}: {fault.sentence}")
        self.fault = fault


@functools.lru_cache(maxsize=1)
def _validator() -> Validator:
    return validator_of(schema_named("configuration"))


def parsed(text: str | bytes, maximum_bytes: int) -> Any:  # noqa: ANN401 - unvalidated
    """Parse a document that an operator wrote.

    Raises:
        MalformedDocument: It is too large, nested too deeply, or not JSON; names that stand twice count as malformed.
    """
    if len(text) > maximum_bytes:
        raise MalformedDocument(Fault("", f"it has {len(text):,} bytes; at most {maximum_bytes:,} are read"))
    try:
        return json.loads(text, object_pairs_hook=_without_duplicates)
    except (ValueError, RecursionError) as error:
        if isinstance(error, MalformedDocument):
            raise
        raise MalformedDocument(Fault("", "it is not JSON")) from None


def _without_duplicates(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        twice = next(name for name, _ in pairs if sum(name == other for other, _ in pairs) > 1)
        raise MalformedDocument(Fault("", f"the field {twice!r} stands twice in one object"))
    return found


def read_configuration(text: str | bytes) -> Configuration:
    """Read the parameter's text.

    Raises:
        MalformedDocument: With the JSON pointer of the first fault.
    """
    document = parsed(text, MAXIMUM_BYTES)
    fault = first_fault(_validator(), document)
    if fault is not None:
        raise MalformedDocument(fault)
    scan = document.get("scan_when_ready", {"enabled": False})
    if scan["enabled"] and "profile" not in scan:
        raise MalformedDocument(Fault("/scan_when_ready/profile", "is required where scan_when_ready is enabled"))
    return _completed(document, scan["profile"] if scan["enabled"] else None)


def report_only() -> Configuration:
    """What holds where the configuration cannot be read: nothing is attached, everything is told."""
    return _completed({"mode": "report_only"}, None)


def _completed(document: Mapping[str, Any], scan_profile: str | None) -> Configuration:
    properties = schema_named("configuration")["properties"]
    defaults = {name: field.get("default") for name, field in properties.items()}
    given = {**defaults, **document}
    of_exemptions = properties["exemptions"]["properties"]
    exemptions = {name: given["exemptions"].get(name, field["default"]) for name, field in of_exemptions.items()}
    return Configuration(
        given["mode"],
        tuple(given["required_policies"]),
        given["default_instance_profile"],
        # JSON Schema calls 65.0 an integer.
        int(given["registration_wait_minutes"]),
        given["notify"],
        scan_profile,
        exemptions["protected_tag_prefix"],
        int(exemptions["maximum_days"]),
    )
