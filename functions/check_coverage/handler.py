"""CheckCoverage: the cause of every instance of one account-region, found without touching any of them.

EC2 and Systems Manager tell of all instances at once. IAM and the network are asked only where a running instance is
not managed, and never for each instance.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, NamedTuple, TypedDict

from fleetdx import ec2, iam, keys, ssm
from fleetdx.accounts import enter_member
from fleetdx.coverage import network
from fleetdx.coverage.account_rights import AccountRights
from fleetdx.coverage.agents import Image
from fleetdx.coverage.exemption import exempted
from fleetdx.coverage.judgement import (
    Judgement,
    Rules,
    denied_by_organization,
    is_suspect,
    judge_after_network,
    judge_before_network,
    needs_role,
    role_of,
)
from fleetdx.coverage.lines import Place, checked_instance, target_line
from fleetdx.entrypoint import entrypoint
from fleetdx.events import SweepTarget
from fleetdx.inventory import GONE_STATES, now
from fleetdx.operator_documents import Documents, read_documents
from fleetdx.organizations import units_above
from fleetdx.role_rights import REGISTERING_ACTIONS
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from types_boto3_ec2.client import EC2Client
    from types_boto3_ssm.client import SSMClient

    from fleetdx.coverage.control import CheckedInstance
    from fleetdx.iam import IamClient

    Instances = Sequence[Mapping[str, Any]]

MOST_SIMULATED_ROLES = 20
"""IAM's simulator is slow; beyond so many roles of one account-region nobody is told that nothing denies."""


class Input(SweepTarget):
    """The account-region; `bucket` is for the state that records a failure."""

    bucket: str


class Output(TypedDict):
    """Counts of what was found."""

    instances: int
    unmanaged: int


class Member(NamedTuple):
    """What is asked in the account-region; a client is made when something is asked of it."""

    ec2: Callable[[], EC2Client]
    ssm: Callable[[], SSMClient]
    iam: Callable[[], IamClient]


class Operator(NamedTuple):
    """What the operator wrote, and the organizational units above the account; read where an instance is unmanaged."""

    documents: Callable[[], Documents]
    units: Callable[[], frozenset[str]]


class Seen(NamedTuple):
    """What EC2 and Systems Manager tell of an account-region."""

    instances: Instances
    nodes: Mapping[str, Mapping[str, Any]]
    patches: Mapping[str, str]
    rules: Rules

    def suspects(self) -> Instances:
        """The running instances that are not managed."""
        return [one for one in self.instances if is_suspect(one, self.nodes.get(one["InstanceId"]))]


def run(event: Input, data: Bucket, member: Member, operator: Operator) -> Output:
    """Write the lines of one account-region."""
    place = Place(event["sweep"], event["account"], event["account_name"], event["region"], now())
    seen = _seen(member)
    judged = _judged(event["region"], seen, member)
    if seen.suspects():
        judged = exempted(judged, seen.instances, seen.rules, event["account"], operator.documents(), operator.units)
    checked = [
        checked_instance(
            place,
            instance,
            seen.nodes.get(instance["InstanceId"]),
            judged[instance["InstanceId"]],
            seen.rules,
            seen.patches,
        )
        for instance in seen.instances
    ]
    own = target_line(place, len(checked), "checked", f"EC2 has {len(checked)} instances here.")
    part: list[CheckedInstance] = [{"line": own, "is_recovery_server": False, "registered_at": None}, *checked]
    data.put_lines(keys.coverage_part(place.sweep, place.account, place.region), part)
    return {"instances": len(checked), "unmanaged": len(seen.suspects())}


def _seen(member: Member) -> Seen:
    found = [one for one in ec2.instances(member.ec2()) if one["State"]["Name"] not in GONE_STATES]
    instances = sorted(found, key=lambda one: str(one["InstanceId"]))
    if not instances:
        return Seen([], {}, {}, Rules(None, None, {}))
    nodes = {node["InstanceId"]: node for node in ssm.managed_nodes(member.ssm())}
    default_role = ssm.default_host_management_role(member.ssm())
    asks_for_roles = any(needs_role(one, nodes.get(one["InstanceId"]), default_role) for one in instances)
    rights = AccountRights(*iam.account_details(member.iam())) if asks_for_roles else None
    seen = Seen(instances, nodes, ssm.patch_compliance(member.ssm()), Rules(rights, default_role, {}))
    return seen._replace(rules=seen.rules._replace(images=_images(seen.suspects(), member)))


def _images(suspects: Instances, member: Member) -> dict[str, Image]:
    wanted = sorted({one["ImageId"] for one in suspects if one.get("ImageId")})
    return {
        image["ImageId"]: Image(image["ImageId"], image.get("Name", ""), image.get("Architecture", ""))
        for image in (ec2.images(member.ec2(), wanted) if wanted else ())
    }


def _judged(region: str, seen: Seen, member: Member) -> dict[str, Judgement]:
    """The judgement of every instance; those that have all rights are judged by organization and network."""
    judged: dict[str, Judgement] = {}
    left: list[Mapping[str, Any]] = []
    for instance in seen.instances:
        judgement = judge_before_network(instance, seen.nodes.get(instance["InstanceId"]), seen.rules)
        if judgement is None:
            left.append(instance)
        else:
            judged[instance["InstanceId"]] = judgement
    denied = _judged_by_organization(left, seen.rules, member)
    left = [one for one in left if one["InstanceId"] not in denied]
    return {**judged, **denied, **_judged_by_network(region, left, seen, member)}


def _judged_by_network(region: str, instances: Instances, seen: Seen, member: Member) -> dict[str, Judgement]:
    if not instances:
        return {}
    facts, moment = network.gather(member.ec2(), instances), dt.datetime.now(dt.UTC)
    return {
        instance["InstanceId"]: judge_after_network(
            instance, seen.nodes.get(instance["InstanceId"]), network.judge(instance, facts, region), moment
        )
        for instance in instances
    }


def _judged_by_organization(instances: Instances, rules: Rules, member: Member) -> dict[str, Judgement]:
    """Who has all rights by their own role and is denied one by the organization; each role is asked for once."""
    answers: dict[str, str | None] = {}
    denied: dict[str, Judgement] = {}
    for instance in instances:
        role = role_of(instance, rules)
        if role is None or role.own.standing != "held":
            continue
        if role.arn not in answers and len(answers) >= MOST_SIMULATED_ROLES:
            detail = f"Of {MOST_SIMULATED_ROLES} roles it was asked whether the organization denies them something."
            denied[instance["InstanceId"]] = Judgement("unknown", "rights_not_simulated", detail)
            continue
        if role.arn not in answers:
            answers[role.arn] = iam.denied_by_organization(member.iam(), role.arn, REGISTERING_ACTIONS)
        action = answers[role.arn]
        if action is not None:
            denied[instance["InstanceId"]] = denied_by_organization(role, action)
    return denied


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    session = own_session()
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"))
    entered = enter_member(event["account"], event["region"], "read", f"check-coverage-{event['sweep']}")
    member = Member(lambda: entered.client("ec2"), lambda: entered.client("ssm"), lambda: entered.client("iam"))
    operator = Operator(
        lambda: read_documents(session.client("ssm"), setting("CONFIGURATION_PARAMETER"), data),
        lambda: units_above(session.client("organizations"), event["account"]),
    )
    return run(event, data, member, operator)
