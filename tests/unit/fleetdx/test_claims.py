"""A claim is ours once, whatever is lost or happens at the same time."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from botocore.exceptions import ClientError

from fleetdx.claims import claim, release
from fleetdx.errors import RecordMissing, ServiceUnavailable
from tests.fakes.aws_errors import client_error
from tests.fakes.s3 import bucket, fake


def test_claim_is_ours_once() -> None:
    """The first claim succeeds; every later one learns when the first was made."""
    data = bucket()
    before = dt.datetime.now(dt.UTC)
    assert claim(data, "claims/one") is None
    earlier = claim(data, "claims/one")
    assert earlier is not None
    assert before <= earlier <= dt.datetime.now(dt.UTC)
    assert claim(data, "claims/one") == earlier
    assert claim(data, "claims/two") is None


def test_a_claim_whose_answer_was_lost_is_still_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that repeats its write finds its own claim there, and takes it for what it is."""
    data = bucket()
    put_object = fake(data).put_object

    def write_twice(**arguments: Any) -> Any:
        put_object(**arguments)
        return put_object(**arguments)

    monkeypatch.setattr(fake(data), "put_object", write_twice)
    assert claim(data, "claims/one") is None


def test_a_released_claim_is_taken_once() -> None:
    """Of two that find a released claim, the one that replaces it first has it."""
    data = bucket()
    assert claim(data, "claims/one") is None
    release(data, "claims/one")
    get_object = fake(data).get_object
    rival = iter([True])

    def slowly(**arguments: Any) -> Any:
        answer = get_object(**arguments)
        if next(rival, False):
            assert claim(data, "claims/one") is None
        return answer

    fake(data).get_object = slowly  # type: ignore[method-assign]
    assert claim(data, "claims/one") is not None


def test_what_is_no_claim_is_told() -> None:
    """A claim that cannot be read is neither held nor free."""
    data = bucket()
    data.put("claims/one", b"2026")
    with pytest.raises(RecordMissing, match="is no claim"):
        claim(data, "claims/one")


def test_conflict_is_worth_a_retry() -> None:
    """Two writers at the same moment: S3 asks to repeat, nothing is known to be claimed, and nothing is done."""
    data = bucket()
    fake(data).failing["put_object", "claims/one"] = [client_error("ConditionalRequestConflict", "PutObject", 409)]
    with pytest.raises(ServiceUnavailable):
        claim(data, "claims/one")
    assert claim(data, "claims/one") is None


def test_other_errors_are_not_taken_for_a_claim() -> None:
    """A denied write is no claim of anybody."""
    data = bucket()
    fake(data).failing["put_object", "claims/one"] = [client_error("AccessDenied", "PutObject", 403)]
    with pytest.raises(ClientError, match="AccessDenied"):
        claim(data, "claims/one")
