"""Verify AWS Signature Version 4 on a request: signed headers, or a presigned URL. Pure: time and keys are given in.

Source: "AWS Signature Version 4 for API requests" in the IAM user guide, "Authenticating Requests" in the S3 API
reference.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote_to_bytes

from emulator.front_door.credentials import IssuedCredentials
from emulator.front_door.refusals import Refused, is_query_protocol

if TYPE_CHECKING:
    from emulator.front_door.messages import Request

ALGORITHM = "AWS4-HMAC-SHA256"
MAX_PRESIGNED_SECONDS = 604_800  # one week
MAX_SKEW = timedelta(minutes=15)
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
SIGNATURE_MISMATCH = (
    "The request signature we calculated does not match the signature you provided. Check your key and signing method."
)

FindCredentials = Callable[[str], IssuedCredentials | None]

_SCOPE_PARTS = 5
_UNRESERVED = "-_.~"
_TIMESTAMP = re.compile(r"[0-9]{8}T[0-9]{6}Z")
_HEADER = re.compile(
    rf"{ALGORITHM}\s+Credential=([^,\s]+)\s*,\s*SignedHeaders=([^,\s]+)\s*,\s*Signature=([0-9a-f]{{64}})"
)
_SIGNING_PARAMETERS = (
    "X-Amz-Algorithm",
    "X-Amz-Credential",
    "X-Amz-Date",
    "X-Amz-Expires",
    "X-Amz-SignedHeaders",
    "X-Amz-Signature",
)


@dataclass(frozen=True, slots=True)
class Scope:
    """The credential scope: whose key, which day, region and service the signature is good for."""

    access_key_id: str
    date: str
    region: str
    service: str

    def __str__(self) -> str:
        """Give the scope as it stands in the string to sign (without the key)."""
        return f"{self.date}/{self.region}/{self.service}/aws4_request"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a request says about its own signature, not yet believed."""

    scope: Scope
    timestamp: str
    signed_headers: Sequence[str]
    signature: str
    session_token: str | None
    expires_seconds: int | None  # None: signed headers, not a presigned URL


def parse_scope(text: str, timestamp: str, refused_code: str) -> Scope:
    """Read `KEY/DATE/REGION/SERVICE/aws4_request`; Refused when malformed or of another day than `timestamp`."""
    parts = text.rsplit("/", _SCOPE_PARTS - 1)
    if len(parts) != _SCOPE_PARTS or parts[-1] != "aws4_request" or not all(parts):
        message = "The Credential is mal-formed; expecting <YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request."
        raise Refused(refused_code, message, 400)
    if not _TIMESTAMP.fullmatch(timestamp) or timestamp[:8] != parts[1]:
        raise Refused(refused_code, "Invalid credential date: it is not the same as X-Amz-Date.", 400)
    return Scope(*parts[:4])


def is_presigned(request: Request) -> bool:
    """Tell whether the query string carries a signature."""
    return any(name == "X-Amz-Signature" for name, _ in _pairs(request.query))


def claimed_service(request: Request) -> str:
    """Name the service a request claims to be signed for, S3 when it claims nothing: a refusal uses its words."""
    claims = [
        request.headers.get("authorization", ""),
        *(value for name, value in _pairs(request.query) if name == "X-Amz-Credential"),
    ]
    match = re.search(r"/[0-9]{8}/[a-z0-9-]+/([a-z0-9-]+)/aws4_request", " ".join(claims))
    if match is None:
        return "sts" if request.path == "/" and is_query_protocol(request) else "s3"
    return match[1]


def header_claim(request: Request) -> Claim:
    """Read the Authorization header; Refused when it is missing or not Signature Version 4."""
    authorization = request.headers.get("authorization")
    if authorization is None:
        raise Refused("AccessDenied", "Access Denied")
    match = _HEADER.fullmatch(authorization.strip())
    if match is None:
        raise Refused("AuthorizationHeaderMalformed", "The authorization header is malformed.", 400)
    timestamp = request.headers.get("x-amz-date", "")
    scope = parse_scope(match[1], timestamp, "AuthorizationHeaderMalformed")
    token = request.headers.get("x-amz-security-token")
    return Claim(scope, timestamp, tuple(match[2].split(";")), match[3], token, None)


def presigned_claim(request: Request) -> Claim:
    """Read the signature of a presigned URL; Refused when a parameter is missing, doubled or out of range."""
    code = "AuthorizationQueryParametersError"
    if "authorization" in request.headers:
        raise Refused("InvalidArgument", "Only one auth mechanism allowed.", 400)
    values: dict[str, str] = {}
    for name, value in _pairs(request.query):
        if name.startswith("X-Amz-") and name in values:
            raise Refused(code, f"{name} is given more than once.", 400)
        values[name] = value
    if not all(values.get(name) for name in _SIGNING_PARAMETERS) or values["X-Amz-Algorithm"] != ALGORITHM:
        names = ", ".join(_SIGNING_PARAMETERS)
        raise Refused(code, f"Query-string authentication version 4 requires the {names} parameters.", 400)
    expires = values["X-Amz-Expires"]
    if not re.fullmatch(r"[0-9]{1,6}", expires) or int(expires) > MAX_PRESIGNED_SECONDS:
        raise Refused(code, "X-Amz-Expires must be less than a week (in seconds) that is 604800", 400)
    scope = parse_scope(values["X-Amz-Credential"], values["X-Amz-Date"], code)
    signed = tuple(values["X-Amz-SignedHeaders"].split(";"))
    token = values.get("X-Amz-Security-Token")
    return Claim(scope, values["X-Amz-Date"], signed, values["X-Amz-Signature"], token, int(expires))


