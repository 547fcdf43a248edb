"""RequestMending: put every instance that can be mended into the queue of events, as if its event had come.

receive_event stays the only one that starts ensure_ssm_ready: what the sweep found is a hint like any event, and an
instance that an execution takes care of already is left to it.
"""

from __future__ import annotations

import json
from itertools import islice
from typing import TYPE_CHECKING, TypedDict

from fleetdx import keys
from fleetdx.coverage.lines import event_id_of
from fleetdx.entrypoint import entrypoint
from fleetdx.errors import ServiceUnavailable
from fleetdx.events import OpenedSweep
from fleetdx.instance_events import found_unmanaged
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from types_boto3_sqs.client import SQSClient

    from fleetdx.coverage.models import CoverageLine

MESSAGES_A_CALL = 10
"""SendMessageBatch takes no more (botocore's sqs model)."""


class Input(OpenedSweep):
    """The sweep whose lines are read."""


class Output(TypedDict):
    """How many instances were put into the queue."""

    requested: int


def run(event: Input, data: Bucket, sqs: SQSClient, queue: str) -> Output:
    """Send one message an instance, ten a call.

    Raises:
        ServiceUnavailable: The queue refused some; sent again, they are the same events.
    """
    lines = data.get_lines(keys.coverage_out(event["sweep"], "coverage.jsonl"))
    messages = _messages(lines)  # type: ignore[arg-type]  # lines that we wrote
    requested = 0
    while batch := list(islice(messages, MESSAGES_A_CALL)):
        entries = [{"Id": str(number), "MessageBody": body} for number, body in enumerate(batch)]
        answer = sqs.send_message_batch(QueueUrl=queue, Entries=entries)  # type: ignore[arg-type]
        if answer.get("Failed"):
            raise ServiceUnavailable(f"SendMessageBatch: {len(answer['Failed'])} messages were not taken")
        requested += len(batch)
    return {"requested": requested}


def _messages(lines: Iterable[CoverageLine]) -> Iterator[str]:
    for line in lines:
        if line["mendable"] and line["instance"] is not None:
            yield json.dumps(
                found_unmanaged(line["account"], line["region"], line["instance"], line["at"], event_id_of(line))
            )


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    session = own_session()
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"))
    return run(event, data, session.client("sqs"), setting("EVENTS_QUEUE_URL"))
