"""What the states of ensure_ssm_ready find and decide: the role, the exemption, the policies, the registration."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest

from fleetdx import keys, operator_documents
from functions.check_exemption import handler as check_exemption
from functions.check_policies import handler as check_policies
from functions.resolve_instance_role import handler as resolve
from functions.verify_managed import handler as verify
from tests.fakes.ec2 import FakeEc2, instance, node
from tests.fakes.iam import FakeIam
from tests.fakes.mending import ACCOUNT, INSTANCE, checked, core, found, role_arn, target
from tests.fakes.s3 import bucket
from tests.fakes.ssm import FakeSsm

NOW = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
PARAMETER = "/fleetdx/configuration"
partitions = pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])


def resolved(ec2: FakeEc2, iam: FakeIam, nodes: list[dict[str, Any]] | None = None) -> Any:
    return resolve.run(target(), ec2, iam, FakeSsm(nodes))  # type: ignore[arg-type]


@partitions
def test_the_role_is_the_profiles_and_not_named_like_it(partition: str) -> None:
    """Paths on both, another name, any partition: the role is asked for, never guessed from an ARN."""
    iam = FakeIam()
    iam.profiles["web-profile"] = role_arn(partition=partition)
    arn = f"arn:{partition}:iam::{ACCOUNT}:instance-profile/payments/web-profile"
    told = resolved(FakeEc2([{**instance(INSTANCE, Name="web"), "IamInstanceProfile": {"Arn": arn}}]), iam)
    assert told == found(partition=partition, tag_keys=["Name"])


def test_an_association_that_is_being_made_counts() -> None:
    """EC2 shows no profile on the instance yet, but an association."""
    ec2, iam = FakeEc2([instance(INSTANCE)]), FakeIam()
    iam.profiles["web-profile"] = None
    ec2.associations[INSTANCE] = f"arn:aws:iam::{ACCOUNT}:instance-profile/web-profile"
    told = resolved(ec2, iam, [node(INSTANCE, "ConnectionLost")])
    assert (told["profile_arn"], told["role_name"]) == (ec2.associations[INSTANCE], "")
    assert told["ping"] == "ConnectionLost"


@pytest.mark.reaches("instance_gone", "instance_stopped")
@pytest.mark.parametrize(
    ("state", "reason"),
    [
        ("shutting-down", "instance_gone"),
        ("terminated", "instance_gone"),
        ("stopping", "instance_stopped"),
        ("stopped", "instance_stopped"),
    ],
)
def test_what_does_not_run_is_over(state: str, reason: str) -> None:
    """No role is looked up for it."""
    told = resolved(FakeEc2([instance(INSTANCE, state)]), FakeIam())
    assert (told["is_over"], told["conclusion"]["outcome"], told["conclusion"]["reason"]) == (True, "gone", reason)


def documents(configuration: str | None, exemptions: bytes | None) -> operator_documents.Documents:
    ssm, data = FakeSsm(), bucket()
    if configuration is not None:
        ssm.parameters[PARAMETER] = configuration
    if exemptions is not None:
        data.put(keys.EXEMPTIONS, exemptions)
    return operator_documents.read_documents(ssm, PARAMETER, data)  # type: ignore[arg-type]


NONE_EXEMPT = json.dumps({"schema": 1, "exemptions": []}).encode()


@pytest.mark.reaches("configuration_unreadable", "exemptions_unreadable")
@pytest.mark.parametrize(
    ("configuration", "exemptions", "announced"),
    [
        ('{"mode": "enforce"}', NONE_EXEMPT, []),
        ('{"mode": "report_only"}', None, []),
        ('{"mode": "report_only"}', b"[]", []),
        ('{"mode": "enforce"}', None, ["exemptions_unreadable"]),
        ('{"mode": "enforce"}', b"{", ["exemptions_unreadable"]),
        (None, NONE_EXEMPT, ["configuration_unreadable"]),
        ('{"mode": "Enforce"}', NONE_EXEMPT, ["configuration_unreadable"]),
    ],
)
def test_what_cannot_be_read_allows_nothing(
    configuration: str | None, exemptions: bytes | None, announced: list[str]
) -> None:
    """Only a readable configuration with readable exemptions enforces; what is wrong is announced where it matters."""
    read = documents(configuration, exemptions)
    told = check_exemption.run({**target(), "instance": found()}, read, frozenset, NOW)
    enforces = configuration is not None and '"enforce"' in configuration and not announced
    assert told["configuration"]["mode"] == ("enforce" if enforces else "report_only")
    assert [one["reason"] for one in told["announcements"]] == announced
    assert told["is_quiet"] is (not announced)


def test_an_announcement_is_named_by_what_is_wrong() -> None:
    """The same fault has the same name, so it is told once; another fault is told anew."""
    names = [documents(text, NONE_EXEMPT).announcements[0].name for text in ("{", "{", "[")]
    assert names[0] == names[1] != names[2]


def test_the_end_of_a_problem_is_not_quiet() -> None:
    """What was told as a problem is to be told as over."""
    event = {**target(told={"outcome": "failed", "reason": "not_registered"}), "instance": found()}
    read = documents('{"mode": "enforce"}', NONE_EXEMPT)
    assert check_exemption.run(event, read, frozenset, NOW)["is_quiet"] is False


def policies(iam: FakeIam, *, partition: str = "aws", ping: str = "Online", **changes: Any) -> Any:
    access = {"role_arn": f"arn:{partition}:sts::{ACCOUNT}:assumed-role/fleetdx-member-read/assume-role"}
    instance_found = found(partition=partition, ping=ping, **changes.pop("instance", {}))
    event = {**target(), "access": access, "instance": instance_found, "exemption": checked(**changes)}
    return check_policies.run(event, iam)  # type: ignore[arg-type, typeddict-item]


@partitions
def test_the_policy_of_the_partition_is_what_is_missing(partition: str) -> None:
    """What is attached is the required policy of the caller's partition."""
    iam = FakeIam()
    iam.attached["web"] = [core("aws" if partition != "aws" else "aws-cn")]
    iam.documents[iam.attached["web"][0]] = {"Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"}}
    told = policies(iam, partition=partition)
    assert (told["is_missing"], told["policies_to_attach"]) == (True, [core(partition)])
    iam.attached["web"].append(core(partition))
    assert policies(iam, partition=partition)["is_settled"] is True


