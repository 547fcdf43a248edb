"""What deploy-check asks of what is deployed: each question passes on the embedded AWS, and fails by its fault."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from moto.sns.models import sns_backends

from emulator.faults.rules import Rule
from fleetdx.cli.deploy_check import embedded_settings, inquiry_embedded
from fleetdx.cli.deploy_check_after import after_deploying
from fleetdx.deploy_check.organization_questions import who_asks
from tests.embedded import Embedded, embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleetdx.cli.deployments import Deployment
    from fleetdx.deploy_check.answers import Answer

TRADING, WALLET = "333333333333", "444444444444"
NOTHING = "arn:aws:states:ap-northeast-2:222222222222:stateMachine:nothing"


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with embedded(tmp_path_factory.mktemp("cloud")) as aws:
        yield aws


@pytest.fixture
def aws(started: Embedded) -> Iterator[Embedded]:
    yield started
    started.cloud.faults.clear()


def ask(aws: Embedded, instance: str | None = None, deployment: Deployment | None = None) -> dict[str, list[Answer]]:
    """The answers by question."""
    inquiry = inquiry_embedded(aws.deployment, embedded_settings(aws.deployment))
    assert {answer.verdict for answer in who_asks(inquiry)} == {"pass"}
    answers: dict[str, list[Answer]] = {}
    for answer in after_deploying(inquiry, deployment or aws.deployment, instance):
        answers.setdefault(answer.question, []).append(answer)
    return answers


def verdicts(answers: dict[str, list[Answer]]) -> dict[str, set[str]]:
    """The verdicts by question."""
    return {question: {one.verdict for one in found} for question, found in answers.items()}


def test_everything_passes(aws: Embedded) -> None:
    """Outputs, subscriptions and members are there; the first instance that can be scanned has a verified result."""
    answers = ask(aws)
    assert set(answers) == {
        "outputs_are_there",
        "events_are_subscribed",
        "members_can_be_entered",
        "one_instance_is_scanned",
    }
    assert {verdict for found in verdicts(answers).values() for verdict in found} == {"pass"}
    (smoke,) = answers["one_instance_is_scanned"]
    assert smoke.place.startswith(f"{TRADING}/ap-northeast-2/i-")
    assert "verified results" in smoke.found


def test_an_instance_that_cannot_be_scanned(aws: Embedded) -> None:
    """A stopped instance fails with its state and reason; one that the dry run has not met stays unknown."""
    whole, _ = aws.instance_named("year-end-settlement")
    (smoke,) = ask(aws, whole)["one_instance_is_scanned"]
    assert (smoke.verdict, "stopped" in smoke.found) == ("fail", True)
    _, bare = aws.instance_named("year-end-settlement")
    (smoke,) = ask(aws, bare)["one_instance_is_scanned"]
    assert (smoke.verdict, bare in smoke.found) == ("unknown", True)


def test_the_instance_that_is_named_by_its_id(aws: Embedded) -> None:
    """An id alone is found among what the dry run has met."""
    whole, bare = aws.instance_named("hot-wallet-signer-1")
    (smoke,) = ask(aws, bare)["one_instance_is_scanned"]
    assert (smoke.verdict, smoke.place) == ("pass", whole)


def test_a_result_without_its_evidence(aws: Embedded) -> None:
    """Verdicts that came over Systems Manager alone are no whole result: the hosts' way to the intake is closed."""
    aws.cloud.faults.add(Rule("s3:PostObject", "denied", times=None))
    (smoke,) = ask(aws)["one_instance_is_scanned"]
    assert (smoke.verdict, "evidence_not_received" in smoke.found) == ("fail", True)


def test_a_member_that_cannot_be_entered(aws: Embedded) -> None:
    """The account and region is named with the reason; what can be entered is scanned all the same."""
    aws.cloud.faults.add(Rule("sts:AssumeRole", "denied", account=WALLET, times=None))
    answers = ask(aws)
    (members,) = answers["members_can_be_entered"]
    assert members.verdict == "fail"
    assert f"{WALLET}/us-east-1 (role_not_assumable)" in members.found
    assert verdicts(answers)["one_instance_is_scanned"] == {"pass"}


def test_a_caller_who_may_not_start_a_run(aws: Embedded) -> None:
    """Without states:StartExecution nobody knows, and the right is named."""
    aws.cloud.faults.add(Rule("states:StartExecution", "denied", times=None))
    answers = ask(aws)
    for question in ("members_can_be_entered", "one_instance_is_scanned"):
        (found,) = answers[question]
        assert (found.verdict, found.missing_right) == ("unknown", "states:StartExecution")


