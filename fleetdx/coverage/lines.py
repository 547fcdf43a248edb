"""The lines of a sweep, as CheckCoverage writes them. Pure."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple

from fleetdx.coverage.agents import install_command
from fleetdx.coverage.control import CheckedInstance, is_recovery_server
from fleetdx.coverage.judgement import Judgement, Rules, profile_of, role_of
from fleetdx.inventory import platform_of, tags_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fleetdx.coverage.models import CoverageLine, PatchCompliance, SessionManager

MENDABLE_CAUSES = frozenset({"no_profile", "missing_policy"})
"""What ensure_ssm_ready mends; everything else is somebody's decision."""
SESSION_MANAGER_AGENT = (2, 3, 68, 0)
"""The oldest agent that holds sessions (Systems Manager's guide, "Complete Session Manager prerequisites")."""


class Place(NamedTuple):
    """The account-region of a line, the sweep that looked, and when."""

    sweep: str
    account: str
    account_name: str
    region: str
    at: str


def checked_instance(
    place: Place,
    instance: Mapping[str, Any],
    node: Mapping[str, Any] | None,
    judgement: Judgement,
    rules: Rules,
    patches: Mapping[str, str],
) -> CheckedInstance:
    """The line of an instance, with what the join with Security Hub needs besides."""
    line = _empty_line(place)
    role, tags = role_of(instance, rules), tags_of(instance)
    image = rules.images.get(instance.get("ImageId", ""))
    is_silent = judgement.cause == "agent_silent"
    line |= {
        "kind": "instance",
        "instance": instance["InstanceId"],
        "instance_name": tags.get("Name"),
        "instance_state": instance["State"]["Name"],
        "platform": platform_of(instance, node),
        "ami": instance.get("ImageId"),
        "image_name": image.name if image else None,
        "vpc": instance.get("VpcId"),
        "subnet": instance.get("SubnetId"),
        "instance_profile": profile_of(instance),
        "role": role.name if role else None,
        "cause": judgement.cause,
        "reason": judgement.reason,
        "detail": judgement.detail,
        "mendable": judgement.cause in MENDABLE_CAUSES,
        "install_command": install_command(image, place.region) if image and is_silent else None,
    }
    line |= _as_systems_manager_has_it(node, patches.get(instance["InstanceId"]))  # type: ignore[typeddict-item]
    return {
        "line": line,
        "is_recovery_server": is_recovery_server(tags),
        "registered_at": _rfc3339((node or {}).get("RegistrationDate")),
    }


def target_line(place: Place, instances: int | None, reason: str, detail: str) -> CoverageLine:
    """The line of an account-region: `checked`, or why nobody could look (then `instances` is None)."""
    line = _empty_line(place)
    line |= {"reason": reason, "detail": detail, "instances": instances}
    return line


def event_id_of(line: CoverageLine) -> str:
    """The id of the event by which a sweep hands an instance on: the same for every try of the same sweep."""
    return f"{line['sweep']}-{line['instance']}"


def session_manager(node: Mapping[str, Any] | None) -> SessionManager:
    """Whether a session can be started, by what Systems Manager tells of every node at once.

    GetConnectionStatus would be a call for each instance. What the node's own role adds or denies is not seen here.
    """
    if node is None or node["PingStatus"] != "Online":
        return "unavailable"
    numbers = tuple(int(part) for part in str(node.get("AgentVersion", "")).split(".") if part.isdigit())
    return "available" if numbers >= SESSION_MANAGER_AGENT else "agent_too_old"


def _as_systems_manager_has_it(node: Mapping[str, Any] | None, patches: str | None) -> dict[str, Any]:
    compliance: PatchCompliance | None = None
    if patches in {"COMPLIANT", "NON_COMPLIANT"}:
        compliance = "COMPLIANT" if patches == "COMPLIANT" else "NON_COMPLIANT"
    told = node or {}
    return {
        "ping_status": told.get("PingStatus"),
        "last_ping_at": _rfc3339(told.get("LastPingDateTime")),
        "agent_version": told.get("AgentVersion"),
        "session_manager": session_manager(node),
        "patch_compliance": compliance,
    }


def _rfc3339(moment: object) -> str | None:
    if not isinstance(moment, dt.datetime):
        return None
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _empty_line(place: Place) -> CoverageLine:
    return {
        "schema": 1,
        "kind": "account_region",
        "sweep": place.sweep,
        "account": place.account,
        "account_name": place.account_name,
        "region": place.region,
        "instance": None,
        "instance_name": None,
        "instance_state": None,
        "platform": None,
        "ami": None,
        "image_name": None,
        "vpc": None,
        "subnet": None,
        "instance_profile": None,
        "role": None,
        "cause": None,
        "reason": "",
        "detail": "",
        "mendable": False,
        "ping_status": None,
        "last_ping_at": None,
        "agent_version": None,
        "install_command": None,
        "session_manager": None,
        "patch_compliance": None,
        "control": None,
        "unmanaged_since": None,
        "instances": None,
        "at": place.at,
    }
