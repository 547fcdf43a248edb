"""Verify the signed policy of an S3 POST form. Pure: time and keys are given in.

Source: "Creating a POST Policy" in the S3 API reference: each field must be allowed by a condition, except the file,
the policy itself, the signature, and what begins with x-ignore-.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from emulator.front_door.post_form import missing_field
from emulator.front_door.refusals import Refused
from emulator.front_door.signatures import (
    ALGORITHM,
    SIGNATURE_MISMATCH,
    FindCredentials,
    Scope,
    known_credentials,
    parse_scope,
    sign,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from emulator.front_door.credentials import IssuedCredentials
    from emulator.front_door.post_form import PostForm

_EXPIRATION = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z")
_UNCOVERED = frozenset({"policy", "x-amz-signature", "file"})
_REQUIRED = ("x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-signature")
_TRIPLE = 3


def verify_post(form: PostForm, bucket: str, find: FindCredentials, now: datetime) -> tuple[IssuedCredentials, Scope]:
    """Believe a form or raise Refused: key, token, signature, expiry, and every condition of its policy."""
    fields = form.fields
    if "policy" not in fields:
        raise Refused("AccessDenied", "Access Denied")
    for name in _REQUIRED:
        if not fields.get(name):
            raise missing_field(name)
    if fields["x-amz-algorithm"] != ALGORITHM:
        raise Refused("InvalidArgument", "Unsupported Authorization Type", 400)
    scope = parse_scope(fields["x-amz-credential"], fields["x-amz-date"], "InvalidArgument")
    if scope.service != "s3":
        raise Refused("InvalidArgument", "Credential should be scoped to correct service: 's3'.", 400)
    credentials = known_credentials(scope.access_key_id, fields.get("x-amz-security-token"), find, now)
    expected = sign(credentials.secret_access_key, scope, fields["policy"])
    if not hmac.compare_digest(expected.encode(), fields["x-amz-signature"].encode()):
        raise Refused("SignatureDoesNotMatch", SIGNATURE_MISMATCH)
    policy = read_policy(fields["policy"])
    check_expiration(policy, now)
    check_conditions(policy, fields, bucket, len(form.file))
    return credentials, scope


def read_policy(text: str) -> Mapping[str, Any]:
    """Decode a policy document; Refused unless it is base64 of JSON with an expiration and a list of conditions."""
    try:
        policy = json.loads(base64.b64decode(text, validate=True))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise _invalid("Invalid JSON.") from error
    if not isinstance(policy, dict) or set(policy) != {"expiration", "conditions"}:
        raise _invalid("It holds exactly an expiration and conditions.")
    if not isinstance(policy["conditions"], list):
        raise _invalid("Conditions is not a list.")
    return policy


def check_expiration(policy: Mapping[str, Any], now: datetime) -> None:
    """Refuse a policy whose expiration (ISO 8601, UTC) is past or unreadable."""
    text = policy["expiration"]
    if not isinstance(text, str) or not _EXPIRATION.fullmatch(text):
        raise _invalid("Invalid 'expiration' value.")
    try:
        expiration = datetime.fromisoformat(text).astimezone(UTC)
    except ValueError as error:
        raise _invalid("Invalid 'expiration' value.") from error
    if expiration <= now:
        raise Refused("AccessDenied", "Invalid according to Policy: Policy expired.")


def check_conditions(policy: Mapping[str, Any], fields: Mapping[str, str], bucket: str, size: int) -> None:
    """Refuse unless every condition holds and every field is named by one; the bucket counts as a field."""
    if fields.get("bucket", bucket) != bucket:
        raise Refused("InvalidArgument", "The form names another bucket than the URL.", 400)
    values = {**fields, "bucket": bucket}
    covered: set[str] = set()
    for condition in policy["conditions"]:
        if isinstance(condition, dict) and condition:
            for name, wanted in condition.items():
                covered.add(_check_match("eq", f"${name}", wanted, values))
        elif not isinstance(condition, list) or len(condition) != _TRIPLE or not isinstance(condition[0], str):
            raise _invalid("Invalid condition.")
        elif condition[0].lower() == "content-length-range":
            _check_size(condition[1], condition[2], size)
        else:
            covered.add(_check_match(condition[0].lower(), condition[1], condition[2], values))
    extra = sorted(name for name in values if not name.startswith("x-ignore-") and name not in covered | _UNCOVERED)
    if extra:
        raise Refused("AccessDenied", f"Invalid according to Policy: Extra input fields: {', '.join(extra)}")


def _check_match(operator: str, name: object, wanted: object, values: Mapping[str, str]) -> str:
    if not isinstance(name, str) or not name.startswith("$") or not isinstance(wanted, str):
        raise _invalid("A condition compares a field with a string.")
    field = name[1:].lower()
    actual = values.get(field)
    if operator not in {"eq", "starts-with"}:
        raise _invalid("Unknown condition.")
    holds = actual is not None and (actual == wanted if operator == "eq" else actual.startswith(wanted))
    if not holds:
        shown = json.dumps([operator, name, "..." if field == "x-amz-security-token" else wanted])
        raise Refused("AccessDenied", f"Invalid according to Policy: Policy Condition failed: {shown}")
    return field


def _check_size(least: object, most: object, size: int) -> None:
    if not _is_count(least) or not _is_count(most):
        raise _invalid("content-length-range takes two whole numbers.")
    if size > int(str(most)):
        raise Refused("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size", 400)
    if size < int(str(least)):
        raise Refused("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size", 400)


def _is_count(value: object) -> bool:
    return (
        not isinstance(value, bool)
        and isinstance(value, (int, str))
        and re.fullmatch(r"[0-9]{1,16}", str(value)) is not None
    )


def _invalid(why: str) -> Refused:
    return Refused("InvalidPolicyDocument", f"Invalid Policy: {why}", 400)
