"""What an SSM invocation says about one host: verified, or failed with a reason, and what another attempt may help.

Never the command's own status: AWS calls a command Success although some of its instances were undeliverable.
Pure functions over ListCommandInvocations with details.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from fleetdx.evidence import printable
from fleetdx.reasons import is_told_by

if TYPE_CHECKING:
    from collections.abc import Mapping

TERMINAL = frozenset({"Success", "Cancelled", "TimedOut", "Failed"})
RetryClass = Literal["unreached", "busy", "network", "throttled"]
"""Why another attempt may help: the command did not reach the host, another scan held it, its way to S3 is closed, or
AWS refused our own call for its rate. What failed while it ran has no class: it would fail again."""
RETRY_CLASSES: dict[str, RetryClass] = {
    "undeliverable": "unreached",
    "delivery_timed_out": "unreached",
    "not_invoked": "unreached",
    "host_busy": "busy",
    "bundle_not_fetched": "network",
    "result_not_sent": "network",
    "no_download_tool": "network",
    "throttled": "throttled",
}
REASON_LINE = re.compile(r"^fleetdx: ([a-z_]{1,40}): (.{1,300})$", re.MULTILINE)
BEFORE_RUN = frozenset({"Fetch", "Verify"})
STATUS_REASONS = {
    "DeliveryTimedOut": ("delivery_timed_out", "Its agent did not take the command in time."),
    "Undeliverable": ("undeliverable", "SSM could not deliver the command to it."),
    "ExecutionTimedOut": (
        "execution_timed_out",
        "A step ran out of time, or was killed on the host: the agent tells both alike.",
    ),
    "Terminated": ("command_terminated", "The command had failed on too many other hosts and was stopped."),
    "Cancelled": ("command_cancelled", "The command was cancelled."),
    "InvalidPlatform": ("invalid_platform", "The document has no step for its platform."),
    "AccessDenied": ("ssm_access_denied", "SSM denied the command on it."),
}
STEP_REASONS = {
    "Fetch": "bundle_not_fetched",
    "Verify": "bundle_hash_mismatch",
    "Run": "scanner_failed",
    "Send": "result_not_sent",
}


class Failure(NamedTuple):
    """Why a host has no result: a reason code, a sentence, and why another attempt may help, if it may."""

    reason: str
    detail: str
    retry: RetryClass | None = None


def status_of(invocation: Mapping[str, Any]) -> str:
    """StatusDetails without the spaces that AWS prints in some of them."""
    return str(invocation.get("StatusDetails") or invocation.get("Status", "")).replace(" ", "")


def is_terminal(invocation: Mapping[str, Any]) -> bool:
    """Whether the invocation has ended."""
    return invocation.get("Status") in TERMINAL


def run_output(invocation: Mapping[str, Any]) -> str | None:
    """The output of the step Run where it carries a digest, else None.

    That is where the step succeeded, and where it failed only because the result is too large to send: then the
    verdicts hold, and only their evidence is missing. A Run that succeeded although a step before it failed is not the
    document's.
    """
    plugins = invocation.get("CommandPlugins", [])
    if any(plugin.get("Name") in BEFORE_RUN and plugin.get("Status") != "Success" for plugin in plugins):
        return None
    for plugin in plugins:
        if plugin.get("Name") == "Run":
            output = str(plugin.get("Output", ""))
            told = REASON_LINE.search(output)
            # A scan that was ended for what it wrote says so in its first line, where a digest would stand.
            is_too_large = told is not None and told.group(1) == "result_too_large" and told.start() > 0
            if plugin.get("Status") == "Success" or is_too_large:
                return output
    return None


def ran_without_verifier(invocation: Mapping[str, Any]) -> bool:
    """Whether the host says that it could not check the bundle's signature, and ran it as it was told to."""
    for plugin in invocation.get("CommandPlugins", []):
        if plugin.get("Name") == "Verify":
            told = REASON_LINE.search(str(plugin.get("Output", "")))
            return told is not None and told.group(1) == "ran_without_verifier"
    return False


def failure_of(invocation: Mapping[str, Any] | None) -> Failure | None:
    """Why the invocation gave no complete result; None where it succeeded.

    Args:
        invocation: One entry of ListCommandInvocations with Details, or None where SSM lists none for the instance.
    """
    if invocation is None:
        return Failure("not_invoked", "SSM lists no invocation of the command for it.", "unreached")
    status = status_of(invocation)
    if status == "Success":
        return None
    if status in STATUS_REASONS:
        reason, detail = STATUS_REASONS[status]
        return Failure(reason, detail, RETRY_CLASSES.get(reason))
    if not is_terminal(invocation):
        return Failure("no_answer", f"The command was still {status} when its time was over.")
    return _failed_step(invocation)


def _failed_step(invocation: Mapping[str, Any]) -> Failure:
    for plugin in invocation.get("CommandPlugins", []):
        if plugin.get("Status") in {"Success", "Pending", "InProgress"}:
            continue
        step = str(plugin.get("Name"))
        told = REASON_LINE.search(str(plugin.get("Output", "")))
        if told:
            return _told_by_step(step, told.group(1), printable(told.group(2)))
        reason = "execution_timed_out" if plugin.get("Status") == "TimedOut" else STEP_REASONS.get(step, "unexpected")
        detail = f"Step {step} ended as {plugin.get('Status')} with exit code {plugin.get('ResponseCode')}."
        return Failure(reason, detail)
    return Failure("unexpected", f"The invocation is {status_of(invocation)}, but no step says why.")


def _told_by_step(step: str, reason: str, sentence: str) -> Failure:
    """A host's own word counts where that step can tell it: no host speaks for AWS, for a function or the operator."""
    if not is_told_by(reason, f"host/{step}"):
        return Failure("unexpected", f"Step {step} told {reason}: {sentence}")
    return Failure(reason, f"Step {step}: {sentence}", RETRY_CLASSES.get(reason))
