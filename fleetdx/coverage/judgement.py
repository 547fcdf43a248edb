"""Why an instance is managed, or is not: one cause, the first that explains it. Pure.

The order is that in which an agent meets the obstacles: it must run at all, have rights, get at them through the
metadata service, and reach Systems Manager. What is left is the agent itself.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from fleetdx.coverage.agents import Image, is_supported
from fleetdx.inventory import STOPPED_STATES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.coverage.account_rights import AccountRights, ProfileRole
    from fleetdx.coverage.models import Cause
    from fleetdx.coverage.network import Reachability
    from fleetdx.role_rights import Rights

ONLINE = "Online"
STARTING = dt.timedelta(minutes=10)
"""An agent registers within minutes of its instance's start; what has just been started is not judged silent."""


class Judgement(NamedTuple):
    """The cause of one instance, its reason code, and a sentence with the names of what is at fault."""

    cause: Cause
    reason: str
    detail: str


class Rules(NamedTuple):
    """What holds in an account and region.

    Attributes:
        rights: The roles of its account; None where nobody needed to ask.
        default_host_management: The role of the Default Host Management Configuration; None where it is off.
        images: The images of instances that are not managed, by id.
    """

    rights: AccountRights | None
    default_host_management: str | None
    images: Mapping[str, Image]


def is_suspect(instance: Mapping[str, Any], node: Mapping[str, Any] | None) -> bool:
    """Whether an instance runs, ought to be managed, and is not: only for such ones is anything else asked."""
    is_stopped = instance["State"]["Name"] in STOPPED_STATES
    return not is_stopped and not _is_online(node) and not _is_operated(instance)


def needs_role(
    instance: Mapping[str, Any], node: Mapping[str, Any] | None, default_host_management: str | None
) -> bool:
    """Whether the instance's role decides its cause."""
    has_profile = profile_of(instance) is not None
    tells_apart = default_host_management is not None and _is_online(node)
    return has_profile and (tells_apart or is_suspect(instance, node))


def profile_of(instance: Mapping[str, Any]) -> str | None:
    """The ARN of an instance's profile."""
    arn: str | None = instance.get("IamInstanceProfile", {}).get("Arn")
    return arn


def role_of(instance: Mapping[str, Any], rules: Rules) -> ProfileRole | None:
    """The role behind an instance, where it was asked for."""
    profile = profile_of(instance)
    return rules.rights.role_of(profile) if rules.rights is not None and profile is not None else None


def judge_before_network(instance: Mapping[str, Any], node: Mapping[str, Any] | None, rules: Rules) -> Judgement | None:
    """The cause as far as EC2, Systems Manager and IAM tell it; None where the instance's network has to be seen."""
    state = instance["State"]["Name"]
    if state in STOPPED_STATES:
        return Judgement("stopped", "instance_stopped", f"EC2 reports it as {state}.")
    if _is_operated(instance):
        who = instance["Operator"].get("Principal", "a service of AWS")
        return Judgement("unsupported", "managed_by_service", f"{who} operates it; nobody else can change it.")
    if _is_online(node):
        return _managed(instance, rules)
    image = rules.images.get(instance.get("ImageId", ""))
    if image is not None and not is_supported(image):
        return Judgement("unsupported", "image_not_supported", f"SSM Agent is not made for {image.name}.")
    return _without_rights(instance, rules) or _without_metadata(instance)


