"""A proof is believed only as far as STS is asked what its caller has signed, and nothing else of it is sent."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode

import boto3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleetdx.cli.proving import proof_of
from fleetdx.errors import RequesterNotProven
from fleetdx.proofs import (
    EXECUTION_HEADER,
    LIFETIME_SECONDS,
    MOST_SKEW,
    REQUEST_HEADER,
    Proof,
    digest_of,
    question_of,
)

REGION: Final = "ap-northeast-2"
EXECUTION: Final = f"arn:aws:states:{REGION}:111122223333:execution:fleetdx-scan-fleet:20261123T021500Z-3fa9c1"
REQUEST: Final = {"scope": {"organization": True}, "profile": "kisa_unix_2026"}
KEYS: Final = ("ASIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "token+/=")


@functools.cache
def _signed(region: str) -> Proof:
    key, secret, token = KEYS
    return proof_of(boto3.Session(key, secret, token, region), EXECUTION, REQUEST)


def signed(region: str = REGION) -> dict[str, Any]:
    """A proof as the command line makes it, of a role's session; always the same one."""
    return dict(_signed(region))


def fields(proof: dict[str, Any]) -> dict[str, str]:
    return dict(parse_qsl(proof["query"]))


def signed_at(proof: dict[str, Any]) -> dt.datetime:
    return dt.datetime.strptime(fields(proof)["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=dt.UTC)


def changed(proof: dict[str, Any], **values: str) -> dict[str, Any]:
    """The proof with other values in its query; `_` stands for `-`."""
    new = {name.replace("_", "-"): value for name, value in values.items()}
    return {**proof, "query": urlencode({**fields(proof), **new})}


def asked(proof: Any, seconds: float = 0) -> Any:
    return question_of(proof, REGION, signed_at(signed()) + dt.timedelta(seconds=seconds))


def test_what_sts_is_asked_binds_execution_and_input() -> None:
    """The signed query goes on with the two headers; neither host nor path is the caller's."""
    proof = signed()
    question = asked(proof)
    assert dict(parse_qsl(question.query)) == fields(proof)
    assert question.headers == {EXECUTION_HEADER: EXECUTION, REQUEST_HEADER: digest_of(REQUEST)}
    assert fields(proof)["X-Amz-SignedHeaders"] == f"host;{EXECUTION_HEADER};{REQUEST_HEADER}"
    assert KEYS[1] not in str(proof)


def test_a_digest_knows_no_order_of_fields() -> None:
    """Step Functions may hand the input on with its fields in another order; another value is another input."""
    assert digest_of({"a": [1, {"b": 2, "c": "서울"}]}) == digest_of({"a": [1, {"c": "서울", "b": 2}]})
    assert digest_of({"a": 1}) != digest_of({"a": 2})
    assert digest_of({"a": True}) != digest_of({"a": 1})


def test_a_proof_lives_a_minute_and_what_clocks_may_differ() -> None:
    """STS would take it for 15 minutes."""
    skew, life = MOST_SKEW.total_seconds(), LIFETIME_SECONDS
    for seconds in (0, life + skew - 5, 5 - skew):
        assert asked(signed(), seconds)
    with pytest.raises(RequesterNotProven, match="has expired"):
        asked(signed(), life + skew + 5)
    with pytest.raises(RequesterNotProven, match="in the future"):
        asked(signed(), -skew - 5)


def on_day(day: str) -> dict[str, Any]:
    """The proof as if it had been signed on another day."""
    return changed(signed(), X_Amz_Date=f"{day}T021500Z", X_Amz_Credential=f"A/{day}/{REGION}/sts/aws4_request")


HOSTILE: Final[dict[str, tuple[Any, str]]] = {
    "nothing": (None, "has the fields"),
    "a list": ([1], "has the fields"),
    "a host beside it": ({**signed(), "host": "sts.evil.example"}, "and no other"),
    "a number": ({**signed(), "query": 7}, "is a text"),
    "no execution": ({**signed(), "execution": "arn:aws:iam::1:user/x"}, "no ARN of an execution"),
    "a line end in the execution": ({**signed(), "execution": EXECUTION + "\n"}, "no ARN of an execution"),
    "an execution that is not ASCII": ({**signed(), "execution": EXECUTION.replace("scan", "스캔")}, "no ARN"),
    "no digest": ({**signed(), "request_sha256": "x"}, "no SHA-256"),
    "a giant": ({**signed(), "query": signed()["query"] + "&X=" + "a" * 100_000}, "at most 8,192"),
    "not ASCII": ({**signed(), "query": signed()["query"] + "&X=서울"}, "no address has"),
    "a lone surrogate": ({**signed(), "query": "\ud800"}, "no address has"),
    "a line end": ({**signed(), "query": signed()["query"] + "%0d%0aHost:%20evil"}, "plain characters"),
    "a host in the query": ({**signed(), "query": "https://sts.evil.example/?" + signed()["query"]}, "not that of"),
    "a name twice": ({**signed(), "query": signed()["query"] + "&Action=AssumeRole"}, "twice"),
    "another parameter": (changed(signed(), RoleArn="arn:aws:iam::1:role/x"), "of nothing else"),
    "no query": ({**signed(), "query": ""}, "of nothing else"),
    "no values": ({**signed(), "query": "Action&Version"}, "names and values"),
    "another action": (changed(signed(), Action="AssumeRole"), "GetCallerIdentity"),
    "another version": (changed(signed(), Version="2010-05-08"), "GetCallerIdentity"),
    "another algorithm": (changed(signed(), X_Amz_Algorithm="AWS4-HMAC-SHA1"), "AWS4-HMAC-SHA256"),
    "an unsigned header": (changed(signed(), X_Amz_SignedHeaders="host"), "has to cover"),
    "one header too few": (changed(signed(), X_Amz_SignedHeaders=f"host;{EXECUTION_HEADER}"), "has to cover"),
    "a week": (changed(signed(), X_Amz_Expires="604800"), "after 60 seconds"),
    "no moment": (on_day("20269923"), "no moment"),
    "another region": (signed("us-east-1"), "for STS in ap-northeast-2"),
    "another service": (changed(signed(), X_Amz_Credential="A/20261123/ap-northeast-2/s3/aws4_request"), "for STS"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_what_is_no_proof_is_refused_before_anybody_is_asked(name: str) -> None:
    """Whoever may invoke the function may hand in anything."""
    given, told = HOSTILE[name]
    with pytest.raises(RequesterNotProven, match=told):
        asked(given)


@given(
    name=st.sampled_from(["execution", "request_sha256", "query"]),
    place=st.floats(0, 1),
    put=st.one_of(st.text(max_size=3), st.sampled_from(["&Action=AssumeRole", "%00", "@evil.example", "\r\nHost: x"])),
)
def test_whatever_is_changed_nothing_else_is_ever_asked(name: str, place: float, put: str) -> None:
    """A changed proof is refused, or still asks GetCallerIdentity alone, with plain headers of the known form."""
    proof = signed()
    now = signed_at(proof)
    cut = int(place * len(proof[name]))
    proof[name] = proof[name][:cut] + put + proof[name][cut:]
    try:
        question = question_of(proof, REGION, now)
    except RequesterNotProven:
        return
    sent = parse_qsl(question.query, strict_parsing=True)
    assert [value for key, value in sent if key == "Action"] == ["GetCallerIdentity"]
    assert len(dict(sent)) == len(sent) == 9
    assert set(question.headers) == {EXECUTION_HEADER, REQUEST_HEADER}
    for text in (question.query, *question.headers.values()):
        assert text.isascii()
        assert text.isprintable()
        assert " " not in text
