"""Slack: post a text to a webhook, once."""

from __future__ import annotations

from http.client import HTTPException
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from slack_sdk.errors import SlackClientError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler
from slack_sdk.webhook import WebhookClient

from fleetdx.log import logger_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_ssm.client import SSMClient

OK = 200
NO_WEBHOOK = "none"
"""What the parameter's name is where no webhook is configured (templates/central.yaml)."""


def slack_sender(url: str) -> Callable[[str], bool]:
    """A function that posts to a Slack webhook; the SDK waits as Slack's rate limit asks.

    The SDK's own handlers are left out: they post again after a lost connection, when Slack may have the message.
    """
    client = WebhookClient(url, timeout=10, retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=2)])

    def send(text: str) -> bool:
        try:
            return client.send(text=text).status_code == OK
        except (SlackClientError, OSError, HTTPException, ValueError):
            # ValueError is urllib's word for an address that is none, and quotes it: a webhook's address is a secret.
            return False

    return send


def sender_for(parameter: str, ssm: Callable[[], SSMClient], function: str) -> Callable[[str], bool] | None:
    """What sends a text to the webhook that a parameter holds; None where none is configured.

    Args:
        parameter: Name of the SecureString parameter, or `none`.
        ssm: Makes a client of the central account's Systems Manager, once there is something to send.
        function: Whose log tells that the parameter cannot be read.
    """
    if parameter == NO_WEBHOOK:
        return None

    def send(text: str) -> bool:
        try:
            answer = ssm().get_parameter(Name=parameter, WithDecryption=True)
        except ClientError as error:
            # A webhook that cannot be read leaves the message unsent and recorded, as any other failure to send.
            logger_for(function).warning("the webhook's parameter cannot be read: %s", error.response["Error"]["Code"])
            return False
        return slack_sender(answer["Parameter"]["Value"])(text)

    return send
