"""Narrow verbs that look whether something that is deployed is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client
    from types_boto3_sqs.client import SQSClient
    from types_boto3_ssm.client import SSMClient
    from types_boto3_stepfunctions.client import SFNClient

ABSENT = frozenset(
    {
        "404",
        "NoSuchBucket",
        "StateMachineDoesNotExist",
        "AWS.SimpleQueueService.NonExistentQueue",
        "QueueDoesNotExist",
        "ParameterNotFound",
    }
)
"""What the services answer of what is not there."""


def has_bucket(client: S3Client, name: str) -> bool:
    """Whether there is a bucket of that name that the caller reaches."""
    try:
        client.head_bucket(Bucket=name)
    except ClientError as error:
        return _absent(error)
    return True


def has_machine(client: SFNClient, arn: str) -> bool:
    """Whether there is a state machine, and it is not being deleted."""
    try:
        return client.describe_state_machine(stateMachineArn=arn)["status"] == "ACTIVE"
    except ClientError as error:
        return _absent(error)


def has_queue(client: SQSClient, url: str) -> bool:
    """Whether there is a queue."""
    try:
        client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
    except ClientError as error:
        return _absent(error)
    return True


def has_parameter(client: SSMClient, name: str) -> bool:
    """Whether there is a parameter; its value is not read out."""
    try:
        client.get_parameter(Name=name)
    except ClientError as error:
        return _absent(error)
    return True


def queue_arn(client: SQSClient, url: str) -> str:
    """The ARN of a queue."""
    return client.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]


def _absent(error: ClientError) -> bool:
    if error.response["Error"]["Code"] in ABSENT:
        return False
    raise error
