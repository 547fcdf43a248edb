"""Events as AWS sends them, and what wraps them on their way."""

from __future__ import annotations

import json
from typing import Any

ACCOUNT, OTHER, REGION, INSTANCE = "111122223333", "444455556666", "ap-northeast-2", "i-0123456789abcdef0"
TIME = "2026-11-26T02:15:00Z"


def state_change(state: str = "running", **changes: Any) -> dict[str, Any]:
    """EC2's own event (the EC2 guide's example)."""
    return {
        "version": "0",
        "id": "7bf73129-1428-4cd3-a780-95db273d1602",
        "detail-type": "EC2 Instance State-change Notification",
        "source": "aws.ec2",
        "account": ACCOUNT,
        "time": TIME,
        "region": REGION,
        "resources": [f"arn:aws:ec2:{REGION}:{ACCOUNT}:instance/{INSTANCE}"],
        "detail": {"instance-id": INSTANCE, "state": state},
        **changes,
    }


def api_call(name: str, **record: Any) -> dict[str, Any]:
    """CloudTrail's record of a call, as EventBridge delivers it; more of the record by name."""
    association = {"associationId": "iip-assoc-060b", "instanceId": INSTANCE, "state": "associating"}
    requests: dict[str, Any] = {
        "AssociateIamInstanceProfile": {"InstanceId": INSTANCE, "IamInstanceProfile": {"Name": "web"}},
        "ReplaceIamInstanceProfileAssociation": {"AssociationId": "iip-assoc-060b"},
    }
    return {
        **state_change(),
        "id": "8c1f5a52-7f60-4c1e-9d0a-3b6f2f1f7a10",
        "detail-type": "AWS API Call via CloudTrail",
        "resources": [],
        "detail": {
            "eventVersion": "1.09",
            "eventSource": "ec2.amazonaws.com",
            "eventName": name,
            "awsRegion": REGION,
            "recipientAccountId": ACCOUNT,
            "requestParameters": {f"{name}Request": requests.get(name, {"AssociationId": "iip-assoc-060b"})},
            "responseElements": {f"{name}Response": {"iamInstanceProfileAssociation": association}},
            **record,
        },
    }


def in_sns(event: Any) -> dict[str, Any]:
    """The envelope in which SNS hands a message to a queue."""
    text = event if isinstance(event, str) else json.dumps(event)
    return {
        "Type": "Notification",
        "MessageId": "22b80b92-fdea-4c2c-8f9d-bdfb0c7bf324",
        "TopicArn": f"arn:aws:sns:{REGION}:{OTHER}:aws-controltower-AggregateSecurityNotifications",
        "Subject": "EC2 Instance State-change Notification",
        "Message": text,
        "Timestamp": "2026-11-26T02:15:01.012Z",
    }


def forwarded(event: Any) -> dict[str, Any]:
    """What Control Tower's forwarder publishes: the event written anew with indentation, in a second envelope."""
    return in_sns(json.dumps(event if isinstance(event, dict) else json.loads(event), indent=4))
