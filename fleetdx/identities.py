"""A narrow verb over STS: send a request that somebody else has signed, and learn who that was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

from botocore.awsrequest import AWSRequest
from botocore.httpsession import URLLib3Session
from botocore.parsers import QueryParser

from fleetdx.entrypoint import THROTTLE_CODES
from fleetdx.errors import RequesterNotProven, ServiceThrottled, ServiceUnavailable

if TYPE_CHECKING:
    from types_boto3_sts.client import STSClient

    from fleetdx.proofs import Question

OK: Final = 200
SERVER_FAULT: Final = 500
SECONDS: Final = 10


class Identity(NamedTuple):
    """Whose signature it is, as STS says: the ARN of a user or of a role's session, the account, and the unique id."""

    arn: str
    account: str
    user_id: str


def identity_behind(question: Question, sts: STSClient) -> Identity:
    """Ask STS, at the endpoint of a client of ours, who has signed a request. It redirects nowhere.

    Raises:
        RequesterNotProven: STS refuses the request; with AWS's code for it, never its text, which quotes the request.
        ServiceThrottled: STS is asked too often.
        ServiceUnavailable: STS did not answer, or not as it should.
    """
    asked = AWSRequest("GET", f"{sts.meta.endpoint_url}/?{question.query}", headers=dict(question.headers)).prepare()
    answer = URLLib3Session(timeout=SECONDS).send(asked)
    if answer.status_code >= SERVER_FAULT:
        raise ServiceUnavailable(f"GetCallerIdentity: HTTP {answer.status_code}")
    shape: Any = sts.meta.service_model.operation_model("GetCallerIdentity").output_shape
    told: dict[str, Any] = QueryParser().parse(
        {"status_code": answer.status_code, "headers": dict(answer.headers), "body": answer.content}, shape
    )
    if answer.status_code != OK:
        code = told.get("Error", {}).get("Code") or str(answer.status_code)
        if code in THROTTLE_CODES:
            raise ServiceThrottled(f"GetCallerIdentity: {code}")
        raise RequesterNotProven(f"STS refuses the signature: {code}")
    if not all(told.get(name) for name in ("Arn", "Account", "UserId")):
        raise ServiceUnavailable("GetCallerIdentity: the answer names nobody")
    return Identity(told["Arn"], told["Account"], told["UserId"])
