"""Every error a function raises. The class name is the ASL error name that a state's Retry or Catch matches.

A failure is raised; a business outcome (still running, not compliant) is returned.
"""

from __future__ import annotations

from typing import ClassVar


class FleetdxError(Exception):
    """The base of all our errors.

    Attributes:
        reason: The reason code that ledger lines carry when this error ends an account-region or an instance.
    """

    reason: ClassVar[str] = "unexpected"


class InvalidRequest(FleetdxError):
    """The scan request breaks its schema or names something that does not exist; nothing was started.

    Attributes:
        pointer: JSON pointer (RFC 6901) of the fault.
    """

    reason: ClassVar[str] = "invalid_request"

    def __init__(self, pointer: str, sentence: str) -> None:
        super().__init__(f"{pointer or '/'}: {sentence}")
        self.pointer = pointer
        self.sentence = sentence


class RunOpen(FleetdxError):
    """Another execution works on the same run, or on the whole organization; nothing was started."""

    reason: ClassVar[str] = "run_open"


class RunStopped(FleetdxError):
    """The operator has stopped the run; no further command is sent."""

    reason: ClassVar[str] = "stopped_by_operator"


class ServiceThrottled(FleetdxError):
    """AWS refused a call for its rate; the same call succeeds later."""

    reason: ClassVar[str] = "throttled"


class ServiceUnavailable(FleetdxError):
    """AWS did not answer, or answered with a fault of its own; the same call may succeed later."""

    reason: ClassVar[str] = "aws_unavailable"


class AccessDenied(FleetdxError):
    """A policy of ours or of the organization forbids a call; repeating it does not help."""

    reason: ClassVar[str] = "access_denied"


class MemberRoleDenied(FleetdxError):
    """The member account's role does not exist there or does not trust the calling function."""

    reason: ClassVar[str] = "role_not_assumable"


class DocumentMissing(FleetdxError):
    """The SSM document is absent from the account and region, or AWS refuses its parameters."""

    reason: ClassVar[str] = "document_missing"


class DocumentChanged(FleetdxError):
    """The SSM document of the account and region is not the one that was released; SSM refused to run it."""

    reason: ClassVar[str] = "document_changed"


class InstancesUnknown(FleetdxError):
    """SSM refuses a command because it no longer knows one of its instances, and knows none of the others either."""

    reason: ClassVar[str] = "instance_unknown_to_ssm"


class BundleMissing(FleetdxError):
    """No bundle of checks is published, or the published one lacks the requested profile."""

    reason: ClassVar[str] = "bundle_missing"


class BundleNotSigned(FleetdxError):
    """The stack wants signed bundles, and the one that hosts are to run has no signature; nothing was sent."""

    reason: ClassVar[str] = "bundle_not_signed"


class RecordMissing(FleetdxError):
    """An object that an earlier state must have written is absent or unreadable."""

    reason: ClassVar[str] = "record_missing"


class Misconfigured(FleetdxError):
    """The function's environment lacks a setting or contradicts the deployed document."""

    reason: ClassVar[str] = "misconfigured"


class EventUnreadable(FleetdxError):
    """An event is in none of the forms in which events arrive, or lacks what an event of its kind has."""

    reason: ClassVar[str] = "event_unreadable"


class DeniedByServiceControlPolicy(FleetdxError):
    """A service control policy of the organization denies a call explicitly; nothing in the account can allow it."""

    reason: ClassVar[str] = "denied_by_service_control_policy"


class OutsideWindow(FleetdxError):
    """The operator's windows no longer let an account-region start; SelectWave takes it up when they do again."""

    reason: ClassVar[str] = "outside_window"


class InstanceProfileNotReady(FleetdxError):
    """EC2 does not know an instance profile yet, or does not see its role: IAM's changes take a while to spread."""

    reason: ClassVar[str] = "instance_profile_not_ready"


TOLD_BY_AWS = {"States.Timeout": "timed_out", "Sandbox.Timedout": "timed_out"}
"""Reason codes of the errors that Step Functions and Lambda report themselves."""


def reason_of(error_name: str) -> str:
    """The reason code for an ASL error name: that of our class, or what Step Functions itself reports.

    Args:
        error_name: `Error` of a Catch, for instance `MemberRoleDenied` or `States.Timeout`.
    """
    for error in FleetdxError.__subclasses__():
        if error.__name__ == error_name:
            return error.reason
    return TOLD_BY_AWS.get(error_name, FleetdxError.reason)
