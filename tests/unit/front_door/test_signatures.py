"""Signature verification agrees with botocore's signing, and with nothing else.

botocore is the reference: what it signs must be let in, and any change to it refused, unless the change means the same
request.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, urlsplit

import pytest
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from hypothesis import assume, given
from hypothesis import strategies as st

from emulator.front_door.credentials import CredentialStore, IssuedCredentials, Principal
from emulator.front_door.messages import Request
from emulator.front_door.refusals import Refused
from emulator.front_door.signatures import (
    claimed_service,
    header_claim,
    is_presigned,
    presigned_claim,
    verify_request,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

HOST = "127.0.0.1:8080"
STORE = CredentialStore()
SESSION = STORE.mint_session(
    Principal(
        "111122223333", "arn:aws:sts::111122223333:assumed-role/scan/one", "AROAX:one", "arn:aws:iam::1:role/scan"
    ),
    3600,
)
OTHER = STORE.mint_operator("999999999999", "other")


def botocore_credentials(issued: IssuedCredentials) -> Credentials:
    return Credentials(issued.access_key_id, issued.secret_access_key, issued.session_token)


def as_received(signed: AWSRequest, body: bytes = b"") -> Request:
    prepared = signed.prepare()
    parts = urlsplit(prepared.url)
    headers = {
        name.lower(): value.decode() if isinstance(value, bytes) else value for name, value in prepared.headers.items()
    }
    return Request(prepared.method, parts.path, parts.query, {"host": HOST, **headers}, body)


def presigned(
    key: str = "runs/1/x", expires: int = 600, issued: IssuedCredentials = SESSION, query: str = ""
) -> Request:
    request = AWSRequest("GET", f"http://{HOST}/data/{quote(key, safe='/~')}{query}")
    S3SigV4QueryAuth(botocore_credentials(issued), "s3", "us-east-1", expires=expires).add_auth(request)
    return as_received(request)


def header_signed(
    service: str = "ssm",
    path: str = "/",
    body: bytes = b"{}",
    headers: Mapping[str, str] | None = None,
    issued: IssuedCredentials = SESSION,
) -> Request:
    request = AWSRequest("POST", f"http://{HOST}{path}", data=body, headers=dict(headers or {}))
    auth = S3SigV4Auth if service == "s3" else SigV4Auth
    auth(botocore_credentials(issued), service, "us-east-1").add_auth(request)
    return as_received(request, body)


def verify(request: Request, now: datetime | None = None) -> IssuedCredentials:
    claim = presigned_claim(request) if is_presigned(request) else header_claim(request)
    return verify_request(request, claim, STORE.find, now or datetime.now(UTC))


def changed(
    request: Request,
    *,
    path: str | None = None,
    query: str | None = None,
    headers: Mapping[str, str] | None = None,
    body: bytes | None = None,
) -> Request:
    return Request(
        request.method,
        request.path if path is None else path,
        request.query if query is None else query,
        {**request.headers, **(headers or {})},
        request.body if body is None else body,
    )


def refused_code(request: Request, now: datetime | None = None) -> str:
    with pytest.raises(Refused) as caught:
        verify(request, now)
    return caught.value.code


def test_what_botocore_signs_is_let_in() -> None:
    """Presigned S3, signed S3 and a signed JSON call all verify and name the signer's credentials."""
    assert verify(presigned()) is SESSION
    assert verify(presigned(issued=OTHER)) is OTHER
    assert verify(header_signed()) is SESSION
    assert verify(header_signed("s3", "/data/a%20b", b"body")) is SESSION
    assert verify(header_signed("lambda", "/2015-03-31/functions/arn%3Aaws%3Alambda/invocations")) is SESSION


@given(
    key=st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=20),
    value=st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=10),
)
def test_any_key_and_query_botocore_presigns_is_let_in(key: str, value: str) -> None:
    """No character of a key or of a query value makes our canonical form differ from botocore's."""
    assume(not key.startswith("/"))
    query = f"?response-content-type={quote(value, safe='-_.~')}"

    assert verify(presigned(key, query=query)) is SESSION


