"""Prove who asks for an execution, before it is started: with the caller's own credentials, by AWS's own word."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING, Any, Final

from botocore.auth import SigV4QueryAuth
from botocore.awsrequest import AWSRequest

from fleetdx.cli.problems import UsageProblem
from fleetdx.errors import ServiceThrottled, ServiceUnavailable
from fleetdx.executions import execution_arn
from fleetdx.proofs import FIXED, LIFETIME_SECONDS, Proof, digest_of, headers_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import boto3

FUNCTION: Final = "fleetdx-prove-requester"
"""As templates/central.yaml names it."""


PASSING: Final = frozenset({ServiceThrottled.__name__, ServiceUnavailable.__name__})
"""Errors of the function after which another try may succeed."""
WAITS: Final = (0.5, 1.0, 2.0, 4.0)
"""Seconds before another try."""


def prove(
    session: boto3.session.Session,
    machine: str,
    name: str,
    content: Mapping[str, Any],
    waits: Sequence[float] = WAITS,
) -> str:
    """Have it written down who is about to start an execution, and return the caller's ARN.

    Args:
        session: The caller's.
        machine: ARN of the state machine.
        name: The execution's name.
        content: Its input, as it will be given.
        waits: Seconds before each further try, where AWS is busy or does not answer.

    Raises:
        UsageProblem: AWS does not believe it.
        ClientError: The caller may not have it written down; aws_refusals.py tells that as of any other call.
    """
    execution, function = execution_arn(machine, name), session.client("lambda")
    told: dict[str, Any] = {}
    for wait in (0.0, *waits):
        time.sleep(wait)
        # Signed anew each time: a proof lives a minute.
        proof = json.dumps(proof_of(session, execution, content)).encode()
        answer = function.invoke(FunctionName=FUNCTION, Payload=proof)
        told = json.loads(answer["Payload"].read())
        if not answer.get("FunctionError"):
            return str(told["requester"])
        if told.get("errorType") not in PASSING:
            break
    raise UsageProblem("--aws", f"who asks cannot be proven: {told.get('errorType')}: {told.get('errorMessage')}")


def proof_of(session: boto3.session.Session, execution: str, content: Mapping[str, Any]) -> Proof:
    """A question to STS, signed by a session for one execution and its input, and not sent."""
    digest = digest_of(content)
    client = session.client("sts")
    query = "&".join(f"{name}={value}" for name, value in FIXED.items() if not name.startswith("X-Amz-"))
    asked = AWSRequest("GET", f"{client.meta.endpoint_url}/?{query}", headers=headers_of(execution, digest))
    credentials = session.get_credentials()
    if credentials is None:
        raise UsageProblem("--aws", "there are no AWS credentials; name a profile with --aws-profile, or sign in first")
    keys = credentials.get_frozen_credentials()
    SigV4QueryAuth(keys, "sts", session.region_name, expires=LIFETIME_SECONDS).add_auth(asked)
    return Proof(execution=execution, request_sha256=digest, query=str(asked.url).partition("?")[2])
