"""A POST form is accepted exactly when its signed policy allows every part of it.

botocore makes the forms, so that what AWS's own library signs is what is verified.
"""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from botocore.config import Config
from hypothesis import assume, given
from hypothesis import strategies as st

from emulator.front_door.credentials import CredentialStore, Principal
from emulator.front_door.post_form import PostForm, parse_post_form
from emulator.front_door.post_policy import check_conditions, check_expiration, read_policy, verify_post
from emulator.front_door.refusals import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

BUCKET = "intake"
PREFIX = "runs/1/"
STORE = CredentialStore()
SESSION = STORE.mint_session(
    Principal("111122223333", "arn:aws:sts::111122223333:assumed-role/up/one", "AROAX:one", "arn:aws:iam::1:role/up"),
    3600,
)
OTHER = STORE.mint_operator("999999999999", "other")
S3 = boto3.Session(**SESSION.for_boto3(), region_name="us-east-1").client(
    "s3", endpoint_url="http://127.0.0.1:1", config=Config(signature_version="s3v4", s3={"addressing_style": "path"})
)


def fields(key: str = PREFIX + "a.gz", expires: int = 600) -> dict[str, str]:
    conditions: list[Any] = [["starts-with", "$key", PREFIX], ["content-length-range", 1, 100]]
    form = S3.generate_presigned_post(BUCKET, PREFIX + "${filename}", Conditions=conditions, ExpiresIn=expires)
    return {**form["fields"], "key": key}


def verify(values: Mapping[str, str], file: bytes = b"body", bucket: str = BUCKET, now: datetime | None = None) -> str:
    credentials, scope = verify_post(PostForm(values, file), bucket, STORE.find, now or datetime.now(UTC))
    assert scope.region == "us-east-1"
    return credentials.access_key_id


def refused(values: Mapping[str, str], **more: Any) -> Refused:
    with pytest.raises(Refused) as caught:
        verify(values, **more)
    return caught.value


def test_form_botocore_made_is_accepted() -> None:
    """A form as made, with a key inside its prefix and a file of an allowed size, names its signer."""
    assert verify(fields()) == SESSION.access_key_id
    assert verify({**fields(), "x-ignore-note": "anything"}) == SESSION.access_key_id


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"key": "runs/2/a.gz"}, "AccessDenied"),
        ({"key": "other"}, "AccessDenied"),
        ({"content-type": "text/html"}, "AccessDenied"),
        ({"acl": "public-read"}, "AccessDenied"),
        ({"x-amz-meta-a": "b"}, "AccessDenied"),
        ({"bucket": "elsewhere"}, "InvalidArgument"),
        ({"x-amz-signature": "0" * 64}, "SignatureDoesNotMatch"),
        ({"x-amz-signature": ""}, "InvalidArgument"),
        ({"x-amz-security-token": "x"}, "InvalidToken"),
        ({"x-amz-algorithm": "AWS4-HMAC-SHA1"}, "InvalidArgument"),
        ({"x-amz-date": "20200101T000000Z"}, "InvalidArgument"),
        ({"x-amz-credential": "x"}, "InvalidArgument"),
        ({"policy": base64.b64encode(b"{}").decode()}, "SignatureDoesNotMatch"),
    ],
)
def test_changed_field_is_refused(change: Mapping[str, str], code: str) -> None:
    """Every changed or added field has S3's own refusal."""
    assert refused({**fields(), **change}).code == code


@pytest.mark.parametrize(
    "name", ["x-amz-security-token", "x-amz-signature", "x-amz-credential", "x-amz-date", "policy"]
)
def test_missing_field_is_refused(name: str) -> None:
    """No part of the signature may be left out."""
    values = fields()
    del values[name]

    assert refused(values).code in {"InvalidArgument", "InvalidToken", "AccessDenied"}


def test_size_is_limited_both_ways() -> None:
    """A file outside content-length-range is too large or too small."""
    assert verify(fields(), file=b"x" * 100)
    assert refused(fields(), file=b"x" * 101).code == "EntityTooLarge"
    assert refused(fields(), file=b"").code == "EntityTooSmall"


def test_form_expires() -> None:
    """A form is refused after its policy's expiration."""
    values = fields(expires=60)
    now = datetime.now(UTC)

    assert verify(values, now=now + timedelta(seconds=55))
    late = refused(values, now=now + timedelta(seconds=61))
    assert (late.code, late.status) == ("AccessDenied", 403)
    assert "Policy expired" in late.message
    assert refused(values, now=now + timedelta(hours=2)).code == "ExpiredToken"


def test_form_is_for_its_bucket_only() -> None:
    """The same form sent to another bucket is refused."""
    assert refused(fields(), bucket="other").code == "AccessDenied"


def test_foreign_key_cannot_vouch_for_a_form() -> None:
    """A form whose credential names another key is refused."""
    values = fields()
    values["x-amz-credential"] = values["x-amz-credential"].replace(SESSION.access_key_id, OTHER.access_key_id)

    assert refused(values).code == "InvalidToken"
    del values["x-amz-security-token"]
    assert refused(values).code == "SignatureDoesNotMatch"


