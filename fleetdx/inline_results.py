"""Results that come back in the output of a command: one call an instance, under a budget a batch.

The verdicts came with the digest already, 50 instances a call; what is read here adds the evidence. So where AWS
answers slowly or refuses, reading stops, and what was not read is told as not received.
"""

from __future__ import annotations

import base64
import binascii
import time
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError

from fleetdx import ssm
from fleetdx.entrypoint import NO_ANSWER, translate
from fleetdx.errors import ServiceThrottled, ServiceUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from types_boto3_ssm.client import SSMClient

STEP = "Send"


class Outputs(NamedTuple):
    """What was read: bodies by instance, and why reading stopped before all were read; empty where it did not."""

    bodies: dict[str, bytes]
    stopped: str


class Budget(NamedTuple):
    """What reading the results of one batch may cost: calls, seconds, and calls that AWS refused for their rate."""

    calls: int = 50
    seconds: float = 90.0
    refusals: int = 5


def read_outputs(
    client: SSMClient,
    command: str,
    instances: Iterable[str],
    budget: Budget = Budget(),  # noqa: B008 - immutable
    clock: Callable[[], float] = time.monotonic,
) -> Outputs:
    """The results that these instances printed, as far as the budget lasts; without those that are no base64.

    A call that AWS refuses for its rate, or does not answer, is repeated after all others.

    Args:
        client: SSM in the member account; it must not repeat calls itself, or the budget would not hold.
        command: The command's id.
        instances: Whose results to read, in this order.
        budget: When to stop.
        clock: Seconds that only grow.
    """
    waiting, found = deque(instances), dict[str, bytes]()
    calls, refusals, began = 0, 0, clock()
    while waiting:
        if calls >= budget.calls or refusals >= budget.refusals or clock() - began >= budget.seconds:
            spent = f"{calls} calls, {refusals} of them refused"
            return Outputs(found, f"The budget for reading outputs was spent after {spent}.")
        instance, calls = waiting.popleft(), calls + 1
        try:
            output = ssm.step_output(client, command, instance, STEP)
        except ClientError as error:
            ours = translate(error)
            if not isinstance(ours, ServiceThrottled | ServiceUnavailable):
                # Refused for whoever asks: the member's role is older than this call, for instance.
                return Outputs(found, f"GetCommandInvocation: {error.response['Error']['Code']}.")
            refusals += 1
            waiting.append(instance)
        except (*NO_ANSWER, ServiceUnavailable):
            refusals += 1
            waiting.append(instance)
        else:
            body = _decoded(output)
            found |= {} if body is None else {instance: body}
    return Outputs(found, "")


def _decoded(output: str) -> bytes | None:
    try:
        return base64.b64decode(output.strip(), validate=True)
    except (binascii.Error, ValueError):
        return None
