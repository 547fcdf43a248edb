"""CloudFormation takes its time: what goes on is waited for and told, and what an earlier command left is cleared."""

from __future__ import annotations

import pytest

from fleetdx.deployment import stack_sets, stacks
from fleetdx.deployment.failures import StackFailed
from fleetdx.deployment.stack_sets import StackSets, WantedStackSet
from fleetdx.deployment.stacks import WantedStack, delete_stack, settle_stack
from tests.fakes.cloud_formation import STACK, FakeCloudFormation

WANTED = WantedStack("fleetdx-central", "template", {"A": "b"})


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits between two looks."""
    monkeypatch.setattr(stacks, "SECONDS_BETWEEN_LOOKS", 0.0)
    monkeypatch.setattr(stack_sets, "SECONDS_BETWEEN_LOOKS", 0.0)


def settled(client: FakeCloudFormation) -> tuple[str, list[str]]:
    """How it ended, and what was told."""
    told: list[str] = []
    return settle_stack(client, WANTED, "here", told.append), told


def test_a_new_stack_is_waited_for() -> None:
    """Each status is told once, until the stack is there."""
    client = FakeCloudFormation(None, "CREATE_IN_PROGRESS", "CREATE_IN_PROGRESS", "CREATE_COMPLETE")
    client.change_sets = [("CREATE_IN_PROGRESS", ""), ("CREATE_COMPLETE", "")]
    outcome, told = settled(client)
    assert (outcome, client.change_set_type) == ("created", "CREATE")
    assert told[0].endswith("1 resource changes: modify Role")
    assert told[1:] == ["fleetdx-central in here: CREATE_IN_PROGRESS"]


@pytest.mark.parametrize(
    ("found", "kind", "outcome"),
    [
        (["CREATE_IN_PROGRESS", "CREATE_COMPLETE", "UPDATE_COMPLETE"], "UPDATE", "updated"),
        (["UPDATE_ROLLBACK_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE", "UPDATE_COMPLETE"], "UPDATE", "updated"),
        (["REVIEW_IN_PROGRESS", "CREATE_COMPLETE"], "CREATE", "created"),
    ],
)
def test_what_a_stopped_command_has_begun_is_waited_for_first(found: list[str], kind: str, outcome: str) -> None:
    """After Ctrl-C the same command goes on: it lets CloudFormation end, then changes what is left to change."""
    client = FakeCloudFormation(*found)
    assert settled(client)[0] == outcome
    assert client.change_set_type == kind


def test_a_stack_that_was_rolled_back_whole_is_deleted_first() -> None:
    """CloudFormation lets nobody do anything else with it."""
    client = FakeCloudFormation(
        "ROLLBACK_COMPLETE", "ROLLBACK_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_COMPLETE", "CREATE_COMPLETE"
    )
    assert settled(client)[0] == "created"
    assert client.calls == ["delete_stack", "create_change_set", "execute_change_set"]


def test_nothing_to_change_touches_nothing() -> None:
    """A change set without changes is deleted again."""
    client = FakeCloudFormation("CREATE_COMPLETE")
    client.change_sets = [("FAILED", "The submitted information didn't contain changes.")]
    assert settled(client)[0] == "unchanged"
    assert client.calls == ["create_change_set", "delete_change_set"]


def test_a_change_set_that_is_refused_names_the_reason() -> None:
    """A template that CloudFormation does not accept ends the deployment before anything changes."""
    client = FakeCloudFormation("CREATE_COMPLETE")
    client.change_sets = [("FAILED", "Parameters: [X] do not exist in the template")]
    with pytest.raises(StackFailed, match="do not exist in the template"):
        settled(client)
    assert "execute_change_set" not in client.calls


def test_a_stack_that_does_not_come_up_is_named_with_its_resource() -> None:
    """What the stack's events say of the first failure is in the sentence."""
    client = FakeCloudFormation("CREATE_COMPLETE", "UPDATE_IN_PROGRESS", "UPDATE_ROLLBACK_COMPLETE")
    role = {"LogicalResourceId": "Role", "ResourceType": "AWS::IAM::Role", "PhysicalResourceId": "role"}
    client.events = [{**role, "ResourceStatus": "UPDATE_FAILED", "ResourceStatusReason": "AccessDenied"}]
    with pytest.raises(
        StackFailed, match=r"here is UPDATE_ROLLBACK_COMPLETE: Role \(AWS::IAM::Role\): AccessDenied\. Give"
    ):
        settled(client)


def test_a_deletion_is_waited_for_and_its_failure_named() -> None:
    """What cannot be deleted is told; what is not there is no failure."""
    assert delete_stack(FakeCloudFormation(None), "fleetdx-central", "here", [].append) is False
    gone = FakeCloudFormation("CREATE_COMPLETE", "DELETE_IN_PROGRESS", "DELETE_COMPLETE")
    assert delete_stack(gone, "fleetdx-central", "here", [].append) is True
    stays = FakeCloudFormation("CREATE_COMPLETE", "DELETE_FAILED")
    own = {"LogicalResourceId": "Bucket", "ResourceType": "AWS::S3::Bucket", "PhysicalResourceId": STACK + "b"}
    stays.events = [{**own, "ResourceStatus": "DELETE_FAILED", "ResourceStatusReason": "The bucket is not empty"}]
    with pytest.raises(StackFailed, match="Bucket .*not empty"):
        delete_stack(stays, "fleetdx-central", "here", [].append)


def test_a_stack_set_waits_for_an_earlier_operation_and_for_its_own() -> None:
    """It has one operation at a time; what is done of it is told."""
    client = FakeCloudFormation(None)
    told: list[str] = []
    client.earlier_operations = ["RUNNING", "SUCCEEDED"]
    client.operations = ["RUNNING", "SUCCEEDED", "RUNNING", "RUNNING", "SUCCEEDED"]
    wanted = WantedStackSet("fleetdx-member", "new", {}, ("r-ab12",), ("us-east-1",))
    assert StackSets(client, "SELF", told.append).settle(wanted) == "updated"
    assert client.calls == ["update_stack_set"]
    assert told == [
        "StackSet fleetdx-member: an earlier operation goes on",
        "StackSet fleetdx-member: its stacks are updated",
        "StackSet fleetdx-member: 1 of 1 stacks are done",
    ]
