"""A change is made once, told by who made it, and refused by name."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from botocore.exceptions import ClientError

from fleetdx.errors import InstanceProfileNotReady, ServiceUnavailable
from functions.attach_policies import handler
from tests.fakes.aws_errors import client_error
from tests.fakes.ec2 import FakeEc2
from tests.fakes.iam import FakeIam
from tests.fakes.mending import INSTANCE, core, found, role_arn, target
from tests.fakes.s3 import bucket

NOW = dt.datetime(2026, 11, 26, 12, tzinfo=dt.UTC)
CALL = "AssociateIamInstanceProfile"
ASSOCIATED = {"call": "ec2:AssociateIamInstanceProfile", "to": INSTANCE, "gave": "default"}
TAKEN = f"There is an existing association for instance {INSTANCE}"


class Stage:
    """The function over fakes."""

    def __init__(self) -> None:
        self.data, self.iam, self.ec2 = bucket(), FakeIam(), FakeEc2([])
        self.iam.attached["web"] = []

    def run(self, execution: str = "one", *, profile: str = "", seconds: int = 0, **more: Any) -> Any:
        policies = {"policies_to_attach": [] if profile else [core()], "profile_to_associate": profile}
        event = {**target(execution=execution), "instance": found(), "policies": policies, **more}
        moment = NOW + dt.timedelta(seconds=seconds)
        return handler.run(event, self.data, self.iam, self.ec2, moment)  # type: ignore[arg-type, typeddict-item]


@pytest.fixture
def stage() -> Stage:
    return Stage()


def test_a_policy_is_attached_and_told_by_one_execution(stage: Stage) -> None:
    """The second execution about the same role finds it made, and has nothing to tell."""
    first, second = stage.run("one"), stage.run("two", seconds=5)
    assert first["actions"] == [{"call": "iam:AttachRolePolicy", "to": role_arn(), "gave": core()}]
    assert (second["actions"], second["conclusion"]["outcome"]) == ([], "ready")
    assert stage.iam.calls == [("web", core())]


def test_a_repeated_try_tells_its_own_change(stage: Stage) -> None:
    """The answer of the first try was lost: the same execution attaches again, harmlessly, and tells it."""
    stage.run("one")
    assert len(stage.run("one", seconds=60)["actions"]) == 1


def test_a_change_that_another_makes_at_this_moment_is_awaited(stage: Stage) -> None:
    """The first execution has claimed and not yet attached: whoever comes second tries again later."""
    stage.iam.refusals = [RuntimeError("killed")]
    with pytest.raises(RuntimeError):
        stage.run("one")
    with pytest.raises(ServiceUnavailable, match="makes the same change at this moment"):
        stage.run("two", seconds=119)
    assert len(stage.run("two", seconds=121)["actions"]) == 1


def test_a_denied_change_is_no_claim(stage: Stage) -> None:
    """What a policy denies was not made: the next execution may try at once, and hears the same."""
    stage.iam.refusals = [client_error("AccessDenied", "AttachRolePolicy", 403), RuntimeError("tried")]
    with pytest.raises(ClientError):
        stage.run("one")
    with pytest.raises(RuntimeError, match="tried"):
        stage.run("two", seconds=1)


def test_what_was_undone_is_made_again(stage: Stage) -> None:
    """A policy that somebody detached later is attached anew, and told anew."""
    stage.run("one")
    stage.iam.attached["web"].clear()
    assert len(stage.run("two", seconds=3600)["actions"]) == 1
    assert stage.iam.attached["web"] == [core()]


@pytest.mark.reaches("policy_quota_full", "role_protected", "policy_not_attachable")
@pytest.mark.parametrize(
    ("code", "outcome", "reason"),
    [
        ("LimitExceeded", "reported", "policy_quota_full"),
        ("LimitExceededException", "reported", "policy_quota_full"),
        ("UnmodifiableEntity", "reported", "role_protected"),
        ("NoSuchEntity", "failed", "policy_not_attachable"),
        ("PolicyNotAttachable", "failed", "policy_not_attachable"),
    ],
)
def test_a_refusal_is_told_by_its_reason(stage: Stage, code: str, outcome: str, reason: str) -> None:
    """Nothing else is tried, and the next execution may try at once."""
    stage.iam.refusals = [client_error(code, "AttachRolePolicy")]
    told = stage.run("one")
    assert (told["is_over"], told["conclusion"]["outcome"], told["conclusion"]["reason"]) == (True, outcome, reason)
    assert told["actions"] == []
    assert len(stage.run("two", seconds=1)["actions"]) == 1


def test_the_default_profile_is_associated(stage: Stage) -> None:
    """One call, told as one action; the instance is looked at again, and what its new role lacks adds to that."""
    told = stage.run(profile="default")
    assert (told["actions"], told["look_again"], told["is_over"]) == ([ASSOCIATED], True, False)
    assert stage.ec2.associated == [(INSTANCE, "default")]
    again = stage.run(attachment=told)
    assert [action["call"] for action in again["actions"]] == [
        "ec2:AssociateIamInstanceProfile",
        "iam:AttachRolePolicy",
    ]


@pytest.mark.parametrize(
    ("code", "text"),
    [
        (
            "InvalidParameterValue",
            "Value (default) for parameter iamInstanceProfile.name is invalid. Invalid IAM Instance Profile name",
        ),
        ("InvalidParameterValue", "IAM Instance Profile arn:x has no associated IAM Roles"),
        ("IncorrectState", "The instance profile is not usable: InstanceIdentityProfileNotFound"),
    ],
)
def test_what_spreads_slowly_is_worth_another_try(stage: Stage, code: str, text: str) -> None:
    """EC2 tells a profile that it does not see yet by its text alone; then the same execution associates it."""
    stage.ec2.refusals = [client_error(code, CALL, message=text)]
    with pytest.raises(InstanceProfileNotReady):
        stage.run(profile="default")
    assert stage.run(profile="default", seconds=10)["actions"] == [ASSOCIATED]


@pytest.mark.reaches("association_changing")
def test_an_association_by_somebody_else_is_looked_at_again_and_not_for_ever(stage: Stage) -> None:
    """The instance's state is read anew; after three looks a person has to look."""
    stage.ec2.refusals = [client_error("IncorrectState", CALL, message=TAKEN)] * 3
    attachment: dict[str, Any] = {}
    for number in (1, 2):
        told = stage.run(str(number), profile="default", seconds=200 * number, **attachment)
        assert (told["look_again"], told["actions"], told["conclusion"]) == (True, [], None)
        attachment = {"attachment": told}
    told = stage.run("3", profile="default", seconds=600, **attachment)
    assert (told["look_again"], told["conclusion"]["reason"]) == (False, "association_changing")


