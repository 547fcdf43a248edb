"""The intake is read by exact keys only; what else lies there is told and changes nothing."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError

from fleetdx import keys
from fleetdx.evidence import MAXIMUM_RESULT_BYTES
from fleetdx.intake import MAXIMUM_LISTED, fetcher, strays
from tests.fakes.aws_errors import client_error
from tests.fakes.s3 import bucket, fake

PREFIX = "runs/20261123T021500Z-3fa9c1/111122223333/ap-northeast-2/0000-00/"
HASH = "ab" * 32


def test_only_the_named_object_of_the_instance_is_read() -> None:
    """The key is the instance's and the hash's; another instance's object of that hash is not read."""
    intake = bucket()
    intake.put(keys.intake_object(PREFIX, "i-1", HASH), b"mine")
    assert fetcher(intake, PREFIX, "i-1")(HASH) == b"mine"
    assert fetcher(intake, PREFIX, "i-2")(HASH) is None
    assert fetcher(intake, PREFIX, "i-1")("cd" * 32) is None


def test_oversized_object_is_read_one_byte_beyond_the_limit() -> None:
    """A far too large object costs no memory: one byte more than allowed shows that it does not fit."""
    intake = bucket()
    intake.put(keys.intake_object(PREFIX, "i-1", HASH), b"x" * 3_000_000)
    body = fetcher(intake, PREFIX, "i-1")(HASH)
    assert body is not None
    assert len(body) == MAXIMUM_RESULT_BYTES + 1


def test_empty_object_is_no_object() -> None:
    """S3 refuses a range of an empty object; that may not stop the batch that the host is in."""
    intake = bucket()
    intake.put(keys.intake_object(PREFIX, "i-1", HASH), b"")
    assert fetcher(intake, PREFIX, "i-1")(HASH) is None


def test_denial_is_not_taken_for_absence() -> None:
    """A bucket that may not be read is our fault and is raised, not blamed on the host."""
    intake = bucket()
    key = keys.intake_object(PREFIX, "i-1", HASH)
    fake(intake).failing["get_object", key] = [client_error("AccessDenied", "GetObject", 403)]
    with pytest.raises(ClientError, match="AccessDenied"):
        fetcher(intake, PREFIX, "i-1")(HASH)


def test_what_no_digest_names_is_a_stray() -> None:
    """Everything under the prefix but the accepted keys is told; other batches' objects are not ours to tell."""
    intake = bucket()
    accepted = keys.intake_object(PREFIX, "i-1", HASH)
    for key in (accepted, PREFIX + "i-1/other.json.gz", PREFIX + "extra", PREFIX.replace("0000-00", "0001-00") + "x"):
        intake.put(key, b"x")
    assert strays(intake, PREFIX, frozenset({accepted})) == [
        {"key": PREFIX + "extra", "reason": "named_by_no_digest"},
        {"key": PREFIX + "i-1/other.json.gz", "reason": "named_by_no_digest"},
    ]
    assert strays(bucket(), PREFIX, frozenset()) == []


def test_name_of_a_stray_is_made_printable() -> None:
    """A host chooses the key of what it sends: escapes in it do not reach a terminal."""
    intake = bucket()
    intake.put(f"{PREFIX}\x1b[2J\u202egz.nosj", b"x")
    (stray,) = strays(intake, PREFIX, frozenset())
    assert stray["key"] == f"{PREFIX}\ufffd[2J\ufffdgz.nosj"


def test_flood_is_listed_up_to_a_limit() -> None:
    """Who floods the intake is told as such; the listing ends."""
    intake = bucket()
    for number in range(MAXIMUM_LISTED + 50):
        intake.put(f"{PREFIX}i-1/{number:05d}", b"x")
    found = strays(intake, PREFIX, frozenset())
    assert len(found) == MAXIMUM_LISTED + 1
    assert found[-1] == {"key": PREFIX, "reason": "more_objects_than_listed"}
