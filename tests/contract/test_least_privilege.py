"""What roles are granted is what their calls need: nothing missing, nothing more but what is reviewed with a reason."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from emulator.front_door.needs import knows_resources
from tests.contract.privilege_scenarios import played
from tests.deployed_roles import refusals, rights_of_deployed_roles
from tests.granted import Granted, granted, roles, used
from tools.sources import template

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.embedded import Embedded

IMPLIED = Path(__file__).with_name("implied_rights.json")
FUNCTIONS = {
    name.removesuffix("Function") + "Role"
    for name, one in template("central.yaml")["Resources"].items()
    if one["Type"] == "AWS::Lambda::Function"
}
MACHINES = {
    name.removesuffix("StateMachine") + "Role"
    for name, one in template("central.yaml")["Resources"].items()
    if one["Type"] == "AWS::StepFunctions::StateMachine"
}
GROUPS = {"functions": FUNCTIONS, "machines": MACHINES}


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with played(tmp_path_factory.mktemp("emulator")) as started:
        yield started


def reviewed() -> list[dict[str, Any]]:
    """Entries of the list: roles (or a group of them), actions, where needed one resource, and the reason."""
    entries: list[dict[str, Any]] = json.loads(IMPLIED.read_text(encoding="utf-8"))["implied"]
    return entries


def implied() -> list[Granted]:
    """Every right that the list names, as the templates grant it; where none does, with an empty resource."""
    found = []
    for entry in reviewed():
        named = GROUPS[entry["roles"]] if isinstance(entry["roles"], str) else set(entry["roles"])
        for role in named:
            for action in entry["actions"]:
                meant = [
                    one
                    for one in granted()
                    if (one.role, one.action) == (role, action) and one.resource == entry.get("resource", one.resource)
                ]
                found += meant or [Granted(role, action, "")]
    return found


def told(rights: set[Granted]) -> str:
    """A right a line, so that a failure shows them all."""
    return "\n".join(f"{one.role}: {one.action} on {one.resource}" for one in sorted(rights))


def test_no_call_of_the_scenarios_was_refused(aws: Embedded) -> None:
    """Nothing is missing: in all scenarios no role was turned away at the door."""
    refused = aws.cloud.metrics()["aws_calls"]["refused"]
    assert refused == {}


def test_every_right_is_used_or_reviewed(aws: Embedded) -> None:
    """Nothing more: what no scenario uses stands in the reviewed list."""
    assert told(set(granted()) - used(aws.cloud) - set(implied())) == ""


def test_the_reviewed_list_is_true(aws: Embedded) -> None:
    """What it names is granted, and used by no scenario; nothing is named twice."""
    assert told(set(implied()) - set(granted())) == ""
    assert told(set(implied()) & used(aws.cloud)) == ""
    assert [one for one, times in Counter(implied()).items() if times > 1] == []


def test_every_reviewed_right_has_its_reason() -> None:
    """A reason is a sentence."""
    assert all(entry["reason"].endswith(".") and len(entry["reason"]) > 20 for entry in reviewed())


def test_no_right_is_granted_twice() -> None:
    """A role has no action twice on the same resource."""
    assert [one for one, times in Counter(granted()).items() if times > 1] == []


def test_a_resource_is_named_wherever_aws_knows_one() -> None:
    """`*` as the whole resource stands only with actions that AWS judges on no resource; no action holds a `*`."""
    everywhere = {one.action for one in granted() if one.resource == "*"}
    of_logs = {one.action for one in implied() if one.action.startswith("logs:")}
    assert {action for action in everywhere - of_logs if knows_resources(action) is not False} == set()
    assert [one for one in granted() if "*" in one.action] == []


def test_every_role_stands_in_the_comparison() -> None:
    """Functions and machines have a role each, and each is granted something."""
    assert set(roles()) >= FUNCTIONS | MACHINES
    assert {one.role for one in granted()} >= FUNCTIONS | MACHINES


def test_the_simulator_is_asked_about_every_deployed_right(aws: Embedded) -> None:
    """What tests/aws asks of AWS, asked here: rights are found and given, until a boundary takes them away."""
    account, region = aws.cloud.organization.hub.id, aws.cloud.home_region
    iam: Any = aws.cloud.operator_session(account, region).client("iam")
    rights = [one for one in rights_of_deployed_roles(iam, account, region) if one.role.endswith("fleetdx-open-sweep")]
    assert {one.action for one in rights} == {one.action for one in granted() if one.role == "OpenSweepRole"}
    assert [line for one in rights for line in refusals(iam, one)] == []
    document = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "logs:*", "Resource": "*"}]}
    made = iam.create_policy(PolicyName="boundary", PolicyDocument=json.dumps(document))["Policy"]["Arn"]
    iam.put_role_permissions_boundary(RoleName="fleetdx-open-sweep", PermissionsBoundary=made)
    [refusal] = [line for one in rights if one.action == "organizations:ListAccounts" for line in refusals(iam, one)]
    assert refusal.endswith("organizations:ListAccounts on *: implicitDeny by a permissions boundary")
