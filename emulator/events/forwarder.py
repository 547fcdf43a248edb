"""Control Tower's NotificationForwarder: what a topic of a member account says, published again in the audit account.

Written from two independent copies of AWS's function: the first record only; a message that is JSON is written anew
with an indentation of 4 and its detail-type becomes the subject; attributes, message id and topic are lost.
"""

from __future__ import annotations

import json
import os
from typing import Any

from fleetdx.sessions import own_session


def lambda_handler(event: dict[str, Any], context: object) -> None:  # noqa: ARG001 - Lambda gives both
    """Publish the first record's message to the topic that `sns_arn` names."""
    told = event["Records"][0]["Sns"]
    subject, message = told.get("Subject") or "None", told["Message"]
    try:
        inner = json.loads(message)
        message = json.dumps(inner, indent=4)
        subject = inner.get("detail-type", subject)
    except (ValueError, AttributeError):
        pass
    topic = os.environ["sns_arn"]  # noqa: SIM112 - Control Tower's own name
    own_session().client("sns").publish(TopicArn=topic, Subject=str(subject)[:99], Message=message)