def test_token_does_not_show_in_a_refusal() -> None:
    """A failed condition is told, the session token in it is not."""
    policy = {"expiration": "2099-01-01T00:00:00Z", "conditions": [{"x-amz-security-token": "secret-token"}]}
    with pytest.raises(Refused) as caught:
        check_conditions(policy, {"key": "k", "x-amz-security-token": "other"}, BUCKET, 1)

    assert "secret-token" not in caught.value.message


@pytest.mark.parametrize(
    "condition",
    [
        {},
        [],
        "key",
        ["eq", "$key"],
        ["eq", "key", "k"],
        ["like", "$key", "k"],
        ["eq", "$key", 1],
        {"key": ["k"]},
        ["content-length-range", -1, 5],
        ["content-length-range", "a", 5],
        ["content-length-range", 0, True],
        ["content-length-range", 0, 1.5],
        [1, 2, 3],
    ],
)
def test_unreadable_condition_is_refused(condition: Any) -> None:
    """A condition that cannot be read is never skipped."""
    policy = {"conditions": [{"bucket": BUCKET}, ["starts-with", "$key", ""], condition]}
    with pytest.raises(Refused) as caught:
        check_conditions(policy, {"key": "k"}, BUCKET, 1)

    assert caught.value.code == "InvalidPolicyDocument"


@pytest.mark.parametrize(
    "text", ["", "!", "e30", base64.b64encode(b"[]").decode(), base64.b64encode(b'{"expiration":"x"}').decode()]
)
def test_unreadable_policy_is_refused(text: str) -> None:
    """Only base64 of a JSON object with both parts is a policy."""
    with pytest.raises(Refused) as caught:
        read_policy(text)

    assert caught.value.code == "InvalidPolicyDocument"


@pytest.mark.parametrize(
    "text", [None, "", "tomorrow", "2099-01-01", "2099-13-01T00:00:00Z", "2099-01-01T00:00:00+09:00"]
)
def test_unreadable_expiration_is_refused(text: Any) -> None:
    """An expiration is a UTC time to the second."""
    with pytest.raises(Refused) as caught:
        check_expiration({"expiration": text}, datetime.now(UTC))

    assert caught.value.code == "InvalidPolicyDocument"


@given(data=st.data())
def test_any_change_of_a_form_is_refused_or_allowed_by_the_policy(data: st.DataObject) -> None:
    """One character inserted, replaced or dropped in any field: refused, or a key within the prefix."""
    values = fields()
    name = data.draw(st.sampled_from(sorted(values)))
    value = values[name]
    position = data.draw(st.integers(0, len(value)))
    mutated = (
        value[:position]
        + data.draw(st.sampled_from(["", "A", "0", "/", "=", " "]))
        + value[position + data.draw(st.integers(0, 1)) :]
    )
    assume(mutated != value)

    try:
        verify({**values, name: mutated})
    except Refused:
        return
    assert name == "key"
    assert mutated.startswith(PREFIX)


def multipart(parts: list[tuple[str, str]], boundary: str = "b") -> tuple[str, bytes]:
    text = "".join(
        f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n{value}\r\n" for head, value in parts
    )
    return f'multipart/form-data; boundary="{boundary}"', f"{text}--{boundary}--\r\n".encode()


def test_form_is_read_up_to_its_file() -> None:
    """Names lose their case, the file name fills the key, and what follows the file is ignored."""
    form = parse_post_form(
        *multipart([('name="Key"', "a/${filename}"), ('name="file"; filename="x.gz"', "body"), ('name="key"', "late")])
    )

    assert form == PostForm({"key": "a/x.gz"}, b"body")
    assert form.posted_object("in").path == "/in/a/x.gz"


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ([('name="key"', "a")], "InvalidArgument"),
        ([('name="file"', "x"), ('name="key"', "a")], "InvalidArgument"),
        ([('name="key"', "a"), ('name="KEY"', "b"), ('name="file"', "x")], "InvalidArgument"),
        ([('name="key"', ""), ('name="file"', "x")], "InvalidArgument"),
        ([('name="key"', "k" * 1025), ('name="file"', "x")], "KeyTooLongError"),
        ([('name="key"', "a\r\nb"), ('name="file"', "x")], "InvalidArgument"),
        ([('name="key"', "a"), ('name="policy"', "p" * 20_001), ('name="file"', "x")], "MaxPostPreDataLengthExceeded"),
    ],
)
def test_malformed_form_is_refused(parts: list[tuple[str, str]], code: str) -> None:
    """No file, no key, doubled fields, line breaks and oversized forms are refused."""
    with pytest.raises(Refused) as caught:
        parse_post_form(*multipart(parts))

    assert caught.value.code == code


@given(st.binary(max_size=200), st.text(max_size=10))
def test_any_bytes_are_a_form_or_refused(body: bytes, boundary: str) -> None:
    """Nonsense instead of a form is refused, never an error of the door."""
    with pytest.raises(Refused):
        parse_post_form(f"multipart/form-data; boundary={boundary}", body)


def test_redirect_is_not_pretended() -> None:
    """A form field the emulator cannot honor is refused rather than ignored."""
    with pytest.raises(Refused) as caught:
        PostForm({"key": "a", "success_action_redirect": "http://x"}, b"").posted_object("in")

    assert caught.value.status == 501