@given(
    value=st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=20),
    body=st.binary(max_size=50),
    path=st.lists(st.sampled_from(["a", "b%20c", "d%3Ae", ".", "..", ""]), max_size=5),
)
def test_any_header_and_body_botocore_signs_is_let_in(value: str, body: bytes, path: list[str]) -> None:
    """No header value, body or path makes our canonical form differ from botocore's."""
    request = header_signed("lambda", "/" + "/".join(path), body, {"X-Amz-Thing": value})

    assert verify(request) is SESSION


@given(data=st.data())
def test_any_change_of_a_presigned_url_is_refused_or_means_the_same(data: st.DataObject) -> None:
    """One character inserted, dropped or replaced anywhere in a URL: the same key and values, or refused."""
    request = presigned("runs/1/x y", query="?response-content-type=text%2Fplain")
    target = f"{request.path}?{request.query}"
    position = data.draw(st.integers(0, len(target) - 1))
    replacement = data.draw(st.sampled_from(["", "a", "%", "&", "=", "+", "/", "%41", ".", "0", "A", "X-Amz-Date=1&"]))
    mutated = target[:position] + replacement + target[position + data.draw(st.integers(0, 1)) :]
    path, _, query = mutated.partition("?")
    mutant = changed(request, path=path, query=query)

    try:
        verify(mutant)
    except Refused:
        return
    assert unquote(path) == unquote(request.path)
    assert meaning(query) == meaning(request.query)


def meaning(query: str) -> list[tuple[str, str]]:
    pairs = (part.replace("+", " ").partition("=") for part in query.split("&") if part)
    return sorted((unquote(name), unquote(value)) for name, _, value in pairs)


@given(data=st.data())
def test_any_change_of_signed_headers_is_refused(data: st.DataObject) -> None:
    """One character changed in the body, the target, the date or the authorization is refused."""
    request = header_signed(headers={"X-Amz-Target": "AmazonSSM.SendCommand"}, body=b'{"a": 1}')
    name = data.draw(st.sampled_from(["authorization", "x-amz-target", "x-amz-date", "x-amz-security-token", "host"]))
    value = request.headers[name]
    position = data.draw(st.integers(0, len(value) - 1))
    character = data.draw(st.sampled_from("aA0/=Z"))
    assume(value[position] != character)
    mutant = changed(request, headers={name: value[:position] + character + value[position + 1 :]})

    with pytest.raises(Refused):
        verify(mutant)


def test_plus_in_a_url_is_a_space() -> None:
    """A signed plus cannot be rewritten so that the embedded AWS reads a space."""
    request = presigned(query="?response-content-type=a%2Bb")

    assert verify(request) is SESSION
    assert refused_code(changed(request, query=request.query.replace("a%2Bb", "a+b"))) == "SignatureDoesNotMatch"


def test_presigned_url_lives_its_seconds() -> None:
    """A URL works until its last second, not after, and not long before it was signed."""
    request = presigned(expires=60)
    signed_at = datetime.now(UTC)

    assert verify(request, signed_at + timedelta(seconds=58))
    assert refused_code(request, signed_at + timedelta(seconds=61)) == "AccessDenied"
    assert refused_code(request, signed_at - timedelta(minutes=16)) == "AccessDenied"


def test_url_dies_with_the_session_that_signed_it() -> None:
    """An expired session refuses a URL that would live on."""
    assert refused_code(presigned(expires=7200), datetime.now(UTC) + timedelta(seconds=3700)) == "ExpiredToken"


@pytest.mark.parametrize("expires", ["604801", "-1", "", "1e3", "9" * 20])
def test_expiry_must_be_a_week_at_most(expires: str) -> None:
    """X-Amz-Expires is a whole number of seconds up to a week, whatever the signature says."""
    request = presigned()
    query = request.query.replace("X-Amz-Expires=600", f"X-Amz-Expires={expires}")

    assert refused_code(changed(request, query=query)) == "AuthorizationQueryParametersError"


