"""One stack: brought to template and parameters by a change set, or deleted; waited for, and named if it fails."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from botocore.exceptions import ClientError

from fleetdx.deployment.failures import StackFailed, StackFailure, first_failure

if TYPE_CHECKING:
    from collections.abc import Mapping

SECONDS_BETWEEN_LOOKS: Final = 5.0
ABSENT_CODE: Final = "ValidationError"
CHANGED: Final = frozenset({"CREATE_COMPLETE", "UPDATE_COMPLETE", "IMPORT_COMPLETE"})
USELESS: Final = frozenset({"ROLLBACK_COMPLETE", "ROLLBACK_FAILED", "CREATE_FAILED", "DELETE_FAILED"})
"""Nothing can be done with such a stack but to delete it ("Stack status codes" in CloudFormation's guide)."""
NOTHING_TO_DO: Final = ("didn't contain changes", "No updates are to be performed")
MOST_CHANGES_TOLD: Final = 8

Outcome = Literal["created", "updated", "unchanged", "removed"]
Tell = Callable[[str], None]
"""Takes a sentence about what is going on."""


class WantedStack(NamedTuple):
    """A stack as it shall be; `template` is its text, or the URL in S3 of one that is too long for a call."""

    name: str
    template: str
    parameters: Mapping[str, str]

    def as_arguments(self) -> dict[str, Any]:
        """As CreateChangeSet takes template and parameters."""
        place = "TemplateURL" if self.template.startswith(("https://", "http://")) else "TemplateBody"
        given = [{"ParameterKey": key, "ParameterValue": value} for key, value in sorted(self.parameters.items())]
        return {place: self.template, "Parameters": given}


def stack_named(client: Any, name: str) -> dict[str, Any] | None:  # noqa: ANN401 - a client of CloudFormation
    """A stack as DescribeStacks has it; None where there is none."""
    try:
        found: dict[str, Any] = client.describe_stacks(StackName=name)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] == ABSENT_CODE and "exist" in error.response["Error"]["Message"]:
            return None
        raise
    return found


def outputs_of(stack: Mapping[str, Any]) -> dict[str, str]:
    """The outputs of a stack by name."""
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", [])}


def settle_stack(client: Any, wanted: WantedStack, place: str, tell: Tell) -> Outcome:  # noqa: ANN401 - as above
    """Create or update a stack, or find that nothing is to be done.

    Whatever an earlier command has left half done is waited for, or cleared away, first.

    Raises:
        StackFailed: It did not become what was asked for.
    """
    found = _at_rest(client, wanted.name, place, tell)
    if found is not None and found["StackStatus"] in USELESS:
        tell(f"{wanted.name} in {place}: an earlier try has failed; it is deleted first")
        delete_stack(client, wanted.name, place, tell)
        found = None
    is_new = found is None or found["StackStatus"] == "REVIEW_IN_PROGRESS"
    change_set = client.create_change_set(
        StackName=wanted.name,
        ChangeSetName=f"fleetdx-{uuid.uuid4()}",
        ChangeSetType="CREATE" if is_new else "UPDATE",
        Capabilities=["CAPABILITY_NAMED_IAM"],
        # Buckets and logs of an earlier deployment stay when it is removed, and are taken over.
        ImportExistingResources=True,
        **wanted.as_arguments(),
    )
    changes = _changes_of(client, change_set["Id"])
    if isinstance(changes, str):
        client.delete_change_set(ChangeSetName=change_set["Id"])
        if is_new or not any(words in changes for words in NOTHING_TO_DO):
            failure = StackFailure("the change set", "AWS::CloudFormation::Stack", changes)
            raise StackFailed(wanted.name, place, "refused", failure)
        return "unchanged"
    tell(f"{wanted.name} in {place}: {told_changes(changes)}")
    client.execute_change_set(ChangeSetName=change_set["Id"])
    ended = _at_rest(client, change_set["StackId"], place, tell)
    _check(client, wanted.name, place, ended)
    return "created" if is_new else "updated"


def delete_stack(client: Any, name: str, place: str, tell: Tell) -> bool:  # noqa: ANN401 - as above
    """Delete a stack; tells whether there was one.

    Raises:
        StackFailed: Something of it cannot be deleted.
    """
    found = _at_rest(client, name, place, tell)
    if found is None:
        return False
    tell(f"{name} in {place}: is deleted")
    client.delete_stack(StackName=found["StackId"])
    ended = _at_rest(client, found["StackId"], place, tell)
    if ended is not None and ended["StackStatus"] != "DELETE_COMPLETE":
        _check(client, name, place, ended)
    return True


def told_changes(changes: list[Mapping[str, Any]]) -> str:
    """What a change set will do, in a sentence: how many resources, and the first of them by name."""
    named = [f"{change['Action'].lower()} {change['LogicalResourceId']}" for change in changes]
    if not named:
        return "only outputs change"
    rest = f" and {len(named) - MOST_CHANGES_TOLD} more" if len(named) > MOST_CHANGES_TOLD else ""
    resources = "resource changes" if len(named) == 1 else "resources change"
    return f"{len(named)} {resources}: {', '.join(named[:MOST_CHANGES_TOLD])}{rest}"


def _changes_of(client: Any, change_set: str) -> list[Mapping[str, Any]] | str:  # noqa: ANN401 - as above
    """The resource changes of a change set once it is made; CloudFormation's reason where it is refused."""
    changes: list[Mapping[str, Any]] = []
    more: dict[str, str] = {}
    while True:
        told = client.describe_change_set(ChangeSetName=change_set, **more)
        if told["Status"] == "FAILED":
            return str(told.get("StatusReason", "no reason"))
        if told["Status"] != "CREATE_COMPLETE":
            time.sleep(SECONDS_BETWEEN_LOOKS)
            continue
        changes += [change["ResourceChange"] for change in told.get("Changes", [])]
        if not told.get("NextToken"):
            return changes
        more = {"NextToken": told["NextToken"]}


def _at_rest(client: Any, name: str, place: str, tell: Tell) -> dict[str, Any] | None:  # noqa: ANN401 - as above
    """A stack once nothing goes on with it any more; None where there is none."""
    told = ""
    while True:
        found = stack_named(client, name)
        status = found["StackStatus"] if found else ""
        if not status.endswith("_IN_PROGRESS") or status == "REVIEW_IN_PROGRESS":
            return found
        if status != told:
            tell(f"{name.rpartition('stack/')[2].partition('/')[0]} in {place}: {status}")
            told = status
        time.sleep(SECONDS_BETWEEN_LOOKS)


def _check(client: Any, name: str, place: str, ended: Mapping[str, Any] | None) -> None:  # noqa: ANN401 - as above
    if ended is not None and ended["StackStatus"] in CHANGED:
        return
    if ended is None:
        raise StackFailed(
            name, place, "gone", StackFailure("the stack", "AWS::CloudFormation::Stack", "it was deleted")
        )
    pages = client.get_paginator("describe_stack_events").paginate(StackName=ended["StackId"])
    events = [event for page in pages for event in page["StackEvents"]]
    raise StackFailed(name, place, ended["StackStatus"], first_failure(events, ended["StackId"]))
