"""The seams of events: what happens to an instance reaches the queue by either way, as often and in the order asked."""

from __future__ import annotations

import json
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from moto.sqs.models import sqs_backends

from emulator.cloud import EmbeddedAws, embedded_aws
from emulator.events.mappings import NEEDED_TO_POLL
from emulator.faults.rules import Rule
from tests.contract import event_receivers
from tests.without_sockets import without_sockets

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MEMBER, REGION = "333333333333", "us-east-1"
FAST = 0.002
SECONDS = 60
CALLS = ("AssociateIamInstanceProfile", "ReplaceIamInstanceProfileAssociation", "DisassociateIamInstanceProfile")
CORE = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
LAMBDA_MAY = {
    "Version": "2012-10-17",
    "Statement": [{"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}],
}


@contextmanager
def started(directory: Path, **options: Any) -> Iterator[EmbeddedAws]:
    """An embedded AWS whose queue of events nothing empties."""
    with without_sockets(), embedded_aws(directory, clock_factor=FAST, **options) as cloud:
        awslambda = cloud.hub_session().client("lambda")
        for mapping in awslambda.list_event_source_mappings()["EventSourceMappings"]:
            awslambda.delete_event_source_mapping(UUID=mapping["UUID"])
        yield cloud


@pytest.fixture(scope="module", params=["control_tower", "bus"])
def cloud(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[EmbeddedAws]:
    with started(tmp_path_factory.mktemp("cloud"), events_way=request.param) as up:
        yield up


def wait_for(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + SECONDS
    while not happened():
        assert time.monotonic() < deadline, "it does not happen"
        time.sleep(0.02)


def arrived(cloud: EmbeddedAws, *, queue: str | None = None) -> list[dict[str, Any]]:
    """Take everything out of the queue of events, once nothing is under way."""
    assert cloud.ways.courier.settle(SECONDS, ahead=120)
    sqs = cloud.hub_session().client("sqs")
    url = queue or cloud.central.events_queue_url
    bodies = []
    while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
        for message in messages:
            bodies.append(json.loads(message["Body"]))
            sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
    return bodies


def events_in(bodies: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The EventBridge events, out of SNS's envelope where there is one."""
    return [json.loads(body["Message"]) if "Message" in body else body for body in bodies]


def launch(cloud: EmbeddedAws, **more: Any) -> tuple[Any, str]:
    ec2 = cloud.operator_session(MEMBER, REGION).client("ec2")
    made = ec2.run_instances(ImageId="ami-0123456789abcdef0", MinCount=1, MaxCount=1, **more)
    return ec2, made["Instances"][0]["InstanceId"]


def test_a_launch_is_told_with_the_account_it_is_of(cloud: EmbeddedAws) -> None:
    """Of a launch the centre hears that the instance runs, once, with its own account and region."""
    _, instance = launch(cloud)
    [event] = events_in(arrived(cloud))
    assert (event["source"], event["account"], event["region"]) == ("aws.ec2", MEMBER, REGION)
    assert event["detail"] == {"instance-id": instance, "state": "running"}
    assert event["time"].endswith("Z")


def test_every_change_of_a_profile_is_told_as_cloudtrail_records_it(cloud: EmbeddedAws) -> None:
    """Associate, replace and disassociate arrive with the instance in their answer; two of them name it only there."""
    ec2, instance = launch(cloud)
    default = {"Name": "fleetdx-default-instance"}
    made = ec2.associate_iam_instance_profile(InstanceId=instance, IamInstanceProfile=default)
    association = made["IamInstanceProfileAssociation"]["AssociationId"]
    ec2.replace_iam_instance_profile_association(AssociationId=association, IamInstanceProfile=default)
    ec2.disassociate_iam_instance_profile(AssociationId=association)
    told = [event for event in events_in(arrived(cloud)) if event["detail-type"] == "AWS API Call via CloudTrail"]
    by_name = {event["detail"]["eventName"]: event["detail"] for event in told}
    assert sorted(by_name) == sorted(CALLS)
    for name, detail in by_name.items():
        answered = detail["responseElements"][f"{name}Response"]["iamInstanceProfileAssociation"]
        assert (answered["instanceId"], detail["recipientAccountId"]) == (instance, MEMBER)
        assert ("InstanceId" in detail["requestParameters"][f"{name}Request"]) is name.startswith("Associate")


def test_an_end_takes_the_profile_away_without_a_call(cloud: EmbeddedAws) -> None:
    """Nobody has called DisassociateIamInstanceProfile, so CloudTrail has nothing to record."""
    ec2, instance = launch(cloud, IamInstanceProfile={"Name": "fleetdx-default-instance"})
    ec2.terminate_instances(InstanceIds=[instance])
    assert ec2.describe_iam_instance_profile_associations()["IamInstanceProfileAssociations"] == []
    told = [event["detail-type"] for event in events_in(arrived(cloud))]
    assert "AWS API Call via CloudTrail" not in told
    assert "EC2 Instance State-change Notification" in told


def test_a_call_that_fails_is_not_told(cloud: EmbeddedAws) -> None:
    """A second association is refused in EC2's words, and no event says otherwise."""
    ec2, instance = launch(cloud, IamInstanceProfile={"Name": "fleetdx-default-instance"})
    with pytest.raises(ec2.exceptions.ClientError, match="There is an existing association"):
        ec2.associate_iam_instance_profile(InstanceId=instance, IamInstanceProfile={"Name": "fleetdx-default-instance"})
    assert [event["detail-type"] for event in events_in(arrived(cloud))] == ["EC2 Instance State-change Notification"]


def test_what_else_control_tower_gathers_does_not_arrive(cloud: EmbeddedAws) -> None:
    """A notification of AWS Config in the aggregate topic stays there."""
    sns = cloud.hub_session().client("sns")
    sns.create_topic(Name="aws-controltower-AggregateSecurityNotifications")
    topic = (
        f"arn:aws:sns:{cloud.home_region}:{cloud.organization.hub.id}:aws-controltower-AggregateSecurityNotifications"
    )
    sns.publish(TopicArn=topic, Message=json.dumps({"source": "aws.config", "detail-type": "Config"}))
    sns.publish(TopicArn=topic, Message="no JSON")
    assert arrived(cloud) == []


def test_nobody_puts_events_of_an_aws_service(cloud: EmbeddedAws) -> None:
    """PutEvents with a source of AWS's is refused; an event of one's own reaches the bus and matches no rule there."""
    events: Any = cloud.operator_session(MEMBER, REGION).client("events")
    forged = {"Source": "aws.ec2", "DetailType": "EC2 Instance State-change Notification", "Detail": "{}"}
    answer = events.put_events(Entries=[forged, {**forged, "Source": "example"}])
    assert answer["Entries"][0]["ErrorCode"] == "NotAuthorizedForSourceException"
    assert "EventId" in answer["Entries"][1]
    assert arrived(cloud) == []


def test_an_agent_registers_once_its_role_lets_it(cloud: EmbeddedAws) -> None:
    """Without a role it does not; with the default role it does, minutes later on the scaled clock."""
    ec2, instance = launch(cloud)
    time.sleep(400 * FAST)  # its agent has tried at least once
    assert instance not in registered(cloud)
    ec2.associate_iam_instance_profile(InstanceId=instance, IamInstanceProfile={"Name": "fleetdx-default-instance"})
    wait_for(lambda: instance in registered(cloud))
    arrived(cloud)


def test_a_policy_attached_later_is_found_by_the_agent(cloud: EmbeddedAws) -> None:
    """An agent that was refused tries again, and registers after the policy was attached to its role."""
    iam = cloud.operator_session(MEMBER, REGION).client("iam")
    name = f"late-{cloud.home_region}-{id(cloud)}"
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)
    iam.create_instance_profile(InstanceProfileName=f"{name}-profile", Path="/with/a/path/")
    iam.add_role_to_instance_profile(InstanceProfileName=f"{name}-profile", RoleName=name)
    _, instance = launch(cloud, IamInstanceProfile={"Name": f"{name}-profile"})
    time.sleep(400 * FAST)  # its agent has tried at least once
    assert instance not in registered(cloud)
    iam.attach_role_policy(RoleName=name, PolicyArn=CORE)
    wait_for(lambda: instance in registered(cloud))
    arrived(cloud)


def registered(cloud: EmbeddedAws) -> set[str]:
    ssm = cloud.operator_session(MEMBER, REGION).client("ssm")
    pages = ssm.get_paginator("describe_instance_information").paginate()
    return {node["InstanceId"] for page in pages for node in page["InstanceInformationList"]}


def mapped_queue(cloud: EmbeddedAws, name: str) -> tuple[str, str]:
    """A queue with a dead-letter queue behind it, and a function mapped to it; gives both URLs."""
    session = cloud.hub_session()
    sqs, awslambda, iam = session.client("sqs"), session.client("lambda"), session.client("iam")
    dead = sqs.create_queue(QueueName=f"{name}-dead")["QueueUrl"]
    dead_arn = sqs.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    redrive = json.dumps({"deadLetterTargetArn": dead_arn, "maxReceiveCount": 5})
    url = sqs.create_queue(QueueName=name, Attributes={"RedrivePolicy": redrive, "VisibilityTimeout": "60"})["QueueUrl"]
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(LAMBDA_MAY))["Role"]["Arn"]
    allowed = {"Effect": "Allow", "Action": list(NEEDED_TO_POLL), "Resource": arn}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [allowed]})
    iam.put_role_policy(RoleName=name, PolicyName="poll", PolicyDocument=policy)
    awslambda.create_function(
        FunctionName=name,
        Role=role,
        Handler="tests.contract.event_receivers.give_back_what_is_bad",
        Runtime="python3.13",
        Code={"ZipFile": b"none"},
    )
    awslambda.create_event_source_mapping(
        EventSourceArn=arn, FunctionName=name, BatchSize=10, FunctionResponseTypes=["ReportBatchItemFailures"]
    )
    return url, dead


def bodies_of(cloud: EmbeddedAws, url: str) -> list[str]:
    answer = cloud.hub_session().client("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10)
    return [message["Body"] for message in answer.get("Messages", [])]


def test_of_a_batch_only_what_failed_comes_again(cloud: EmbeddedAws) -> None:
    """A mapped function gets batches; what it hands back it gets five times, and then it is put aside."""
    event_receivers.RECEIVED.clear()
    url, dead = mapped_queue(cloud, "partly")
    sqs = cloud.hub_session().client("sqs")
    for body in ("good 1", "bad 1", "good 2"):
        sqs.send_message(QueueUrl=url, MessageBody=body)
    wait_for(lambda: bodies_of(cloud, dead) == ["bad 1"])
    seen = [body for batch in event_receivers.RECEIVED for body in batch]
    assert sorted(seen) == ["bad 1"] * 5 + ["good 1", "good 2"]


def test_a_queue_is_not_read_for_a_role_that_may_not(cloud: EmbeddedAws) -> None:
    """Its function's role has lost a right that the poller needs: messages stay, until it has it again."""
    event_receivers.RECEIVED.clear()
    url, _ = mapped_queue(cloud, "unread")
    iam, sqs = cloud.hub_session().client("iam"), cloud.hub_session().client("sqs")
    policy = iam.get_role_policy(RoleName="unread", PolicyName="poll")["PolicyDocument"]
    iam.delete_role_policy(RoleName="unread", PolicyName="poll")
    sqs.send_message(QueueUrl=url, MessageBody="good")
    time.sleep(0.5)
    assert event_receivers.RECEIVED == []
    iam.put_role_policy(RoleName="unread", PolicyName="poll", PolicyDocument=json.dumps(policy))
    wait_for(lambda: event_receivers.RECEIVED == [["good"]])


def test_a_batch_that_a_throttled_function_does_not_get_comes_again(cloud: EmbeddedAws) -> None:
    """An invocation that Lambda refuses leaves the whole batch in the queue, and nothing is lost."""
    event_receivers.RECEIVED.clear()
    url, dead = mapped_queue(cloud, "throttled")
    cloud.faults.add(Rule("lambda:Invoke", "function_throttled", resource="throttled", times=2))
    cloud.hub_session().client("sqs").send_message(QueueUrl=url, MessageBody="good")
    wait_for(lambda: event_receivers.RECEIVED == [["good"]])
    wait_for(lambda: cloud.ways.settle(1))
    assert bodies_of(cloud, dead) == []


def test_a_message_is_handed_out_as_long_as_its_queue_keeps_it(cloud: EmbeddedAws) -> None:
    """After a minute in a queue that keeps messages for a minute, it does not come any more."""
    sqs = cloud.hub_session().client("sqs")
    # A queue each: what was handed out comes again after a while, which is a moment on the scaled clock.
    for seconds, handed_out in ((30, ["body"]), (60, [])):
        name = f"short-{seconds}"
        url = sqs.create_queue(QueueName=name, Attributes={"MessageRetentionPeriod": "60"})["QueueUrl"]
        sqs.send_message(QueueUrl=url, MessageBody="body")
        queue = sqs_backends[cloud.organization.hub.id][cloud.home_region].queues[name]
        queue._messages[-1].sent_timestamp -= seconds * 1000
        assert bodies_of(cloud, url) == handed_out
