"""Calls that a role may not make are refused at the door, each in its service's own word."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError

from emulator.agent.settings import DEFAULT_HOST_MANAGEMENT
from emulator.front_door.permissions import Grant
from tests.contract.small_cloud import MEMBER, REGION, TRUST, small_cloud

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.contract.small_cloud import SmallCloud

SETTING = f"arn:aws:ssm:{REGION}:{MEMBER}:servicesetting{DEFAULT_HOST_MANAGEMENT}"
DENIED = "AccessDeniedException"
IAM = f"arn:aws:iam::{MEMBER}:"
STATES = f"arn:aws:states:{REGION}:{MEMBER}:"
UNITS = f"arn:aws:organizations::{MEMBER}:"
EXECUTION = {"executionArn": f"{STATES}execution:scan:1"}
MACHINE = {"stateMachineArn": f"{STATES}stateMachine:scan"}
OBJECT = {"Bucket": "data", "Key": "runs/1/a.json"}
NODE = "i-0123456789abcdef0"
COMMAND = {"CommandId": "11111111-1111-4111-8111-111111111111"}
CALLS: list[tuple[str, str, dict[str, Any], str, Any]] = [
    ("s3", "get_object", OBJECT, "s3:GetObject", "arn:aws:s3:::data/runs/1/a.json"),
    ("s3", "put_object", {**OBJECT, "Body": b"x"}, "s3:PutObject", "arn:aws:s3:::data/runs/*"),
    ("s3", "delete_object", OBJECT, "s3:DeleteObject", "arn:aws:s3:::data/runs/1/a.json"),
    ("s3", "list_objects_v2", {"Bucket": "data"}, "s3:ListBucket", "arn:aws:s3:::data"),
    ("ec2", "describe_instances", {}, "ec2:DescribeInstances", "*"),
    ("ec2", "describe_vpc_endpoints", {}, "ec2:DescribeVpcEndpoints", "*"),
    (
        "ec2",
        "describe_vpc_attribute",
        {"VpcId": "vpc-1", "Attribute": "enableDnsSupport"},
        "ec2:DescribeVpcAttribute",
        f"arn:aws:ec2:{REGION}:{MEMBER}:vpc/vpc-1",
    ),
    (
        "ec2",
        "get_managed_prefix_list_entries",
        {"PrefixListId": "pl-0123456789abcdef0"},
        "ec2:GetManagedPrefixListEntries",
        f"arn:aws:ec2:{REGION}:{MEMBER}:prefix-list/*",
    ),
    ("iam", "get_account_authorization_details", {}, "iam:GetAccountAuthorizationDetails", "*"),
    ("iam", "get_role", {"RoleName": "with-path"}, "iam:GetRole", f"{IAM}role/a/path/with-path"),
    ("iam", "list_role_policies", {"RoleName": "none"}, "iam:ListRolePolicies", f"{IAM}role/none"),
    (
        "iam",
        "get_instance_profile",
        {"InstanceProfileName": "given"},
        "iam:GetInstanceProfile",
        f"{IAM}instance-profile/below/given",
    ),
    (
        "iam",
        "get_policy",
        {"PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
        "iam:GetPolicy",
        "arn:aws:iam::aws:policy/*",
    ),
    (
        "iam",
        "simulate_principal_policy",
        {"PolicySourceArn": f"{IAM}role/reader", "ActionNames": ["ssm:GetManifest"]},
        "iam:SimulatePrincipalPolicy",
        f"{IAM}role/*",
    ),
    ("ssm", "get_service_setting", {"SettingId": DEFAULT_HOST_MANAGEMENT}, "ssm:GetServiceSetting", SETTING),
    ("ssm", "list_resource_compliance_summaries", {}, "ssm:ListResourceComplianceSummaries", "*"),
    ("ssm", "cancel_command", COMMAND, "ssm:CancelCommand", "*"),
    ("ssm", "get_command_invocation", {**COMMAND, "InstanceId": NODE}, "ssm:GetCommandInvocation", "*"),
    (
        "ssm",
        "get_parameter",
        {"Name": "/fleetdx/configuration"},
        "ssm:GetParameter",
        f"arn:aws:ssm:{REGION}:{MEMBER}:parameter/fleetdx/configuration",
    ),
    (
        "ssm",
        "send_command",
        {"DocumentName": "fleetdx-scan", "InstanceIds": [NODE]},
        "ssm:SendCommand",
        [f"arn:aws:ssm:{REGION}:{MEMBER}:document/fleetdx-scan", f"arn:aws:ec2:*:{MEMBER}:instance/*"],
    ),
    ("securityhub", "get_findings", {}, "securityhub:GetFindings", f"arn:aws:securityhub:*:{MEMBER}:hub/default"),
    ("stepfunctions", "start_execution", MACHINE, "states:StartExecution", MACHINE["stateMachineArn"]),
    ("stepfunctions", "list_executions", MACHINE, "states:ListExecutions", MACHINE["stateMachineArn"]),
    ("stepfunctions", "describe_execution", EXECUTION, "states:DescribeExecution", f"{STATES}execution:scan:*"),
    ("stepfunctions", "stop_execution", EXECUTION, "states:StopExecution", f"{STATES}execution:scan:*"),
    ("stepfunctions", "get_execution_history", EXECUTION, "states:GetExecutionHistory", f"{STATES}execution:scan:*"),
    ("organizations", "list_accounts", {}, "organizations:ListAccounts", "*"),
    (
        "organizations",
        "describe_account",
        {"AccountId": MEMBER},
        "organizations:DescribeAccount",
        f"{UNITS}account/o-*/{MEMBER}",
    ),
    (
        "organizations",
        "list_accounts_for_parent",
        {"ParentId": "ou-abcd-12345678"},
        "organizations:ListAccountsForParent",
        f"{UNITS}ou/o-*/*",
    ),
    (
        "organizations",
        "list_organizational_units_for_parent",
        {"ParentId": "r-abcd"},
        "organizations:ListOrganizationalUnitsForParent",
        f"{UNITS}root/o-*/r-abcd",
    ),
    ("lambda", "invoke", {"FunctionName": "none"}, "lambda:InvokeFunction", f"arn:aws:lambda:*:{MEMBER}:function:none"),
]
CODES = {"s3": "AccessDenied", "iam": "AccessDenied", "ec2": "UnauthorizedOperation"}
"""What a service calls a refusal, where it is not AccessDeniedException."""


class Reader:
    """A role whose policy a test writes anew for each call."""

    def __init__(self, cloud: SmallCloud) -> None:
        self.cloud = cloud

    def outcome(self, service: str, operation: str, request: dict[str, Any], *statements: dict[str, Any]) -> str:
        """How a call ends: the error's code, or `answered`."""
        document = json.dumps({"Version": "2012-10-17", "Statement": list(statements)})
        self.cloud.client("iam", MEMBER).put_role_policy(RoleName="reader", PolicyName="read", PolicyDocument=document)
        client = self.cloud.client_of_role(f"{IAM}role/reader", service, REGION)
        try:
            getattr(client, operation)(**request)
        except ClientError as error:
            return str(error.response["Error"]["Code"])
        finally:
            client.close()
        return "answered"