def test_further_required_policies_must_be_attached_themselves() -> None:
    """The same rights count for the first, which makes an instance manageable; the others have no such measure."""
    iam = FakeIam()
    iam.attached["web"] = []
    iam.inline["web"] = {"all": {"Statement": {"Effect": "Allow", "Action": "*", "Resource": "*"}}}
    required = ["aws/AmazonSSMManagedInstanceCore", "aws/CloudWatchAgentServerPolicy"]
    told = policies(iam, configuration={"required_policies": required})
    assert told["policies_to_attach"] == ["arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"]
    assert policies(iam)["conclusion"]["reason"] == "same_rights"
    iam.attached["web"] = [core()]
    told = policies(iam, configuration={"required_policies": required})
    assert told["policies_to_attach"] == ["arn:aws:iam::aws:policy/CloudWatchAgentServerPolicy"]


def test_a_role_that_is_gone_is_no_role() -> None:
    """Somebody deleted it since the profile was read."""
    assert policies(FakeIam())["conclusion"]["reason"] == "profile_without_role"


def test_ready_but_not_online_is_verified() -> None:
    """A role that has everything is not enough: the instance is waited for."""
    iam = FakeIam()
    iam.attached["web"] = [core()]
    told = policies(iam, ping="")
    assert [told[name] for name in ("is_missing", "is_over", "is_online", "is_settled")] == [False] * 4


@pytest.mark.parametrize(
    ("changes", "is_settled"),
    [
        ({}, True),
        ({"is_quiet": False}, False),
        ({"wants_scan": True}, False),
    ],
)
def test_only_what_leads_to_nothing_is_settled(changes: dict[str, Any], *, is_settled: bool) -> None:
    """A message or a scan that is due keeps a ready instance from the quiet end."""
    iam = FakeIam()
    iam.attached["web"] = [core()]
    assert policies(iam, **changes)["is_settled"] is is_settled


def verified(ssm: FakeSsm, limit: int = 3900, state: str = "running") -> list[Any]:
    """Every look until the end, each with what the one before has left."""
    looks: list[Any] = []
    event: Any = {**target(), "exemption": checked(configuration={"registration_wait_seconds": limit})}
    while not looks or not (looks[-1]["is_online"] or looks[-1]["is_over"]):
        looks.append(verify.run(event, ssm, FakeEc2([instance(INSTANCE, state)])))  # type: ignore[arg-type]
        event = {**event, "verification": looks[-1]}
    return looks


@pytest.mark.reaches("not_registered", "agent_not_reporting")
@pytest.mark.parametrize(
    ("nodes", "reason"), [([], "not_registered"), ([node(INSTANCE, "ConnectionLost")], "agent_not_reporting")]
)
def test_waits_grow_and_add_up_to_the_limit(nodes: list[dict[str, Any]], reason: str) -> None:
    """65 minutes as shipped: longer than an agent takes that was refused, in few looks."""
    looks = verified(FakeSsm(nodes))
    waits = [look["wait_seconds"] for look in looks[:-1]]
    assert waits == [30, 60, 120, 240, 480, 600, 600, 600, 600, 570]
    assert sum(waits) == 3900
    assert looks[-1]["conclusion"]["outcome"] == "failed"
    assert looks[-1]["conclusion"]["reason"] == reason


def test_an_online_instance_is_not_waited_for() -> None:
    """One look is enough."""
    (look,) = verified(FakeSsm([node(INSTANCE)]))
    assert (look["is_online"], look["conclusion"]) == (True, None)


def test_an_instance_that_went_meanwhile_is_no_failure() -> None:
    """An autoscaled host may be gone before it registers."""
    looks = verified(FakeSsm(), 300, "terminated")
    assert (looks[-1]["conclusion"]["outcome"], looks[-1]["conclusion"]["reason"]) == ("gone", "instance_gone")
