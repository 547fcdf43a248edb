"""Slack: post a text to a webhook, once, as Block Kit lays it out."""

from __future__ import annotations

from http.client import HTTPException
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError
from slack_sdk.errors import SlackClientError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler, ServerErrorRetryHandler
from slack_sdk.models.blocks import Block, ContextBlock, MarkdownTextObject, SectionBlock
from slack_sdk.webhook import WebhookClient

from fleetdx.log import logger_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_ssm.client import SSMClient

OK = 200
NO_WEBHOOK = "none"
"""What the parameter's name is where no webhook is configured (templates/central.yaml)."""


def blocks_of(text: str) -> list[Block]:
    """A message as Block Kit: its lines as one section, and the last, which says where the rest is, below in small.

    Args:
        text: Lines in Slack's mrkdwn, at most 3,000 characters; Slack cuts a section there.
    """
    body, _, last = text.rpartition("\n")
    if not body:
        return [SectionBlock(text=MarkdownTextObject(text=text))]
    return [SectionBlock(text=MarkdownTextObject(text=body)), ContextBlock(elements=[MarkdownTextObject(text=last)])]


def slack_sender(url: str) -> Callable[[str], bool]:
    """A function that posts to a Slack webhook; where Slack says 429 or 5xx the SDK posts again, twice at most.

    The SDK's handler of lost connections is left out: then Slack may have the message.
    """
    waiting = RateLimitErrorRetryHandler(max_retry_count=2)
    refused = ServerErrorRetryHandler(max_retry_count=2)
    client = WebhookClient(url, timeout=10, retry_handlers=[waiting, refused])

    def send(text: str) -> bool:
        try:
            return client.send(text=text, blocks=blocks_of(text)).status_code == OK
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
