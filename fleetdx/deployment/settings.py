"""The settings of a deployment: read strictly, or refused with a pointer to a fault before anything is called. Pure."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal, get_args

from fleetdx.configuration import MalformedDocument, parsed
from fleetdx.deployment.template_parameters import fault_of, parameters_of
from fleetdx.validation import Fault, first_fault, pointer, schema_named, validator_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from jsonschema.protocols import Validator

TemplateName = Literal["central", "member", "member_region", "audit_region"]
"""A template of templates/, without its ending."""
TEMPLATE_NAMES: Final[tuple[TemplateName, ...]] = get_args(TemplateName)

MAXIMUM_BYTES = 65_536

DECIDED: Final[Mapping[TemplateName, frozenset[str]]] = {
    "central": frozenset(
        {
            "ReleaseBucket",
            "ReleasePrefix",
            "LibraryLayerKey",
            "Regions",
            "ExternalId",
            "ManagementAccount",
        }
    ),
    "member": frozenset({"CentralAccountId", "ExternalId", "EventBusArn", "MemberRolePrefix", "DocumentName"}),
    "member_region": frozenset({"EventsWay", "EventBusArn", "DocumentName", "ScriptsUrl"}),
    "audit_region": frozenset({"EventsQueueArn"}),
}
"""Parameters that follow from other settings, or from those of the central stack: no option may contradict them."""


@dataclass(frozen=True)
class Profiles:
    """Names of profiles of the AWS configuration; None where that account is not needed."""

    hub: str
    management: str | None
    audit: str | None


@dataclass(frozen=True)
class DeploymentSettings:
    """Settings with every default filled in.

    Attributes:
        home_region: The region of the central stack.
        regions: The regions whose instances are looked after.
        organizational_units: Ids of units, or of the root, below which StackSets deploy.
        management_account: Whether it has stacks of its own, or every ledger names it as excluded.
        stack_sets_from: The account that the StackSets belong to.
        events: How events of instances reach the central account.
        external_id: What the member roles' trust policies ask for.
        profiles: With which profile each account is reached.
        options: More parameters, by template and name; every value as CloudFormation takes it.
    """

    home_region: str
    regions: tuple[str, ...]
    organizational_units: tuple[str, ...]
    management_account: Literal["included", "excluded"]
    stack_sets_from: Literal["management", "hub"]
    events: Literal["control_tower", "bus", "none"]
    external_id: str
    profiles: Profiles
    options: Mapping[TemplateName, Mapping[str, str]]


@functools.lru_cache(maxsize=1)
def _validator() -> Validator:
    return validator_of(schema_named("deployment_settings"))


def read_settings(text: str | bytes, templates: Mapping[TemplateName, str]) -> DeploymentSettings:
    """Read the settings' text.

    Args:
        text: The JSON document (fleetdx/schemas/deployment_settings.schema.json).
        templates: The text of each template, to know its parameters.

    Raises:
        MalformedDocument: With the JSON pointer of the first fault.
    """
    document = parsed(text, MAXIMUM_BYTES)
    fault = first_fault(_validator(), document) or _fault_in_options(document.get("options", {}), templates)
    if fault is not None:
        raise MalformedDocument(fault)
    options = {name: _texts(document.get("options", {}).get(name, {})) for name in TEMPLATE_NAMES}
    profiles = document["profiles"]
    return DeploymentSettings(
        document["home_region"],
        tuple(document["regions"]),
        tuple(document["organizational_units"]),
        document["management_account"],
        document.get("stack_sets_from", "management"),
        document["events"],
        document["external_id"],
        Profiles(profiles["hub"], profiles.get("management"), profiles.get("audit")),
        options,
    )


def _fault_in_options(options: Mapping[str, Any], templates: Mapping[TemplateName, str]) -> Fault | None:
    for template in TEMPLATE_NAMES:
        known = parameters_of(templates[template])
        free = sorted(known.keys() - DECIDED[template])
        for name, value in options.get(template, {}).items():
            place = pointer(["options", template, name])
            if name in DECIDED[template]:
                return Fault(place, "follows from other settings; leave it out")
            if name not in known:
                return Fault(place, f"templates/{template}.yaml has no such parameter; it has {', '.join(free)}")
            sentence = fault_of(known[name], _text(value))
            if sentence is not None:
                return Fault(place, sentence)
    return None


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    return {name: _text(value) for name, value in values.items()}


def _text(value: str | float | bool) -> str:  # noqa: FBT001 - a value of JSON
    """A value as CloudFormation takes it; true and false are written as the templates have them."""
    return str(value).lower() if isinstance(value, bool) else str(value)