def verify_request(request: Request, claim: Claim, find: FindCredentials, now: datetime) -> IssuedCredentials:
    """Believe a claim or raise Refused: key known, token its own, not expired, time right, signature matching."""
    credentials = known_credentials(claim.scope.access_key_id, claim.session_token, find, now)
    _check_time(claim, now)
    unsigned = [name for name in request.headers if name.startswith("x-amz-") and name not in claim.signed_headers]
    if unsigned or "host" not in claim.signed_headers:
        raise Refused("AccessDenied", "There were headers present in the request which were not signed")
    expected = sign(credentials.secret_access_key, claim.scope, _string_to_sign(request, claim))
    if not hmac.compare_digest(expected.encode(), claim.signature.encode()):
        raise Refused("SignatureDoesNotMatch", SIGNATURE_MISMATCH)
    _check_payload(request, claim)
    return credentials


def known_credentials(access_key_id: str, token: str | None, find: FindCredentials, now: datetime) -> IssuedCredentials:
    """Find the key and check its session token and expiry; Refused as AWS does. The signature is not looked at."""
    credentials = find(access_key_id)
    if credentials is None:
        raise Refused("InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
    if not hmac.compare_digest((credentials.session_token or "").encode(), (token or "").encode()):
        raise Refused("InvalidToken", "The provided token is malformed or otherwise invalid.", 400)
    if credentials.expiration is not None and credentials.expiration <= now:
        raise Refused("ExpiredToken", "The provided token has expired.", 400)
    return credentials


def sign(secret_access_key: str, scope: Scope, text: str) -> str:
    """Derive the day's signing key for a region and service and sign with it; hexadecimal."""
    key = f"AWS4{secret_access_key}".encode()
    for part in (scope.date, scope.region, scope.service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()


def parse_timestamp(text: str) -> datetime:
    """Read X-Amz-Date; Refused for a date that no calendar has."""
    try:
        return datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError as error:
        raise Refused("AccessDenied", "AWS authentication requires a valid Date or x-amz-date header") from error


def _check_time(claim: Claim, now: datetime) -> None:
    signed_at = parse_timestamp(claim.timestamp)
    if claim.expires_seconds is None:
        if abs(now - signed_at) > MAX_SKEW:
            message = "The difference between the request time and the current time is too large."
            raise Refused("RequestTimeTooSkewed", message)
        return
    if signed_at > now + MAX_SKEW:
        raise Refused("AccessDenied", "Request is not valid yet")
    if now >= signed_at + timedelta(seconds=claim.expires_seconds):
        raise Refused("AccessDenied", "Request has expired")


def _check_payload(request: Request, claim: Claim) -> None:
    declared = request.headers.get("x-amz-content-sha256", UNSIGNED_PAYLOAD)
    # The chunk signatures of a STREAMING upload are not verified: the seed signature over the headers is.
    if claim.scope.service != "s3" or declared == UNSIGNED_PAYLOAD or declared.startswith("STREAMING-"):
        return
    if declared != hashlib.sha256(request.body).hexdigest():
        message = "The provided 'x-amz-content-sha256' header does not match what was computed."
        raise Refused("XAmzContentSHA256Mismatch", message, 400)


def _string_to_sign(request: Request, claim: Claim) -> str:
    digest = hashlib.sha256(_canonical_request(request, claim).encode()).hexdigest()
    return f"{ALGORITHM}\n{claim.timestamp}\n{claim.scope}\n{digest}"


def _canonical_request(request: Request, claim: Claim) -> str:
    is_s3 = claim.scope.service == "s3"
    headers = "".join(f"{name}:{' '.join(request.headers.get(name, '').split())}\n" for name in claim.signed_headers)
    if is_s3:
        payload = request.headers.get("x-amz-content-sha256", UNSIGNED_PAYLOAD)
    else:
        payload = hashlib.sha256(request.body).hexdigest()
    lines = (request.method, _canonical_path(request.path, is_s3=is_s3), _canonical_query(request.query), headers)
    return "\n".join((*lines, ";".join(claim.signed_headers), payload))


def _canonical_path(path: str, *, is_s3: bool) -> str:
    if is_s3:  # S3 encodes a key once and keeps its dots and slashes
        return quote(unquote_to_bytes(path), safe="/" + _UNRESERVED) or "/"
    segments: list[str] = []
    for segment in path.split("/"):
        if segment == "..":
            segments = segments[:-1]
        elif segment not in {"", "."}:
            segments.append(segment)
    normalized = "/" + "/".join(segments) + ("/" if segments and path.endswith("/") else "")
    return quote(normalized, safe="/" + _UNRESERVED)


def _canonical_query(query: str) -> str:
    encoded = sorted(
        (quote(name, safe=_UNRESERVED), quote(value, safe=_UNRESERVED))
        for name, value in _raw_pairs(query)
        if name != b"X-Amz-Signature"
    )
    return "&".join(f"{name}={value}" for name, value in encoded)


def _pairs(query: str) -> list[tuple[str, str]]:
    return [(name.decode("utf-8", "replace"), value.decode("utf-8", "replace")) for name, value in _raw_pairs(query)]


def _raw_pairs(query: str) -> list[tuple[bytes, bytes]]:
    # A plus is read as a space because the embedded AWS reads it so: both must see the same value.
    parts = (part.replace("+", " ").partition("=") for part in query.split("&") if part)
    return [(unquote_to_bytes(name), unquote_to_bytes(value)) for name, _, value in parts]
