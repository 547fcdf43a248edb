"""A refused request, and the words each AWS service refuses it in.

The S3 code is the name of the problem; other services say the same thing in other words and statuses. `NotAuthorized`
is a problem of those others alone: in S3's words it is AccessDenied, which for them is a missing signature.
Source of the codes: the API references of S3 ("Error responses"), IAM, EC2 and SSM ("Common errors").
"""

from __future__ import annotations

import json
import secrets
from typing import Literal
from xml.sax.saxutils import escape

from emulator.front_door.messages import Answer, Request

# What the query protocol (STS, IAM, CloudFormation, SNS) and the JSON protocols (SSM, Lambda, Step Functions) call an
# S3 problem.
_QUERY_WORDS = {
    "AccessDenied": ("MissingAuthenticationToken", 403),
    "NotAuthorized": ("AccessDenied", 403),
    "InvalidAccessKeyId": ("InvalidClientTokenId", 403),
    "InvalidToken": ("InvalidClientTokenId", 403),
    "ExpiredToken": ("ExpiredToken", 403),
    "SignatureDoesNotMatch": ("SignatureDoesNotMatch", 403),
    "RequestTimeTooSkewed": ("SignatureDoesNotMatch", 403),
    "AuthorizationHeaderMalformed": ("IncompleteSignature", 400),
}
_JSON_WORDS = {
    "AccessDenied": ("MissingAuthenticationTokenException", 403),
    "NotAuthorized": ("AccessDeniedException", 400),
    "InvalidAccessKeyId": ("UnrecognizedClientException", 400),
    "InvalidToken": ("UnrecognizedClientException", 400),
    "ExpiredToken": ("ExpiredTokenException", 400),
    "SignatureDoesNotMatch": ("InvalidSignatureException", 400),
    "RequestTimeTooSkewed": ("InvalidSignatureException", 400),
    "AuthorizationHeaderMalformed": ("IncompleteSignatureException", 400),
}
_EC2_WORDS = {
    **_QUERY_WORDS,
    "NotAuthorized": ("UnauthorizedOperation", 403),
    "InvalidAccessKeyId": ("AuthFailure", 401),
    "InvalidToken": ("AuthFailure", 401),
    "SignatureDoesNotMatch": ("AuthFailure", 401),
    "ExpiredToken": ("RequestExpired", 400),
    "RequestTimeTooSkewed": ("RequestExpired", 400),
}
Shape = Literal["s3", "ec2", "query", "json"]
_ENVELOPES: dict[Shape, tuple[str, str]] = {
    "s3": ("<Error>", "</Error>"),
    "ec2": ("<Response><Errors><Error>", "</Error></Errors></Response>"),
    "query": ("<ErrorResponse><Error><Type>Sender</Type>", "</Error></ErrorResponse>"),
}


class Refused(Exception):  # a refusal is the normal work of a door, not an error of ours
    """A request that AWS would not serve: S3's error code, one sentence, and S3's HTTP status."""

    def __init__(self, code: str, message: str, status: int = 403) -> None:
        """Name the problem in S3's words."""
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


def refusal_answer(refused: Refused, service: str, request: Request) -> Answer:
    """Put a refusal into the shape the called service uses, so that AWS's client libraries understand it."""
    if service == "s3":
        return error_answer("s3", refused.code, refused.status, refused.message)
    shape: Shape
    if service == "ec2":
        shape, words = "ec2", _EC2_WORDS
    elif service == "sts" or is_query_protocol(request):
        shape, words = "query", _QUERY_WORDS
    else:
        shape, words = "json", _JSON_WORDS
    code, status = words.get(refused.code, (refused.code, refused.status))
    return error_answer(shape, code, status, refused.message)


def error_answer(shape: Shape, code: str, status: int, message: str) -> Answer:
    """Say an error as one of AWS's protocols does; `query` is that of STS, IAM, CloudFormation and SNS."""
    request_id = secrets.token_hex(8).upper()
    if shape != "json":
        opening, closing = _ENVELOPES[shape]
        return _xml(status, opening, code, message, request_id, closing)
    body = json.dumps({"__type": code, "message": message}).encode()
    headers = (
        ("Content-Type", "application/x-amz-json-1.1"),
        ("x-amzn-errortype", code),
        ("x-amzn-requestid", request_id),
    )
    return Answer(status, headers, body)


def is_query_protocol(request: Request) -> bool:
    """Tell whether a request speaks AWS's query protocol: a form with an Action."""
    return request.headers.get("content-type", "").startswith("application/x-www-form-urlencoded")


def _xml(status: int, opening: str, code: str, message: str, request_id: str, closing: str) -> Answer:
    body = (
        f'<?xml version="1.0" encoding="UTF-8"?>\n{opening}<Code>{escape(code)}</Code>'
        f"<Message>{escape(message)}</Message><RequestId>{request_id}</RequestId>{closing}"
    )
    return Answer(status, (("Content-Type", "application/xml"), ("x-amz-request-id", request_id)), body.encode())
