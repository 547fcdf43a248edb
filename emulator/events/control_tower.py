"""Builds what Control Tower has in governed accounts, as far as events pass through it: topics and forwarders.

Names and shape: "How AWS Control Tower works" in its guide, and dumps of its stack sets (one topic, one forwarder and
its role per member account and region; one aggregate topic per region in the audit account).
"""

from __future__ import annotations

import io
import json
import zipfile
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable

    import boto3

    from emulator.hosts.organization import Organization

SECURITY_TOPIC: Final = "aws-controltower-SecurityNotifications"
AGGREGATE_TOPIC: Final = "aws-controltower-AggregateSecurityNotifications"
FORWARDER: Final = "aws-controltower-NotificationForwarder"
FORWARDER_ROLE: Final = "aws-controltower-ForwardSnsNotificationRole"
HANDLER: Final = "emulator.events.forwarder.lambda_handler"


def build(session_for: Callable[[str, str], boto3.session.Session], organization: Organization, audit: str) -> None:
    """Make topics, forwarders and their roles in every active account and region; `audit` is the audit account's id."""
    accounts = [account.id for account in organization.accounts if account.status == "ACTIVE"]
    for region in organization.regions:
        session_for(audit, region).client("sns").create_topic(Name=AGGREGATE_TOPIC)
    for account in accounts:
        role = _role(session_for(account, organization.regions[0]), audit)
        for region in organization.regions:
            aggregate = f"arn:aws:sns:{region}:{audit}:{AGGREGATE_TOPIC}"
            _forwarder(session_for(account, region), role, aggregate)


def _role(session: boto3.session.Session, audit: str) -> str:
    iam = session.client("iam")
    trust = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    made = iam.create_role(RoleName=FORWARDER_ROLE, Path="/service-role/", AssumeRolePolicyDocument=document)
    publish = {"Effect": "Allow", "Action": "sns:Publish", "Resource": f"arn:aws:sns:*:{audit}:{AGGREGATE_TOPIC}"}
    policy = json.dumps({"Version": "2012-10-17", "Statement": [publish]})
    iam.put_role_policy(RoleName=FORWARDER_ROLE, PolicyName="sns", PolicyDocument=policy)
    arn: str = made["Role"]["Arn"]
    return arn


def _forwarder(session: boto3.session.Session, role: str, aggregate: str) -> None:
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.py", "")
    client: Any = session.client("lambda")
    function = client.create_function(
        FunctionName=FORWARDER,
        Role=role,
        Handler=HANDLER,
        Runtime="python3.13",
        Code={"ZipFile": code.getvalue()},
        Environment={"Variables": {"sns_arn": aggregate}},
    )
    sns = session.client("sns")
    topic = sns.create_topic(Name=SECURITY_TOPIC)["TopicArn"]
    sns.subscribe(TopicArn=topic, Protocol="lambda", Endpoint=function["FunctionArn"])