def test_an_association_of_an_earlier_try_may_be_ours(stage: Stage) -> None:
    """The same execution had tried: whether the profile that it finds is the default one, the next look shows."""
    stage.ec2.refusals = [RuntimeError("killed"), client_error("IncorrectState", CALL, message=TAKEN)]
    with pytest.raises(RuntimeError):
        stage.run(profile="default")
    told = stage.run(profile="default", seconds=5)
    assert (told["look_again"], told["actions"]) == (True, [ASSOCIATED])


def test_another_execution_of_the_same_instance_does_not_associate_twice(stage: Stage) -> None:
    """Two events, two executions, one call."""
    stage.run("one", profile="default")
    told = stage.run("two", profile="default", seconds=5)
    assert (told["look_again"], told["actions"]) == (True, [])
    assert len(stage.ec2.associated) == 1


@pytest.mark.reaches("instance_gone")
@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("InvalidInstanceID.NotFound", "The instance ID does not exist"),
        ("IncorrectInstanceState", "The instance is not in the 'running' or 'stopped' states"),
        ("IncorrectState", "The instance is not in the 'running' or 'stopped' states"),
    ],
)
def test_an_instance_that_went_is_left(stage: Stage, code: str, text: str) -> None:
    """It was terminated between the look and the change."""
    stage.ec2.refusals = [client_error(code, CALL, message=text)]
    told = stage.run(profile="default")
    assert (told["is_over"], told["conclusion"]["outcome"], told["conclusion"]["reason"]) == (
        True,
        "gone",
        "instance_gone",
    )


def test_other_refusals_stay_what_they_are(stage: Stage) -> None:
    """A malformed name is nobody's race: it is not repeated, and not taken for a change."""
    stage.ec2.refusals = [client_error("InvalidParameterValue", CALL, message="Value is invalid")]
    with pytest.raises(Exception, match="InvalidParameterValue"):
        stage.run(profile="default")
