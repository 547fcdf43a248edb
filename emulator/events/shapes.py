"""Events and envelopes as AWS's services write them. Pure.

Sources: "Amazon EC2 instance state change events" (EC2 guide), "AWS service events delivered via AWS CloudTrail"
(EventBridge guide), CloudTrail records of EC2 (request members in PascalCase inside a wrapper, response members in
camelCase), "Parsing message formats" (SNS guide), "Using Lambda with SNS" and "with SQS" (Lambda guide). That
Disassociate's wrappers are named like the others' is by analogy: no record of one was found.
"""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any, NamedTuple

Event = dict[str, Any]


class Place(NamedTuple):
    """An account and a region."""

    account: str
    region: str


def timestamp(moment: dt.datetime) -> str:
    """As EventBridge and CloudTrail write time: whole seconds, UTC."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _event(place: Place, kind: str, resources: list[str], detail: dict[str, Any], at: dt.datetime) -> Event:
    return {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": kind,
        "source": "aws.ec2",
        "account": place.account,
        "time": timestamp(at),
        "region": place.region,
        "resources": resources,
        "detail": detail,
    }


def state_change(place: Place, instance_id: str, state: str, at: dt.datetime, partition: str = "aws") -> Event:
    """An instance has entered a state."""
    arn = f"arn:{partition}:ec2:{place.region}:{place.account}:instance/{instance_id}"
    detail = {"instance-id": instance_id, "state": state}
    return _event(place, "EC2 Instance State-change Notification", [arn], detail, at)


class Association(NamedTuple):
    """An instance's association with a profile, as the calls that change it answer."""

    id: str
    instance_id: str
    profile_arn: str
    state: str


def association_call(
    place: Place, name: str, request: dict[str, Any], association: Association, at: dt.datetime
) -> Event:
    """A successful call that made, changed or ended an association, as CloudTrail records it.

    Args:
        place: Where.
        name: The operation, such as AssociateIamInstanceProfile.
        request: Its parameters in the API's own words.
        association: What it answered.
        at: When.
    """
    answered = {
        "associationId": association.id,
        "instanceId": association.instance_id,
        "iamInstanceProfile": {"arn": association.profile_arn},
        "state": association.state,
        "timestamp": timestamp(at),
    }
    detail = {
        "eventVersion": "1.09",
        "userIdentity": {"type": "AssumedRole", "accountId": place.account},
        "eventTime": timestamp(at),
        "eventSource": "ec2.amazonaws.com",
        "eventName": name,
        "awsRegion": place.region,
        "requestParameters": {f"{name}Request": request},
        "responseElements": {f"{name}Response": {"iamInstanceProfileAssociation": answered}},
        "eventID": str(uuid.uuid4()),
        "readOnly": False,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": place.account,
        "eventCategory": "Management",
    }
    return _event(place, "AWS API Call via CloudTrail", [], detail, at)


def notification(topic_arn: str, message: str, subject: str | None, at: dt.datetime) -> dict[str, Any]:
    """What SNS sends to a queue; its signature is no real one, since nothing here reads it."""
    told: dict[str, Any] = {
        "Type": "Notification",
        "MessageId": str(uuid.uuid4()),
        "TopicArn": topic_arn,
        "Message": message,
        "Timestamp": at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z",
        "SignatureVersion": "1",
        "Signature": "bm90IHNpZ25lZA==",
        "SigningCertURL": f"https://sns.{topic_arn.split(':')[3]}.amazonaws.com/SimpleNotificationService-0.pem",
        "UnsubscribeURL": f"https://sns.{topic_arn.split(':')[3]}.amazonaws.com/?Action=Unsubscribe",
    }
    return {**told, "Subject": subject} if subject else told


def sns_event(subscription_arn: str, told: dict[str, Any]) -> dict[str, Any]:
    """What SNS invokes a function with."""
    sns = {"Subject": None, **told, "MessageAttributes": {}}
    record = {"EventSource": "aws:sns", "EventVersion": "1.0", "EventSubscriptionArn": subscription_arn, "Sns": sns}
    return {"Records": [record]}


def sqs_event(queue_arn: str, messages: list[Any]) -> dict[str, Any]:
    """What Lambda's poller invokes a function with; the messages are moto's."""
    return {
        "Records": [
            {
                "messageId": message.id,
                "receiptHandle": message.receipt_handle,
                "body": message.body,
                "attributes": {
                    "ApproximateReceiveCount": str(message.approximate_receive_count),
                    "SentTimestamp": str(message.sent_timestamp),
                    "ApproximateFirstReceiveTimestamp": str(message.approximate_first_receive_timestamp),
                },
                "messageAttributes": {},
                "md5OfBody": message.body_md5,
                "eventSource": "aws:sqs",
                "eventSourceARN": queue_arn,
                "awsRegion": queue_arn.split(":")[3],
            }
            for message in messages
        ]
    }