def judge_after_network(
    instance: Mapping[str, Any], node: Mapping[str, Any] | None, reachability: Reachability, now: dt.datetime
) -> Judgement:
    """The cause of an instance that has all rights, from where its packets come to; else it is the agent's."""
    if reachability.standing == "blocked":
        return Judgement("no_route", reachability.reason, reachability.detail)
    if reachability.standing == "unknown":
        return Judgement("unknown", reachability.reason, reachability.detail)
    launched = instance.get("LaunchTime")
    if isinstance(launched, dt.datetime) and now - launched < STARTING:
        detail = f"It was started at {launched:%Y-%m-%dT%H:%M:%SZ}; its agent may still come up."
        return Judgement("unknown", "just_started", detail)
    if node is None:
        detail = "Rights and network are right, and Systems Manager has never heard of it."
        return Judgement("agent_silent", "not_registered", detail)
    last = node.get("LastPingDateTime")
    when = f" at {last:%Y-%m-%dT%H:%M:%SZ}" if isinstance(last, dt.datetime) else ""
    detail = f"Rights and network are right; its agent was last heard of{when} ({node['PingStatus']})."
    return Judgement("agent_silent", "agent_not_reporting", detail)


def denied_by_organization(role: ProfileRole, action: str) -> Judgement:
    """The cause of an instance whose role has all rights, and whose organization denies one."""
    detail = f"A service control policy of the organization denies {action} to {role.arn}."
    return Judgement("blocked_by_policy", "denied_by_organization", detail)


def _is_online(node: Mapping[str, Any] | None) -> bool:
    return node is not None and node["PingStatus"] == ONLINE


def _is_operated(instance: Mapping[str, Any]) -> bool:
    # EC2's own word, which no tag can forge (DescribeInstances, OperatorResponse).
    return bool(instance.get("Operator", {}).get("Managed"))


def _managed(instance: Mapping[str, Any], rules: Rules) -> Judgement:
    """Managed by its own role, or by its account's default role, which an agent takes where its own lacks rights."""
    if rules.default_host_management is None:
        return Judgement("managed", "online", "Systems Manager hears its agent.")
    role = role_of(instance, rules)
    # Without the right to register by its own role, it can only be the default role (Systems Manager's guide, "DHMC").
    if role is None or role.own.standing in {"lacking", "denied"}:
        detail = f"The Default Host Management Configuration manages it, with the role {rules.default_host_management}."
        return Judgement("default_host_management", "online", detail)
    return Judgement("managed", "online", "Systems Manager hears its agent.")


def _without_rights(instance: Mapping[str, Any], rules: Rules) -> Judgement | None:
    profile = profile_of(instance)
    role = role_of(instance, rules)
    lacks = role is None or role.own.standing == "lacking"
    if lacks and rules.default_host_management is not None:
        # The agent takes the default role where it has none of its own that may register.
        return None
    if profile is None:
        return Judgement("no_profile", "no_instance_profile", "It has no instance profile, so its agent has no rights.")
    if role is None:
        return Judgement("profile_without_role", "profile_without_role", f"{profile} holds no role, or is gone.")
    if lacks:
        return Judgement("missing_policy", "policies_missing", f"{role.arn} {role.own.sentence}.")
    return _denied(role)


def _denied(role: ProfileRole) -> Judgement | None:
    if role.own.standing == "denied":
        return Judgement("blocked_by_policy", "denied_by_role", f"{role.arn}: {role.own.sentence}.")
    if role.boundary is not None and role.boundary.standing in {"lacking", "denied"}:
        detail = f"The permissions boundary of {role.arn} {_of_boundary(role.boundary)}."
        return Judgement("blocked_by_policy", "denied_by_boundary", detail)
    unclear = next((one for one in (role.own, role.boundary) if one is not None and one.standing == "unclear"), None)
    return Judgement("unknown", "rights_unclear", f"{role.arn}: {unclear.sentence}.") if unclear else None


def _of_boundary(boundary: Rights) -> str:
    return boundary.sentence if boundary.standing == "lacking" else f"has it that {boundary.sentence}"


def _without_metadata(instance: Mapping[str, Any]) -> Judgement | None:
    if instance.get("MetadataOptions", {}).get("HttpEndpoint") != "disabled":
        return None
    detail = "Its metadata service is switched off, so its agent gets neither identity nor credentials."
    return Judgement("imds_off", "metadata_disabled", detail)
