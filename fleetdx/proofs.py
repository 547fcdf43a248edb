"""Proofs of who asks: a request to STS's GetCallerIdentity that the caller has signed and somebody else sends. Pure.

AWS alone can say whose signature it is. The signature covers two headers, so that it counts for one execution and one
input alone; of what comes from the caller only values go into the request that is sent, never a host or a path.
Source: "Authenticating Requests: Using Query Parameters" of Signature Version 4, and the same way of HashiCorp Vault's
AWS auth method and of aws-iam-authenticator.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from typing import TYPE_CHECKING, Any, Final, NamedTuple, TypedDict
from urllib.parse import parse_qsl, urlencode

from fleetdx.errors import RequesterNotProven

if TYPE_CHECKING:
    from collections.abc import Mapping

EXECUTION_HEADER: Final = "x-fleetdx-execution"
REQUEST_HEADER: Final = "x-fleetdx-request"
SIGNED_HEADERS: Final = f"host;{EXECUTION_HEADER};{REQUEST_HEADER}"
LIFETIME_SECONDS: Final = 60
MOST_SKEW: Final = dt.timedelta(minutes=5)
"""How far the caller's clock may be off; AWS takes as much (Signature Version 4, "Troubleshooting")."""
MAXIMUM_BYTES: Final = 8_192
"""A session token has no fixed size; those of AWS have stayed far below ("Temporary security credentials")."""
FIXED: Final = {"Action": "GetCallerIdentity", "Version": "2011-06-15", "X-Amz-Algorithm": "AWS4-HMAC-SHA256"}
SIGNATURE: Final = ("X-Amz-Credential", "X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Signature")
OPTIONAL: Final = frozenset({"X-Amz-Security-Token"})
"""Only the keys of a role's session have one."""
EXECUTION_PATTERN: Final = re.compile(
    r"arn:aws[a-z-]*:states:[a-z0-9-]{1,32}:[0-9]{12}:execution:[A-Za-z0-9_-]{1,80}:[A-Za-z0-9_-]{1,80}", re.ASCII
)
_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_MOMENT: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z", re.ASCII)
_PLAIN: Final = re.compile(r"[\x21-\x7e]*", re.ASCII)


class Proof(TypedDict):
    """What a caller hands in: the execution's ARN, the digest of its input, and the query of the signed request."""

    execution: str
    request_sha256: str
    query: str


class Question(NamedTuple):
    """What STS is to be asked: GET / with this query and these headers, at an endpoint that the asker knows."""

    query: str
    headers: Mapping[str, str]


def digest_of(request: Any) -> str:  # noqa: ANN401 - whatever an execution was started with
    """The SHA-256 of an execution's input, whatever the order of its fields."""
    text = json.dumps(request, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def headers_of(execution: str, request_sha256: str) -> dict[str, str]:
    """The headers that bind a signature to one execution and its input."""
    return {EXECUTION_HEADER: execution, REQUEST_HEADER: request_sha256}


def question_of(given: Any, region: str, now: dt.datetime) -> Question:  # noqa: ANN401 - anybody's word
    """What to ask STS about a proof.

    Args:
        given: What was handed in.
        region: Where STS is asked; the signature has to be for it.
        now: The moment (UTC).

    Raises:
        RequesterNotProven: It is no proof, or one that must not be believed whatever STS says.
    """
    proof = _proof(given)
    fields = _fields(proof["query"])
    _check_scope(fields["X-Amz-Credential"], fields["X-Amz-Date"], region)
    _check_time(fields["X-Amz-Date"], fields["X-Amz-Expires"], now)
    if fields["X-Amz-SignedHeaders"] != SIGNED_HEADERS:
        raise RequesterNotProven(f"the signature has to cover the headers {SIGNED_HEADERS} and no other")
    return Question(urlencode(fields), headers_of(proof["execution"], proof["request_sha256"]))


def _proof(given: Any) -> Proof:  # noqa: ANN401 - anybody's word
    if not isinstance(given, dict) or given.keys() != Proof.__annotations__.keys():
        raise RequesterNotProven(f"a proof has the fields {', '.join(Proof.__annotations__)} and no other")
    if not all(isinstance(value, str) for value in given.values()):
        raise RequesterNotProven("every field of a proof is a text")
    if not EXECUTION_PATTERN.fullmatch(given["execution"]):
        raise RequesterNotProven("execution is no ARN of an execution")
    if not _DIGEST.fullmatch(given["request_sha256"]):
        raise RequesterNotProven("request_sha256 is no SHA-256 in hexadecimal digits")
    return Proof(execution=given["execution"], request_sha256=given["request_sha256"], query=given["query"])


def _fields(query: str) -> dict[str, str]:
    if len(query) > MAXIMUM_BYTES:
        raise RequesterNotProven(f"the query has {len(query):,} characters; at most {MAXIMUM_BYTES:,} are read")
    if not _PLAIN.fullmatch(query):
        raise RequesterNotProven("the query has characters that no address has")
    try:
        pairs = parse_qsl(query, strict_parsing=True, keep_blank_values=True, max_num_fields=32, errors="strict")
    except ValueError:
        raise RequesterNotProven("the query is no list of names and values") from None
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise RequesterNotProven("a name stands twice in the query")
    if fields.keys() - OPTIONAL != {*FIXED, *SIGNATURE}:
        raise RequesterNotProven("the query is not that of a presigned GetCallerIdentity, and of nothing else")
    if any(fields[name] != value for name, value in FIXED.items()):
        raise RequesterNotProven("the query is not that of GetCallerIdentity, signed with AWS4-HMAC-SHA256")
    if not all(value and _PLAIN.fullmatch(value) for value in fields.values()):
        raise RequesterNotProven("a value of the query is empty, or not of plain characters")
    return fields


def _check_scope(credential: str, moment: str, region: str) -> None:
    if credential.split("/")[1:] != [moment[:8], region, "sts", "aws4_request"]:
        raise RequesterNotProven(f"the signature is not one of its day for STS in {region}")


def _check_time(moment: str, expires: str, now: dt.datetime) -> None:
    if expires != str(LIFETIME_SECONDS):
        raise RequesterNotProven(f"the signature has to expire after {LIFETIME_SECONDS} seconds")
    signed_at = _moment(moment)
    if signed_at > now + MOST_SKEW:
        raise RequesterNotProven("it was signed in the future; set the clock of the machine that signed it")
    # STS itself would take it for 15 minutes, whatever it says of its expiry.
    if now > signed_at + dt.timedelta(seconds=LIFETIME_SECONDS) + MOST_SKEW:
        raise RequesterNotProven("it has expired; sign anew, on a machine whose clock is right")


def _moment(text: str) -> dt.datetime:
    fault = RequesterNotProven("X-Amz-Date is no moment")
    if not _MOMENT.fullmatch(text):
        raise fault
    try:
        return dt.datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)
    except ValueError:
        raise fault from None