def allow(action: str | list[str], resource: Any, **condition: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **condition}


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    with small_cloud(tmp_path_factory.mktemp("cloud")) as started:
        iam = started.client("iam", MEMBER)
        for name, path in (("reader", "/"), ("with-path", "/a/path/"), ("other", "/")):
            iam.create_role(RoleName=name, Path=path, AssumeRolePolicyDocument=json.dumps(TRUST))
        iam.create_instance_profile(InstanceProfileName="given", Path="/below/")
        iam.add_role_to_instance_profile(InstanceProfileName="given", RoleName="with-path")
        yield Reader(started)


@pytest.mark.parametrize(("service", "operation", "request_", "action", "resource"), CALLS)
def test_a_call_needs_its_own_right(
    reader: Reader, service: str, operation: str, request_: dict[str, Any], action: str, resource: Any
) -> None:
    """A role without the action is refused in the service's word; with it, on its resource alone, it is reached."""
    code, call = CODES.get(service, DENIED), (service, operation, request_)
    others = allow(["s3:*", "sqs:*"] if service != "s3" else "sqs:*", "*")
    assert reader.outcome(*call, others) == code
    # Not every service is there in this small cloud: what counts is who says no.
    assert reader.outcome(*call, allow(action, resource)) != code
    assert reader.outcome(*call, allow(action, "arn:aws:none:::nothing")) == code
    denied = {"Effect": "Deny", "Action": action, "Resource": "*"}
    assert reader.outcome(*call, allow(action, resource), denied) == code


@pytest.mark.parametrize("missing", ["document", "instance"])
def test_a_command_needs_its_document_and_its_instances(reader: Reader, missing: str) -> None:
    """SendCommand is judged on the document and on every instance."""
    given = {
        "document": f"arn:aws:ssm:{REGION}:{MEMBER}:document/fleetdx-scan",
        "instance": f"arn:aws:ec2:{REGION}:{MEMBER}:instance/*",
    }
    kept = [arn for kind, arn in given.items() if kind != missing]
    request = {"DocumentName": "fleetdx-scan", "InstanceIds": [NODE]}
    assert reader.outcome("ssm", "send_command", request, allow("ssm:SendCommand", kept)) == DENIED


