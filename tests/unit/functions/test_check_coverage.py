"""One account-region is looked at: few questions where all is well, and none for each instance anywhere."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

import pytest

from fleetdx import keys
from fleetdx.configuration import report_only
from fleetdx.coverage import network
from fleetdx.exemptions import read_exemptions
from fleetdx.operator_documents import Documents
from functions.check_coverage import handler
from tests.fakes.coverage import SEOUL, SWEEP
from tests.fakes.ec2 import instance, instance_id, node
from tests.fakes.s3 import bucket

ACCOUNT = "111122223333"
EVENT: Any = {"sweep": SWEEP, "bucket": "data", "account": ACCOUNT, "account_name": "trading", "region": SEOUL}
ALL_RIGHTS = {"Effect": "Allow", "Action": ["ssm:*", "ssmmessages:*"], "Resource": "*"}
NOTHING_WRITTEN = Documents(report_only(), [], "", [])


def profile(name: str) -> str:
    return f"arn:aws:iam::{ACCOUNT}:instance-profile/{name}"


def role(name: str, *statements: dict[str, Any]) -> dict[str, Any]:
    """A role in the profile of its name, as GetAccountAuthorizationDetails tells it."""
    document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
    return {
        "RoleName": name,
        "Arn": f"arn:aws:iam::{ACCOUNT}:role/{name}",
        "InstanceProfileList": [{"Arn": profile(name)}],
        "RolePolicyList": [{"PolicyName": "own", "PolicyDocument": document}] if statements else [],
        "AttachedManagedPolicies": [],
    }


class FakeAccount:
    """EC2, Systems Manager and IAM of one account-region, which count what they are asked."""

    def __init__(self, instances: list[Any], nodes: list[Any], roles: list[Any], default_role: str = "$None") -> None:
        self.instances = instances
        self.nodes = nodes
        self.roles = roles
        self.default_role = default_role
        self.denied: dict[str, str] = {}
        self.asked: Counter[str] = Counter()

    def get_paginator(self, operation: str) -> Any:
        self.asked[operation] += 1
        answers = {
            "describe_instances": {"Reservations": [{"Instances": self.instances}]},
            "describe_instance_information": {"InstanceInformationList": self.nodes},
            "list_resource_compliance_summaries": {
                "ResourceComplianceSummaryItems": [{"ResourceId": instance_id(1), "Status": "NON_COMPLIANT"}]
            },
            "get_account_authorization_details": {"RoleDetailList": self.roles, "Policies": []},
        }

        class One:
            def paginate(self, **_: Any) -> list[Any]:
                return [answers[operation]]

        return One()

    def get_service_setting(self, *, SettingId: str) -> Any:  # noqa: N803
        self.asked["get_service_setting"] += 1
        assert SettingId.endswith("default-ec2-instance-management-role")
        return {"ServiceSetting": {"SettingValue": self.default_role}}

    def describe_images(self, *, Filters: Any, IncludeDeprecated: bool) -> Any:  # noqa: N803
        self.asked["describe_images"] += 1
        assert IncludeDeprecated
        return {
            "Images": [
                {"ImageId": name, "Name": "al2023-ami-2023.9", "Architecture": "arm64"} for name in Filters[0]["Values"]
            ]
        }

    def simulate_principal_policy(self, *, PolicySourceArn: str, ActionNames: list[str]) -> Any:  # noqa: N803
        self.asked["simulate_principal_policy"] += 1
        refused = self.denied.get(PolicySourceArn)
        return {
            "EvaluationResults": [
                {"EvalActionName": name, "OrganizationsDecisionDetail": {"AllowedByOrganizations": name != refused}}
                for name in ActionNames
            ]
        }


@pytest.fixture(autouse=True)
def reachable(monkeypatch: pytest.MonkeyPatch) -> Counter[str]:
    """The network lets everybody through, and counts how often it was asked."""
    asked: Counter[str] = Counter()

    def gather(_: Any, instances: Any) -> Any:
        asked["gathered"] += 1
        asked["instances"] += len(instances)
        return object()

    monkeypatch.setattr(network, "gather", gather)
    monkeypatch.setattr(network, "judge", lambda *_: network.Reachability("reachable", "", ""))
    return asked


def looked(account: FakeAccount, documents: Documents = NOTHING_WRITTEN) -> tuple[Any, dict[str, Any]]:
    """What the function returns, and its lines by instance (the account-region's own under None)."""
    data = bucket()
    member: Any = handler.Member(lambda: account, lambda: account, lambda: account)  # type: ignore[arg-type,return-value]
    output = handler.run(EVENT, data, member, handler.Operator(lambda: documents, frozenset))
    parts = data.get_lines(keys.coverage_part(SWEEP, ACCOUNT, SEOUL))
    return output, {part["line"]["instance"]: part["line"] for part in parts}


def with_profile(number: int, name: str, **facts: Any) -> Any:
    return {**instance(instance_id(number), **facts), "IamInstanceProfile": {"Arn": profile(name)}}


def test_where_all_is_managed_little_is_asked(reachable: Counter[str]) -> None:
    """Instances, nodes, patches and the default role: neither IAM nor images nor the network."""
    account = FakeAccount(
        [with_profile(number, "web") for number in range(3)], [node(instance_id(number)) for number in range(3)], []
    )
    output, lines = looked(account)
    assert output == {"instances": 3, "unmanaged": 0}
    assert {line["cause"] for name, line in lines.items() if name} == {"managed"}
    assert set(account.asked) == {
        "describe_instances",
        "describe_instance_information",
        "list_resource_compliance_summaries",
        "get_service_setting",
    }
    assert reachable["gathered"] == 0
    assert lines[instance_id(1)]["patch_compliance"] == "NON_COMPLIANT"


def test_an_empty_account_region_is_one_question() -> None:
    """EC2 has nothing there; the line of the account-region says so."""
    account = FakeAccount([instance(instance_id(1), "terminated")], [], [])
    output, lines = looked(account)
    assert (output, lines[None]["reason"], lines[None]["instances"]) == (
        {"instances": 0, "unmanaged": 0},
        "checked",
        0,
    )
    assert account.asked == {"describe_instances": 1}


def test_questions_do_not_grow_with_instances(reachable: Counter[str]) -> None:
    """A hundred silent agents cost what one costs: each list once, each role once, the network once."""

    def asked(count: int) -> Counter[str]:
        instances = [with_profile(number, "web") for number in range(count)]
        account = FakeAccount(instances, [], [role("web", ALL_RIGHTS)])
        looked(account)
        return account.asked

    assert asked(1) == asked(100)
    assert reachable == {"gathered": 2, "instances": 101}


def test_each_instance_gets_one_cause_and_its_remedy() -> None:
    """The first obstacle counts; silent agents are told with the command for their distribution."""
    account = FakeAccount(
        [
            instance(instance_id(1)),
            with_profile(2, "bare"),
            with_profile(3, "web"),
            with_profile(4, "denied"),
            instance(instance_id(5), "stopped"),
        ],
        [],
        [role("bare"), role("web", ALL_RIGHTS), role("denied", ALL_RIGHTS)],
    )
    account.denied[f"arn:aws:iam::{ACCOUNT}:role/denied"] = "ssmmessages:CreateDataChannel"
    output, lines = looked(account)
    causes = {name: (line["cause"], line["reason"]) for name, line in lines.items() if name}
    assert causes == {
        instance_id(1): ("no_profile", "no_instance_profile"),
        instance_id(2): ("missing_policy", "policies_missing"),
        instance_id(3): ("agent_silent", "not_registered"),
        instance_id(4): ("blocked_by_policy", "denied_by_organization"),
        instance_id(5): ("stopped", "instance_stopped"),
    }
    assert output == {"instances": 5, "unmanaged": 4}
    assert "ssmmessages:CreateDataChannel" in lines[instance_id(4)]["detail"]
    assert lines[instance_id(3)]["install_command"].startswith("sudo yum install")
    assert lines[instance_id(1)]["install_command"] is None
    mendable = [name for name, line in lines.items() if line["mendable"]]
    assert mendable == [instance_id(1), instance_id(2)]


def test_beyond_a_limit_of_roles_nothing_is_claimed() -> None:
    """The simulator is asked for so many roles; of the others nobody says that nothing denies them."""
    count = handler.MOST_SIMULATED_ROLES + 2
    names = [f"role-{number:03}" for number in range(count)]
    account = FakeAccount(
        [with_profile(number, name) for number, name in enumerate(names)],
        [],
        [role(name, ALL_RIGHTS) for name in names],
    )
    _, lines = looked(account)
    told = Counter(line["reason"] for name, line in lines.items() if name)
    assert told == {"not_registered": handler.MOST_SIMULATED_ROLES, "rights_not_simulated": 2}
    assert account.asked["simulate_principal_policy"] == handler.MOST_SIMULATED_ROLES


def test_what_is_left_alone_on_purpose_is_exempt() -> None:
    """An exemption takes the place of what somebody would have to look after, and says what that is."""
    entry = {
        "id": "legacy",
        "scope": {"role": {"account": ACCOUNT, "name_pattern": "bare*"}},
        "owner": "owner@example.com",
        "approver": "approver@example.com",
        "reason": "It is switched off next month.",
        "approved_at": "2026-11-01T00:00:00Z",
        "expires_at": "2099-01-01T00:00:00Z",
    }
    written = read_exemptions(json.dumps({"schema": 1, "exemptions": [entry]}))
    documents = Documents(report_only()._replace(maximum_days=99_999), written, "", [])
    account = FakeAccount(
        [with_profile(1, "bare"), with_profile(2, "web"), with_profile(3, "bare")],
        [node(instance_id(3))],
        [role("bare"), role("web")],
    )
    _, lines = looked(account, documents)
    assert [lines[instance_id(number)]["cause"] for number in (1, 2, 3)] == ["exempt", "missing_policy", "managed"]
    assert "legacy" in lines[instance_id(1)]["detail"]
    assert "lacks ssm:UpdateInstanceInformation" in lines[instance_id(1)]["detail"]


def test_the_default_role_is_told_apart() -> None:
    """Where Default Host Management is on, roles are asked for although all instances are managed."""
    account = FakeAccount(
        [instance(instance_id(1)), with_profile(2, "web"), with_profile(3, "bare")],
        [node(instance_id(number)) for number in (1, 2, 3)],
        [role("web", ALL_RIGHTS), role("bare")],
        default_role="service-role/AWSSystemsManagerDefaultEC2InstanceManagementRole",
    )
    _, lines = looked(account)
    causes = [lines[instance_id(number)]["cause"] for number in (1, 2, 3)]
    assert causes == ["default_host_management", "managed", "default_host_management"]
    assert account.asked["get_account_authorization_details"] == 1
