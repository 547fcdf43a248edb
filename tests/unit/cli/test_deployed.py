"""A deployment from the outputs of a central stack."""

from __future__ import annotations

from typing import Any

import pytest

from fleetdx.cli.deployed import deployed, deployment_of, outputs_of
from fleetdx.cli.problems import UsageProblem
from fleetdx.cli.stacks import AwsOptions
from fleetdx.sessions import KeepingSession
from tests.fakes.aws_errors import client_error
from tools.sources import template

OUTPUTS = {name: f"the {name}" for name in template("central.yaml")["Outputs"]} | {"Regions": "us-east-1,eu-west-1"}


class FakeStacks:
    """CloudFormation with one stack, or with an error."""

    def __init__(self, status: str = "CREATE_COMPLETE", error: Exception | None = None) -> None:
        self._stack = {"StackStatus": status, "Outputs": [{"OutputKey": "DataBucket", "OutputValue": "data"}]}
        self._error = error
        self.asked: list[str] = []

    def describe_stacks(self, StackName: str) -> dict[str, Any]:  # noqa: N803 - boto3's name
        self.asked.append(StackName)
        if self._error:
            raise self._error
        return {"Stacks": [self._stack]}


class FakeSession:
    region_name = "us-east-1"

    def __init__(self, stacks: FakeStacks) -> None:
        self._stacks = stacks

    def client(self, _: str) -> FakeStacks:
        return self._stacks


def test_the_central_stack_tells_all_that_a_deployment_needs() -> None:
    """Every field comes from an output that templates/central.yaml has."""
    found = deployment_of(KeepingSession(region_name="us-east-1"), OUTPUTS)
    assert found.data_bucket == "the DataBucket"
    assert found.scan_batch == "the ScanBatchStateMachine"
    assert found.events.configuration == "the ConfigurationParameter"
    assert found.member_roles == "the MemberRoles"
    assert found.regions == ("us-east-1", "eu-west-1")
    assert found.home_region == "us-east-1"


def test_another_stack_is_told_apart() -> None:
    """A stack without one of the outputs is no central stack, and the output is named."""
    outputs = {name: value for name, value in OUTPUTS.items() if name != "StopScanStateMachine"}
    with pytest.raises(UsageProblem, match="StopScanStateMachine"):
        deployment_of(KeepingSession(region_name="us-east-1"), outputs)


def test_the_named_stack_is_asked() -> None:
    """The outputs are those of the stack that was named."""
    stacks = FakeStacks("UPDATE_COMPLETE")
    assert outputs_of(FakeSession(stacks), "mine") == {"DataBucket": "data"}
    assert stacks.asked == ["mine"]


@pytest.mark.parametrize(
    ("stacks", "sentence"),
    [
        (FakeStacks(error=client_error("ValidationError", "DescribeStacks")), "there is no stack mine in us-east-1"),
        (FakeStacks(error=client_error("AccessDenied", "DescribeStacks")), "AWS does not allow DescribeStacks"),
        (FakeStacks("ROLLBACK_COMPLETE"), "is ROLLBACK_COMPLETE"),
    ],
)
def test_a_stack_that_cannot_be_used_is_a_sentence(stacks: FakeStacks, sentence: str) -> None:
    """Absent, hidden, or not created: each is said in one sentence with AWS's own word."""
    with pytest.raises(UsageProblem, match=sentence):
        outputs_of(FakeSession(stacks), "mine")


def test_what_is_missing_on_this_machine_is_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """No such profile, no region, no credentials: the option that mends it is named, and nothing was called."""
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, "/dev/null")
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    with pytest.raises(UsageProblem, match="--aws-profile"):
        deployed(AwsOptions(profile="nobody"))
    with pytest.raises(UsageProblem, match="--aws-region"):
        deployed(AwsOptions())
    with pytest.raises(UsageProblem, match="no AWS credentials"):
        deployed(AwsOptions(region="us-east-1"))