def test_week_long_url_is_valid() -> None:
    """Seven days exactly is allowed for a long-lived key."""
    assert verify(presigned(expires=604_800, issued=OTHER), datetime.now(UTC) + timedelta(days=6)) is OTHER


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA1", "AuthorizationQueryParametersError"),
        ("%2Faws4_request", "%2Faws4", "AuthorizationQueryParametersError"),
        ("X-Amz-SignedHeaders=host&", "", "AuthorizationQueryParametersError"),
        ("X-Amz-Expires=600", "X-Amz-Expires=600&X-Amz-Expires=9000", "AuthorizationQueryParametersError"),
        ("X-Amz-SignedHeaders=host", "X-Amz-SignedHeaders=range", "AccessDenied"),
        ("us-east-1", "us-west-2", "SignatureDoesNotMatch"),
        pytest.param(SESSION.access_key_id, OTHER.access_key_id, "InvalidToken", id="key of another session"),
        pytest.param(SESSION.access_key_id, "ASIAAAAAAAAAAAAAAAAA", "InvalidAccessKeyId", id="key of nobody"),
        ("X-Amz-Security-Token=", "X-Amz-Security-Tokem=", "InvalidToken"),
        ("X-Amz-Security-Token=", "X-Amz-Security-Token=A", "InvalidToken"),
    ],
)
def test_tampered_parameter_is_refused_in_awss_words(old: str, new: str, code: str) -> None:
    """Each part of the query has its own refusal."""
    request = presigned()
    assert old in request.query

    assert refused_code(changed(request, query=request.query.replace(old, new))) == code


def test_two_ways_of_signing_at_once_are_refused() -> None:
    """A presigned URL with an Authorization header is ambiguous."""
    assert refused_code(changed(presigned(), headers={"authorization": "AWS4"})) == "InvalidArgument"


@pytest.mark.parametrize("name", ["x-amz-meta-a", "x-amz-copy-source", "x-amz-acl", "x-amz-security-token"])
def test_unsigned_amz_header_is_refused(name: str) -> None:
    """A host cannot add a header to a presigned URL that would change what is done."""
    assert refused_code(changed(presigned(), headers={name: "/data/other"})) == "AccessDenied"
    if name != "x-amz-security-token":
        assert refused_code(changed(header_signed(), headers={name: "x"})) == "AccessDenied"


def test_body_must_be_the_signed_one() -> None:
    """A JSON call signs its body; S3 signs the hash of it."""
    assert refused_code(changed(header_signed(), body=b"{ }")) == "SignatureDoesNotMatch"
    assert refused_code(changed(header_signed("s3", "/data/x", b"a"), body=b"b")) == "XAmzContentSHA256Mismatch"


def test_signed_headers_are_good_for_a_quarter_of_an_hour() -> None:
    """A clock more than fifteen minutes off is refused, either way."""
    request = header_signed()
    now = datetime.now(UTC)

    assert verify(request, now + timedelta(minutes=14))
    assert refused_code(request, now + timedelta(minutes=16)) == "RequestTimeTooSkewed"
    assert refused_code(request, now - timedelta(minutes=16)) == "RequestTimeTooSkewed"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "AccessDenied"),
        ({"authorization": "AWS AKIAAAAAAAAAAAAAAAAA:abc"}, "AuthorizationHeaderMalformed"),
        (
            {"authorization": "AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=" + "0" * 64},
            "AuthorizationHeaderMalformed",
        ),
    ],
)
def test_anonymous_and_old_signatures_are_refused(headers: Mapping[str, str], code: str) -> None:
    """No signature, Signature Version 2 and nonsense are refused."""
    assert refused_code(Request("GET", "/data", "", {"host": HOST, **headers})) == code


def test_impossible_date_is_refused() -> None:
    """A date that no calendar has is refused, not an error of the door."""
    request = presigned()
    date = datetime.now(UTC).strftime("%Y%m%d")
    assert refused_code(changed(request, query=request.query.replace(date, "20269999"))) == "AccessDenied"


def test_claimed_service_is_read_without_belief() -> None:
    """The service named by the scope decides the words of a refusal; S3 when there is none."""
    assert claimed_service(header_signed("sts")) == "sts"
    assert claimed_service(presigned()) == "s3"
    assert claimed_service(Request("GET", "/", "", {})) == "s3"