def test_accounts_that_cannot_be_listed(aws: Embedded) -> None:
    """Where the functions may not read the organization, nothing is entered, and the reason is named."""
    aws.cloud.faults.add(Rule("organizations:*", "denied", caller="*fleetdx-list-targets*", times=None))
    (members,) = ask(aws, aws.instance_named("hot-wallet-signer-1")[0])["members_can_be_entered"]
    assert (members.verdict, "(all) (access_denied)" in members.found) == ("fail", True)


def test_runs_that_fail(aws: Embedded) -> None:
    """A machine that fails as a whole is told with its error, for both runs."""
    aws.cloud.faults.add(Rule("s3:*", "denied", caller="*fleetdx-validate-request*", times=None))
    answers = ask(aws, aws.instance_named("hot-wallet-signer-1")[0])
    for question in ("members_can_be_entered", "one_instance_is_scanned"):
        (found,) = answers[question]
        assert (found.verdict, "ended as FAILED: AccessDenied" in found.found) == ("fail", True)


@pytest.mark.parametrize(
    ("output", "change"),
    [
        ("ScanBatchStateMachine", {"scan_batch": NOTHING}),
        ("DataBucket", {"data_bucket": "fleetdx-data-nothing"}),
    ],
)
def test_outputs_that_lead_nowhere(aws: Embedded, output: str, change: dict[str, str]) -> None:
    """What an output names and is not there is named."""
    spoilt: Any = replace(aws.deployment, **change)
    aws.cloud.faults.add(Rule("states:StartExecution", "denied", times=None))
    (found,) = ask(aws, deployment=spoilt)["outputs_are_there"]
    assert (found.verdict, found.found) == ("fail", f"Not there: {output}.")


def test_queues_and_the_parameter_that_are_gone(aws: Embedded) -> None:
    """A queue or the configuration that somebody has deleted is named, too."""
    events = replace(
        aws.deployment.events,
        configuration="/fleetdx/nothing",
        dead_letter_queue=f"{aws.deployment.events.dead_letter_queue}-nothing",
    )
    aws.cloud.faults.add(Rule("states:StartExecution", "denied", times=None))
    (found,) = ask(aws, deployment=replace(aws.deployment, events=events))["outputs_are_there"]
    assert (found.verdict, found.found) == ("fail", "Not there: EventsDeadLetterQueueUrl, ConfigurationParameter.")


@pytest.mark.parametrize("call", ["states:DescribeStateMachine", "ssm:GetParameter", "sqs:GetQueueAttributes"])
def test_outputs_that_may_not_be_looked_at(aws: Embedded, call: str) -> None:
    """A refusal is no absence: the right is named."""
    aws.cloud.faults.add(Rule(call, "denied", times=None), Rule("states:StartExecution", "denied", times=None))
    (found,) = ask(aws)["outputs_are_there"]
    assert (found.verdict, found.missing_right) == ("unknown", call)


def test_a_subscription_that_is_gone_or_pending(aws: Embedded) -> None:
    """A region without the subscription fails, and so does one whose subscription nobody has confirmed."""
    aws.cloud.faults.add(Rule("states:StartExecution", "denied", times=None))
    hub = aws.cloud.organization.hub.id
    subscriptions = sns_backends[hub]["us-east-1"].subscriptions
    (ours,) = [one for one in subscriptions.values() if one.endpoint.endswith("fleetdx-events")]
    known = ours.arn
    try:
        ours.arn = "PendingConfirmation"
        pending = {answer.place: answer for answer in ask(aws)["events_are_subscribed"]}
        del subscriptions[known]
        gone = {answer.place: answer for answer in ask(aws)["events_are_subscribed"]}
    finally:
        ours.arn = known
        subscriptions[known] = ours
    place, other = f"audit {hub} us-east-1", f"audit {hub} ap-northeast-2"
    assert (pending[place].verdict, pending[other].verdict) == ("fail", "pass")
    assert "waits for its confirmation" in pending[place].found
    assert (gone[place].verdict, "not subscribed" in gone[place].found) == ("fail", True)
    aws.cloud.faults.add(Rule("sns:ListSubscriptionsByTopic", "denied", times=None))
    assert {answer.missing_right for answer in ask(aws)["events_are_subscribed"]} == {"sns:ListSubscriptionsByTopic"}
