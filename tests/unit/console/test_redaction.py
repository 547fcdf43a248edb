"""No secret survives in what the console sends, wherever in a document it stands; and nothing else is lost."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.redaction import LEFT_OUT, Redaction, is_secret_field
from tests.leaks import KEY_PATTERN

PATIENTLY = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
PLAIN = Redaction()
KEYS = st.builds(
    str.__add__,
    st.sampled_from(["AKIA", "ASIA"]),
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", min_size=16, max_size=16),
)
SIGNATURES = st.text("0123456789abcdef", min_size=64, max_size=64)
QUERIES = st.builds(
    "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential={}%2F20261127%2Fap-northeast-2%2Fs3%2Faws4_request&X-Amz-Date="
    "20261127T000000Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Security-Token=IQoJb3JpZ2luX2VjE{}&"
    "X-Amz-Signature={}".format,
    KEYS,
    SIGNATURES,
    SIGNATURES,
)
WORDS = st.text(st.characters(codec="utf-8", exclude_characters="\\\"'"), max_size=20)


def holding(secret: st.SearchStrategy[str]) -> st.SearchStrategy[tuple[Any, str]]:
    """A document that holds a secret somewhere, as a value, a key, in a text, or in a text that is JSON itself."""

    def grown(inside: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.one_of(
            st.builds(lambda key, value, more: {**more, key: value}, WORDS, inside, st.dictionaries(WORDS, WORDS)),
            st.builds(lambda before, value, after: [*before, value, *after], st.lists(WORDS), inside, st.lists(WORDS)),
            inside.map(json.dumps),
            inside.map(lambda value: json.dumps(value, ensure_ascii=False)),
        )

    def around(text: str) -> st.SearchStrategy[Any]:
        beginnings = st.one_of(
            st.just(text),
            st.builds(lambda before, after: f"{before} {text} {after}", WORDS, WORDS),
            st.just(f"https://fleetdx-data.s3.amazonaws.com/scripts/a?{text}"),
            st.just({text: 1}),
        )
        return st.recursive(beginnings, grown, max_leaves=3)

    return secret.flatmap(lambda text: st.tuples(around(text), st.just(text)))


@PATIENTLY
@given(holding(KEYS))
def test_no_key_survives(given: tuple[Any, str]) -> None:
    """The id of an access key is left out of any document, however deep and however often it is wrapped as JSON."""
    document, key = given
    assert key not in json.dumps(PLAIN.document(document))


@PATIENTLY
@given(holding(QUERIES))
def test_no_signed_query_survives(given: tuple[Any, str]) -> None:
    """Of a presigned URL neither signature, credential nor token is left, wherever it stands."""
    document, query = given
    told = json.dumps(PLAIN.document(document))
    assert query[-64:] not in told
    assert KEY_PATTERN.search(told.encode()) is None


@PATIENTLY
@given(QUERIES)
def test_no_signed_query_survives_its_encodings(query: str) -> None:
    """The same where the address was percent-encoded, or its marks were escaped in JSON."""
    escaped = query.replace("&", "\\u0026").replace("=", "\\u003d")
    for text in (quote(query), escaped, f'{{"cut off": "https://x/?{query}', query.lower()):
        assert query[-64:] not in PLAIN.text(text), text


@pytest.mark.parametrize(
    "name",
    ["SecretAccessKey", "secret_access_key", "aws_session_token", "SessionToken", "taskToken", "BundleQuery",
     "UploadPolicy", "UploadSignature", "UploadToken", "X-Amz-Signature", "Authorization"],
)  # fmt: skip
def test_fields_that_hold_secrets_are_blank(name: str) -> None:
    """What a field of such a name holds is left out: as a text, as a list of SSM's parameters, and in a cut text."""
    assert PLAIN.document({name: "s3cr3t"}) == {name: LEFT_OUT}
    assert PLAIN.document({"Parameters": {name: ["s3cr3t"]}}) == {"Parameters": {name: LEFT_OUT}}
    assert "s3cr3t" not in PLAIN.text(json.dumps({"input": {name: "s3cr3t"}}))
    assert "s3cr3t" not in PLAIN.text(json.dumps({"input": json.dumps({name: ["s3cr3t"]})}))


@PATIENTLY
@given(
    st.sampled_from(["SecretAccessKey", "SessionToken", "UploadSignature", "BundleQuery"]),
    st.text("abcdefghijklmnopqrstuvwxyz0123456789/+=", min_size=20, max_size=40),
    st.integers(0, 2),
)
def test_a_cut_text_is_searched_as_text(name: str, secret: str, depth: int) -> None:
    """Step Functions cuts long inputs off: what is no JSON any more still gives no secret away."""
    text: Any = {"credentials": {name: secret}, "more": "x"}
    for _ in range(depth + 1):
        text = json.dumps(text)
    assert secret not in PLAIN.text(text[:-3])


@PATIENTLY
@given(st.text(min_size=8, max_size=60), st.lists(WORDS, max_size=3))
def test_what_the_server_knows_is_left_out(secret: str, around: list[str]) -> None:
    """The console's own token and the caller's keys never appear, whatever they look like."""
    known = Redaction([secret])
    assert secret not in known.text(secret.join(["", *around, ""]).replace(LEFT_OUT, ""))


HARMLESS = st.text('abc가나다 012{}[]":,', max_size=20)


@PATIENTLY
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | HARMLESS,
        lambda one: st.lists(one, max_size=3) | st.dictionaries(HARMLESS, one, max_size=3),
        max_leaves=8,
    )
)
def test_what_is_no_secret_stays(document: Any) -> None:
    """A document without anything that looks like a secret is sent as it is."""
    assert PLAIN.document(document) == document


def test_inputs_and_outputs_stay_as_they_are() -> None:
    """A state's input keeps its own form where nothing was left out, and is JSON where something was."""
    text = '{"run": "20261127T000000Z-aaaaaa",   "keys": ["policy", "token"]}'
    assert PLAIN.text(text) == text
    with_secret = PLAIN.text('{"name": "값", "SessionToken": "abc"}')
    assert json.loads(with_secret) == {"name": "값", "SessionToken": LEFT_OUT}


def test_empty_fields_and_plain_words_are_no_secrets() -> None:
    """An empty token says that there is none, and a word about tokens is no token."""
    assert PLAIN.document({"nextToken": "12", "SessionToken": None, "UploadToken": ""}) == {
        "nextToken": "12",
        "SessionToken": None,
        "UploadToken": "",
    }
    assert PLAIN.text("The session token has expired") == "The session token has expired"
    assert not is_secret_field("key")


def test_a_webhook_and_a_form_are_left_out() -> None:
    """Slack's webhook is a secret by itself, and so is the policy of an upload form."""
    assert PLAIN.text("to https://hooks.slack.com/services/T0/B0/xyz now") == f"to {LEFT_OUT} now"
    assert PLAIN.text("eyJleHBpcmF0aW9uIjogIjIwMjYifQ==") == LEFT_OUT


def test_what_is_nested_too_deeply_is_searched_as_text() -> None:
    """A text that no parser can open is not passed on unseen."""
    text = "[" * 100_000 + '"ASIAABCDEFGHIJKLMNOP"'
    assert "ASIAABCDEFGHIJKLMNOP" not in PLAIN.text(text)
