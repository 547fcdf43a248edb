"""Systems Manager in memory: managed nodes, commands and their invocations."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from tests.fakes.aws_errors import client_error
from tests.fakes.pages import Pages, split

if TYPE_CHECKING:
    from collections.abc import Iterator


class FakeSsm:
    """An SSM client that remembers what it was sent.

    Attributes:
        nodes: What DescribeInstanceInformation lists.
        sent: The arguments of every SendCommand that SSM took, oldest first.
        invocations: Command id to what ListCommandInvocations lists.
        statuses: Command id to its status, InProgress where none is told.
        refusals: Errors that the next SendCommand calls raise before anything happens.
        parameters: Parameter Store, by name.
        lost_answers: Errors that the next SendCommand calls raise after the command was taken.
        outputs: What a step of a command printed on an instance, by command, instance and step.
        output_refusals: Errors that the next GetCommandInvocation calls raise.
        asked: Command, instance and step of every GetCommandInvocation, oldest first.
    """

    def __init__(self, nodes: list[dict[str, Any]] | None = None) -> None:
        self.nodes = nodes or []
        self.sent: list[dict[str, Any]] = []
        self.times: list[dt.datetime] = []
        self.invocations: dict[str, list[dict[str, Any]]] = {}
        self.statuses: dict[str, str] = {}
        self.refusals: list[Exception] = []
        self.lost_answers: list[Exception] = []
        self.parameters: dict[str, str] = {}
        self.outputs: dict[tuple[str, str, str], str] = {}
        self.output_refusals: list[Exception] = []
        self.asked: list[tuple[str, str, str]] = []

    def send_command(self, **arguments: Any) -> dict[str, Any]:
        """Take a command, or fail as asked."""
        if self.refusals:
            raise self.refusals.pop(0)
        self.sent.append(arguments)
        self.times.append(dt.datetime.now(dt.UTC))
        if self.lost_answers:
            raise self.lost_answers.pop(0)
        return {"Command": {"CommandId": f"command-{len(self.sent)}"}}

    def cancel_command(self, *, CommandId: str) -> dict[str, Any]:  # noqa: N803
        """Cancel a command."""
        self.statuses[CommandId] = "Cancelling"
        return {}

    def describe_instance_information(self, *, Filters: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        """The nodes that a filter by id names."""
        (wanted,) = (one["Values"] for one in Filters if one["Key"] == "InstanceIds")
        return {"InstanceInformationList": [one for one in self.nodes if one["InstanceId"] in wanted]}

    def get_command_invocation(self, *, CommandId: str, InstanceId: str, PluginName: str) -> dict[str, Any]:  # noqa: N803
        """What one step printed, up to SSM's limit, or its refusal."""
        key = (CommandId, InstanceId, PluginName)
        self.asked.append(key)
        if self.output_refusals:
            raise self.output_refusals.pop(0)
        if key not in self.outputs:
            raise client_error("InvocationDoesNotExist", "GetCommandInvocation")
        return {"StandardOutputContent": self.outputs[key][:24_000]}

    def get_parameter(self, *, Name: str, WithDecryption: bool = False) -> dict[str, Any]:  # noqa: N803, ARG002 - as boto3
        """A parameter, or SSM's refusal."""
        if Name not in self.parameters:
            raise client_error("ParameterNotFound", "GetParameter")
        return {"Parameter": {"Name": Name, "Value": self.parameters[Name]}}

    def get_paginator(self, operation: str) -> Pages:
        """The paginator of one of the three lists."""
        return Pages(
            {
                "describe_instance_information": self._nodes,
                "list_commands": self._commands,
                "list_command_invocations": self._invocations,
            }[operation]
        )

    def _nodes(self, *, PaginationConfig: Any) -> Iterator[dict[str, Any]]:  # noqa: N803
        assert PaginationConfig["PageSize"] <= 50
        for page in split(self.nodes, PaginationConfig["PageSize"]):
            yield {"InstanceInformationList": page}

    def _commands(self, *, Filters: list[dict[str, str]], PaginationConfig: Any) -> Iterator[dict[str, Any]]:  # noqa: N803
        assert PaginationConfig["PageSize"] <= 50
        (after,) = (one["value"] for one in Filters if one["key"] == "InvokedAfter")
        moment = dt.datetime.fromisoformat(after)
        listed = [
            {
                "CommandId": f"command-{number}",
                "Comment": arguments["Comment"],
                "Status": self.statuses.get(f"command-{number}", "InProgress"),
            }
            for number, (arguments, time) in enumerate(zip(self.sent, self.times, strict=True), start=1)
            if time > moment
        ]
        for page in split(listed, 2):
            yield {"Commands": page}

    def _invocations(self, *, CommandId: str, Details: bool, PaginationConfig: Any) -> Iterator[dict[str, Any]]:  # noqa: N803
        assert PaginationConfig["PageSize"] <= 50
        for page in split(self.invocations.get(CommandId, []), 2):
            plain = [{name: value for name, value in one.items() if name != "CommandPlugins"} for one in page]
            yield {"CommandInvocations": page if Details else plain}
