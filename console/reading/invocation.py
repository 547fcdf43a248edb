"""What SSM says of one instance's command, step by step: read in the member account, as the role for people to look."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from console.reading.moments import told
from fleetdx.accounts import RoleToAssume, assume
from fleetdx.errors import MemberRoleDenied

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from types_boto3_ssm.client import SSMClient

    from fleetdx.cli.deployments import Deployment

SESSION_NAME: Final = "fleetdx-console"
DUTY: Final = "inspect"
ERRORS: Final = "----------ERROR-------"
"""Between both streams in a plugin's Output (aws/amazon-ssm-agent, agent/framework/processor/executer/iohandler)."""


def inspector(deployment: Deployment, account: str, region: str) -> SSMClient:
    """A client that may see what commands printed in an account and region.

    Raises:
        MemberRoleDenied: The role for it is absent, or does not trust the caller.
    """
    partition = deployment.scan_fleet.split(":")[1]
    arn = f"arn:{partition}:iam::{account}:role/{deployment.member_roles}{DUTY}"
    sts = deployment.session.client("sts")
    return assume(RoleToAssume(arn, SESSION_NAME), region, sts, deployment.session_of).client("ssm")


def commands_of(events: Iterable[Mapping[str, Any]]) -> list[str]:
    """The ids of the commands that a batch's execution has sent, the last one first."""
    found: list[str] = []
    for event in events:
        details = event.get("stateExitedEventDetails", {})
        if details.get("name") != "SendCommand":
            continue
        try:
            command = json.loads(details["output"])["command"]["id"]
        except (ValueError, KeyError, TypeError):
            continue
        if command and command not in found:
            found.append(str(command))
    return found[::-1]


def read(deployment: Deployment, account: str, region: str, instance: str, commands: list[str]) -> tuple[Any, str]:
    """The instance's last invocation of a batch's commands; else None, and a sentence that says why."""
    if not commands:
        return None, "no_command"
    try:
        ssm = inspector(deployment, account, region)
        for command in commands:
            answer = ssm.list_command_invocations(CommandId=command, InstanceId=instance, Details=True)
            if answer["CommandInvocations"]:
                return told_of(dict(answer["CommandInvocations"][0])), ""
    except MemberRoleDenied:
        return None, "not_allowed"
    except (ClientError, BotoCoreError):
        return None, "not_readable"
    return None, "not_listed"


def told_of(invocation: Mapping[str, Any]) -> dict[str, Any]:
    """An invocation as the page shows it."""
    return {
        "command_id": invocation["CommandId"],
        "status": invocation.get("StatusDetails") or invocation["Status"],
        "requested_at": told(invocation.get("RequestedDateTime")),
        "steps": [_step(plugin) for plugin in invocation.get("CommandPlugins", [])],
    }


def _step(plugin: Mapping[str, Any]) -> dict[str, Any]:
    output, _, errors = str(plugin.get("Output") or "").partition(ERRORS)
    return {
        "name": plugin["Name"],
        "status": plugin.get("StatusDetails") or plugin["Status"],
        "exit_code": plugin.get("ResponseCode"),
        "stdout": output.rstrip("\n"),
        "stderr": errors.strip("\n"),
        "started_at": told(plugin.get("ResponseStartDateTime")),
        "stopped_at": told(plugin.get("ResponseFinishDateTime")),
    }
