"""How an execution ends, and that only news is told, once."""

from __future__ import annotations

from typing import Any

import pytest

from fleetdx import instance_records, keys
from fleetdx.errors import ServiceUnavailable
from functions.notify_change import handler
from tests.fakes.mending import ACCOUNT, EXECUTION, INSTANCE, REGION, checked, core, found, role_arn, target
from tests.fakes.s3 import bucket

ATTACHED = {"call": "iam:AttachRolePolicy", "to": role_arn(), "gave": core()}
ASSOCIATED = {"call": "ec2:AssociateIamInstanceProfile", "to": INSTANCE, "gave": "default"}


def conclusion(outcome: str, reason: str) -> dict[str, str]:
    return {"outcome": outcome, "reason": reason, "detail": "Because."}


def done(*actions: dict[str, str]) -> dict[str, Any]:
    return {"actions": list(actions), "conclusion": conclusion("ready", "policies_attached")}


MENDED = {"instance": found(), "exemption": checked(), "policies": {"conclusion": None}, "attachment": done(ATTACHED)}
REPORTED = {
    "instance": found(),
    "exemption": checked(),
    "policies": {"conclusion": conclusion("reported", "policies_missing")},
}
READY = {
    "instance": found(),
    "exemption": checked(),
    "policies": {"conclusion": conclusion("ready", "policies_attached")},
}


class Stage:
    """A data bucket with the instance's record, and a Slack that keeps what it is sent."""

    def __init__(self) -> None:
        self.data = bucket()
        self.sent: list[str] = []
        record: Any = {
            "generation": 1,
            "given": target(),
            "event_ids": ["e"],
            "told": {"outcome": "", "reason": ""},
            "told_by": "",
        }
        assert instance_records.store(self.data, record, None)

    def run(self, parts: dict[str, Any], execution: str = EXECUTION) -> Any:
        return handler.run({**target(execution=execution), **parts}, self.data, self._send)  # type: ignore[arg-type, typeddict-item]

    def _send(self, text: str) -> bool:
        self.sent.append(text)
        return True

    @property
    def told(self) -> Any:
        record = instance_records.load(self.data, ACCOUNT, REGION, INSTANCE).record
        assert record is not None
        return record["told"]


@pytest.fixture
def stage() -> Stage:
    return Stage()


@pytest.mark.reaches("policy_attached")
def test_a_change_is_told_and_remembered(stage: Stage) -> None:
    """The output has what was done; the message names instance, change and role; a repeated try tells nothing."""
    told = stage.run(MENDED)
    assert (told["outcome"], told["reason"], told["notification"]) == ("mended", "policy_attached", "sent")
    assert (told["policies_attached"], told["role_arn"]) == ([core()], role_arn())
    assert stage.sent == [
        (
            f"fleetdx: instance `{INSTANCE}` in {ACCOUNT}/{REGION} is *mended* (policy_attached).\n"
            f"Because.\niam:AttachRolePolicy: {core()} to {role_arn()}"
        )
    ]
    assert stage.run(MENDED) == told
    assert len(stage.sent) == 1
    assert stage.told == {"outcome": "mended", "reason": "policy_attached"}


@pytest.mark.reaches("profile_associated")
def test_an_association_that_shows_is_a_change(stage: Stage) -> None:
    """Whether it is ours although the answer was lost, the profile shows."""
    parts = {**READY, "attachment": {"actions": [ASSOCIATED], "conclusion": None}}
    other = stage.run(parts)
    assert (other["outcome"], other["actions"]) == ("ready", [])
    seen = {**parts, "instance": found(profile_arn=f"arn:aws:iam::{ACCOUNT}:instance-profile/path/default")}
    ours = stage.run(seen, "another")
    assert (ours["outcome"], ours["reason"]) == ("mended", "profile_associated")


def test_a_problem_is_told_until_it_changes(stage: Stage) -> None:
    """The same problem is no news, another reason is, and so is its end; then it may be told anew."""
    ends = [REPORTED, REPORTED, {"failure": {"Error": "AccessDenied", "Cause": "no"}}, READY, READY, REPORTED]
    told = [stage.run(parts, str(number))["notification"] for number, parts in enumerate(ends)]
    assert told == ["sent", "not_news", "sent", "sent", "not_news", "sent"]


@pytest.mark.reaches("denied_by_service_control_policy")
def test_a_failure_ends_what_the_states_had_concluded(stage: Stage) -> None:
    """What was changed before is told with it."""
    failure = {"Error": "DeniedByServiceControlPolicy", "Cause": '{"errorMessage": "AttachRolePolicy: AccessDenied"}'}
    told = stage.run({**MENDED, "failure": failure})
    assert (told["outcome"], told["reason"]) == ("failed", "denied_by_service_control_policy")
    assert told["detail"] == "DeniedByServiceControlPolicy: AttachRolePolicy: AccessDenied"
    assert told["actions"] == [ATTACHED]


def test_a_later_state_decides(stage: Stage) -> None:
    """Attached, and never Online: that is a failure, not a mended instance."""
    told = stage.run({**MENDED, "verification": {"conclusion": conclusion("failed", "not_registered")}})
    assert (told["outcome"], told["reason"], told["policies_attached"]) == ("failed", "not_registered", [core()])


@pytest.mark.parametrize(
    ("notify", "parts", "notification"),
    [
        ("all", MENDED, "sent"),
        ("failures", MENDED, "switched_off"),
        ("failures", REPORTED, "sent"),
        ("none", REPORTED, "switched_off"),
    ],
)
def test_the_configuration_says_what_is_told(
    stage: Stage, notify: str, parts: dict[str, Any], notification: str
) -> None:
    """What is not told is recorded all the same."""
    told = stage.run({**parts, "exemption": checked(configuration={"notify": notify})})
    assert told["notification"] == notification
    assert len(stage.sent) == (notification == "sent")
    assert INSTANCE in stage.data.get_json(keys.mending_notification(EXECUTION))["text"]


def test_of_two_executions_with_the_same_news_one_tells_it(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """The slower one has read the record before the faster one wrote it: it is tried again, and finds the news told."""
    seen = instance_records.load(stage.data, ACCOUNT, REGION, INSTANCE)
    stage.run(REPORTED, "fast")
    with monkeypatch.context() as patched:
        patched.setattr(instance_records, "load", lambda *_: seen)
        with pytest.raises(ServiceUnavailable):
            stage.run(REPORTED, "slow")
    assert stage.run(REPORTED, "slow")["notification"] == "not_news"
    assert len(stage.sent) == 1


def test_an_announcement_is_told_once_over_all_executions(stage: Stage) -> None:
    """A thousand instances meet the same broken configuration: one message."""
    announcement = {"reason": "configuration_unreadable", "sentence": "It cannot be read.", "name": "configuration-1"}
    parts = {**READY, "exemption": checked(announcements=[announcement])}
    for number in range(3):
        stage.run(parts, str(number))
    assert stage.sent == ["fleetdx: It cannot be read. (configuration_unreadable)"]


def test_a_crash_after_the_claim_is_told_as_unsent(stage: Stage) -> None:
    """Slack may have it: it is never sent twice."""

    def crash(_: str) -> bool:
        raise MemoryError

    event: Any = {**target(), **MENDED}
    with pytest.raises(MemoryError):
        handler.run(event, stage.data, crash)
    assert stage.run(MENDED)["notification"] == "unsent"
    assert stage.sent == []


def test_an_instance_without_record_is_told_too() -> None:
    """An execution that was started by hand has no record, and ends all the same."""
    event: Any = {**target(), **MENDED}
    assert handler.run(event, bucket(), None)["notification"] == "not_configured"
