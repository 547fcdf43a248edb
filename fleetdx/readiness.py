"""How an execution of ensure_ssm_ready ends: its outcome, its reason, and whether somebody is told. Pure."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, NamedTuple, TypedDict

from fleetdx.errors import reason_of
from fleetdx.failures import CaughtError, sentence_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from fleetdx.events import Told

ReadinessOutcome = Literal["ready", "mended", "reported", "exempt", "gone", "failed"]
"""`ready`: nothing was missing. `mended`: something was, and is no more. `reported`: something is missing, and was left
so. `exempt`: left alone on purpose. `gone`: it does not run. `failed`: it is not managed, or nobody knows."""
PROBLEMS = frozenset({"reported", "failed"})


class ConclusionDict(TypedDict):
    """A conclusion as states carry it."""

    outcome: ReadinessOutcome
    reason: str
    detail: str


class Conclusion(NamedTuple):
    """An outcome, its reason code and a sentence."""

    outcome: ReadinessOutcome
    reason: str
    detail: str

    def as_state(self) -> ConclusionDict:
        """The same for the state machine."""
        return {"outcome": self.outcome, "reason": self.reason, "detail": self.detail}


class Announcement(NamedTuple):
    """What is wrong with configuration or exemptions: reason code, sentence, and under which name it is told once."""

    reason: str
    sentence: str
    name: str


class AnnouncementDict(TypedDict):
    """An announcement as states carry it."""

    reason: str
    sentence: str
    name: str


class Action(TypedDict):
    """A change that was made: the call, what it was made to, and what it gave."""

    call: Literal["iam:AttachRolePolicy", "ec2:AssociateIamInstanceProfile"]
    to: str
    gave: str


def concluded(
    conclusions: Sequence[ConclusionDict | None], failure: CaughtError | None, actions: Sequence[Action]
) -> Conclusion:
    """How the execution ends, from what its states have concluded, in their order.

    Args:
        conclusions: Of each state that has worked; None where it left the decision to a later one.
        failure: The error that ended the work, if one did.
        actions: What was changed.
    """
    if failure is not None:
        return Conclusion("failed", reason_of(failure["Error"]), f"{failure['Error']}: {sentence_of(failure)}")
    made = [one for one in conclusions if one is not None]
    if not made:
        return Conclusion("failed", "unexpected", "No state has concluded anything.")
    last = Conclusion(**made[-1])
    if last.outcome == "ready" and actions:
        if any(action["call"] == "ec2:AssociateIamInstanceProfile" for action in actions):
            return Conclusion("mended", "profile_associated", last.detail)
        return Conclusion("mended", "policy_attached", last.detail)
    return last


def is_worth_telling(conclusion: Conclusion, actions: Sequence[Action], told: Told) -> bool:
    """Whether a conclusion is news: a change, a problem that was not told yet, or the end of one that was."""
    if actions:
        return True
    if conclusion.outcome in PROBLEMS:
        return (told["outcome"], told["reason"]) != (conclusion.outcome, conclusion.reason)
    return told["outcome"] in PROBLEMS


def text_of(place: Mapping[str, str], conclusion: Conclusion, actions: Sequence[Action]) -> str:
    """The message about an instance, in Slack's mrkdwn: what it came to, why, and what was changed."""
    head = (
        f"fleetdx: instance `{place['instance_id']}` in {place['account']}/{place['region']} is *{conclusion.outcome}* "
        f"({conclusion.reason})."
    )
    changes = [f"{action['call']}: {action['gave']} to {action['to']}" for action in actions]
    return "\n".join([head, conclusion.detail, *changes]).strip()