def test_attaching_asks_which_policy(reader: Reader) -> None:
    """iam:PolicyARN is the policy that the call names; another one than the condition's is refused."""
    condition = {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"}}
    right = allow("iam:AttachRolePolicy", f"{IAM}role/*", Condition=condition)

    def attach(name: str) -> str:
        request = {"RoleName": "other", "PolicyArn": f"arn:aws:iam::aws:policy/{name}"}
        return reader.outcome("iam", "attach_role_policy", request, right)

    assert attach("AdministratorAccess") == "AccessDenied"
    assert attach("AmazonSSMManagedInstanceCore") == "answered"


def test_giving_a_profile_passes_its_role(reader: Reader) -> None:
    """Without iam:PassRole on the profile's role, and to EC2, no instance is given the profile."""
    request = {"IamInstanceProfile": {"Name": "given"}, "InstanceId": NODE}
    give = allow("ec2:AssociateIamInstanceProfile", f"arn:aws:ec2:*:{MEMBER}:instance/*")

    def outcome(*statements: dict[str, Any]) -> str:
        return reader.outcome("ec2", "associate_iam_instance_profile", request, give, *statements)

    role = f"{IAM}role/a/path/with-path"
    to_ec2 = {"Condition": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}}}
    to_others = {"Condition": {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}}
    refused = "UnauthorizedOperation"
    assert outcome() == refused
    assert outcome(allow("iam:PassRole", f"{IAM}role/other", **to_ec2)) == refused
    assert outcome(allow("iam:PassRole", role, **to_others)) == refused
    assert outcome(allow("iam:PassRole", role, **to_ec2)) != refused


def test_an_absent_object_is_told_to_who_may_list(reader: Reader) -> None:
    """Without s3:ListBucket S3 does not say that a key is not there."""
    reader.cloud.client("s3", MEMBER).create_bucket(Bucket="absences")
    request = {"Bucket": "absences", "Key": "none"}
    read, see = allow("s3:GetObject", "arn:aws:s3:::absences/*"), allow("s3:ListBucket", "arn:aws:s3:::absences")
    assert reader.outcome("s3", "get_object", request, read) == "AccessDenied"
    assert reader.outcome("s3", "get_object", request, read, see) == "NoSuchKey"
    assert reader.outcome("s3", "head_object", request, read) == "403"
    assert reader.outcome("s3", "head_object", request, read, see) == "404"


def test_replacing_an_object_reads_it(reader: Reader) -> None:
    """If-Match needs s3:GetObject beside s3:PutObject; If-None-Match does not."""
    reader.cloud.client("s3", MEMBER).create_bucket(Bucket="conditions")
    request = {"Bucket": "conditions", "Key": "one", "Body": b"x"}
    write, read = (allow(f"s3:{verb}Object", "arn:aws:s3:::conditions/*") for verb in ("Put", "Get"))
    assert reader.outcome("s3", "put_object", {**request, "IfNoneMatch": "*"}, write) == "answered"
    assert reader.outcome("s3", "put_object", {**request, "IfMatch": "e"}, write) == "AccessDenied"
    assert reader.outcome("s3", "put_object", {**request, "IfMatch": "e"}, write, read) == "PreconditionFailed"


def test_what_nobody_knows_no_role_may_call(reader: Reader) -> None:
    """A call whose permissions are not known is refused to a role that may do everything, and open to an operator."""
    everything = allow("*", "*")
    assert reader.outcome("ssm", "describe_parameters", {}, everything) == DENIED
    assert reader.cloud.client("ssm", MEMBER).describe_parameters()["Parameters"] == []
    assert reader.outcome("s3", "get_bucket_cors", {"Bucket": "data"}, everything) == "AccessDenied"
    assert reader.outcome("sts", "get_caller_identity", {}, allow("s3:GetObject", "*")) == "answered"


def test_what_allowed_something_is_remembered(reader: Reader) -> None:
    """The judge knows of each role the action and the resource, as its policy writes them, that let a call pass."""
    reader.outcome(
        "organizations", "describe_organization", {}, allow("organizations:Describe*", ["arn:aws:s3:::x", "*"])
    )
    used = reader.cloud.judge.used()[f"{IAM}role/reader"]
    assert Grant("organizations:Describe*", "*") in used
    assert Grant("organizations:Describe*", "arn:aws:s3:::x") not in used
