"""A CloudFormation that takes its time: each look at a stack or an operation finds the next of the statuses given."""

from __future__ import annotations

from typing import Any

from tests.fakes.aws_errors import client_error

STACK = "arn:aws:cloudformation:us-east-1:111122223333:stack/fleetdx-central/1"


class FakeCloudFormation:
    """One stack and one StackSet.

    Attributes:
        statuses: What each look at the stack finds; None is no stack. The last one stays.
        change_sets: What each look at a change set finds: a status, or a status with its reason.
        operations: What each look at an operation finds.
        events: The stack's events, the newest first.
        calls: What was called that changes something.
    """

    def __init__(self, *statuses: str | None) -> None:
        self.statuses = list(statuses)
        self.change_sets: list[tuple[str, str]] = [("CREATE_COMPLETE", "")]
        self.operations: list[str] = ["SUCCEEDED"]
        self.earlier_operations: list[str] = []
        self.events: list[dict[str, Any]] = []
        self.calls: list[str] = []
        self.change_set_type = ""

    def describe_stacks(self, *, StackName: str) -> dict[str, Any]:  # noqa: N803 - boto3's
        status = self.statuses.pop(0) if len(self.statuses) > 1 else self.statuses[0]
        if status is None:
            raise client_error("ValidationError", "DescribeStacks", message=f"Stack with id {StackName} does not exist")
        return {"Stacks": [{"StackId": STACK, "StackStatus": status}]}

    def create_change_set(self, *, ChangeSetType: str, **_: Any) -> dict[str, Any]:  # noqa: N803 - boto3's
        self.calls.append("create_change_set")
        self.change_set_type = ChangeSetType
        return {"Id": "change", "StackId": STACK}

    def describe_change_set(self, **_: Any) -> dict[str, Any]:
        status, reason = self.change_sets.pop(0) if len(self.change_sets) > 1 else self.change_sets[0]
        change = {"ResourceChange": {"Action": "Modify", "LogicalResourceId": "Role"}}
        return {"Status": status, "StatusReason": reason, "Changes": [change]}

    def execute_change_set(self, **_: Any) -> None:
        self.calls.append("execute_change_set")

    def delete_change_set(self, **_: Any) -> None:
        self.calls.append("delete_change_set")

    def delete_stack(self, **_: Any) -> None:
        self.calls.append("delete_stack")

    def describe_stack_set(self, **_: Any) -> dict[str, Any]:
        targets = {"OrganizationalUnitIds": ["r-ab12"], "Regions": ["us-east-1"]}
        return {"StackSet": {"TemplateBody": "old", "Parameters": [], **targets}}

    def update_stack_set(self, **_: Any) -> dict[str, Any]:
        self.calls.append("update_stack_set")
        return {"OperationId": "operation"}

    def describe_stack_set_operation(self, **_: Any) -> dict[str, Any]:
        status = self.operations.pop(0) if len(self.operations) > 1 else self.operations[0]
        return {"StackSetOperation": {"Status": status}}

    def get_paginator(self, operation: str) -> FakeCloudFormation:
        self.listed = operation
        return self

    def paginate(self, **_: Any) -> list[dict[str, Any]]:
        pages: dict[str, dict[str, Any]] = {
            "describe_stack_events": {"StackEvents": self.events},
            "list_stack_instances": {"Summaries": []},
            "list_stack_set_operations": {
                "Summaries": [{"OperationId": "earlier", "Status": status} for status in self.earlier_operations]
            },
            "list_stack_set_operation_results": {"Summaries": [{"Account": "1", "Region": "a", "Status": "SUCCEEDED"}]},
        }
        return [pages[self.listed]]
