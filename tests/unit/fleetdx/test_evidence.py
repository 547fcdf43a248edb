"""What a host sends is taken only as far as its digest carries it, and made harmless to read."""

from __future__ import annotations

import gzip
import json
import time
from typing import Any

import pytest

from fleetdx.digest import Digest, parse_digest
from fleetdx.evidence import (
    MAXIMUM_EXPANDED_BYTES,
    MAXIMUM_LINE,
    MAXIMUM_LINES,
    MAXIMUM_RESULT_BYTES,
    ContradictoryResult,
    expand,
    fits,
    items_of_checks,
    printable,
    read_result,
    result_lines,
    tidy,
)
from tests.fakes.runs import CHECKS, PLACE, PROFILE, VERDICTS, digest_line, document, entry, packed

AT = "2026-11-23T02:17:00Z"


def digest_of(body: bytes, verdicts: dict[str, str] | None = None) -> Digest:
    return parse_digest(digest_line(body, verdicts), CHECKS)


def test_object_fits_by_hash_and_size() -> None:
    """Only the body with the digest's hash fits, and only up to the size limit."""
    body, large = packed(document()), b"x" * (MAXIMUM_RESULT_BYTES + 1)
    assert fits(body, digest_of(body))
    assert not fits(body + b"x", digest_of(body))
    assert not fits(large, digest_of(large))
    assert fits(large[1:], digest_of(large[1:]))


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "cut"),
        (b"plain text", "not gzip"),
        (packed(document())[:-1], "cut"),
        (packed(document())[:20], "cut"),
        (packed(document()) + b"garbage", "more than one gzip"),
        (packed(document()) + packed(document()), "more than one gzip"),
        (packed(b"\x00" * (MAXIMUM_EXPANDED_BYTES + 1)), "beyond 10,000,000 bytes"),
        (packed(b"\x00" * 500_000_000), "beyond 10,000,000 bytes"),
    ],
)
def test_what_is_not_one_whole_small_gzip_is_refused(body: bytes, why: str) -> None:
    """A bomb, a cut file, trailing bytes and plain text are the host's contradiction, told by name."""
    assert len(body) <= MAXIMUM_RESULT_BYTES
    with pytest.raises(ContradictoryResult, match=why):
        expand(body)


def test_largest_text_expands() -> None:
    """A text of exactly the limit is read whole."""
    text = b"x" * MAXIMUM_EXPANDED_BYTES
    assert expand(gzip.compress(text)) == text


BROKEN: list[tuple[Any, str]] = [
    (b"", "not JSON"),
    (b"{", "not JSON"),
    (b"\xff\xff\xff", "not JSON"),
    (b"[" * 100_000, "not JSON"),
    (b'{"a":' * 100_000, "not JSON"),
    (b"[" * 900 + b"]" * 900, "schema|not JSON"),
    ([], r"schema at \$"),
    (document(schema=2), r"schema at \$.schema"),
    (document(extra=1), r"schema at \$"),
    (document(host={str(number): 1 for number in range(21)}), r"schema at \$.host"),
    (document(host={"name": "x" * 301}), r"schema at \$.host.name"),
    (document(duration_ms=-1), r"schema at \$.duration_ms"),
    (document(duration_ms=10**300), r"schema at \$.duration_ms"),
    (document(results=[{**document()["results"][0], "duration_ms": 10**30}]), "schema at .*duration_ms"),
    (document(results=[{**document()["results"][0], "verdict": "passed"}]), "schema at .*verdict"),
    (document(results=[{**document()["results"][0], "evidence": "text"}]), "schema at .*evidence"),
    (document(results=[{**document()["results"][0], "evidence": ["x"] * 100_000}]), "schema at .*evidence"),
    (document(results=document()["results"] * 400), r"schema at \$.results"),
    (document(profile="quick"), "is of profile quick"),
    (document(profile="kisa_unix_2026\n"), "is of profile"),
    (document({**VERDICTS, CHECKS[0]: "fail"}), f"differ in {CHECKS[0]}"),
    (document({CHECKS[0]: "pass"}), "differ in password_"),
    (document({**VERDICTS, "invented_check": "pass"}), "differ in invented_check"),
    (document(results=[*document()["results"], {**document()["results"][0], "verdict": "fail"}]), "two verdicts of"),
]


@pytest.mark.parametrize(("content", "why"), BROKEN, ids=range(len(BROKEN)))
def test_contradiction_is_named(content: Any, why: str) -> None:
    """An authenticated body that breaks the schema or tells other verdicts is refused with the difference."""
    body = packed(content)
    with pytest.raises(ContradictoryResult, match=why):
        read_result(body, digest_of(body))


def test_good_result_is_read() -> None:
    """A body that agrees with its digest gives its results; the same verdict told twice is no contradiction."""
    results = document()["results"]
    body = packed(document(results=[*results, results[0]]))
    assert read_result(body, digest_of(body))[:3] == results


@pytest.mark.parametrize("name", ["\ud800", "\x1b[2J", "\u202eevil", "x" * 400_000, "a\nb"])
def test_reason_never_repeats_a_hosts_text_raw(name: str) -> None:
    """A name that a host makes up reaches the ledger short, printable and storable."""
    body = packed(document(host={name: []}))
    with pytest.raises(ContradictoryResult) as refused:
        read_result(body, digest_of(body))
    text = str(refused.value)
    assert len(text.encode()) < 2_000
    assert text.isprintable()


def test_most_evidence_costs_seconds_not_minutes() -> None:
    """Two million empty evidence lines in a few kilobytes may not use up the time of the whole batch."""
    results = [{**document()["results"][0], "evidence": [""] * 2_000}] * 1_000
    body = packed(document(results=results))
    started = time.process_time()
    assert len(read_result(body, digest_of(body, {CHECKS[0]: "pass"}))) == 1_000
    assert time.process_time() - started < 5


def test_each_check_gets_a_line_an_item_in_the_profiles_order() -> None:
    """A check behind two items gives two lines, with each item's importance; the host's own item does not count."""
    body = packed(document())
    lines = result_lines(PLACE, entry(), digest_of(body), document()["results"], PROFILE, AT)
    assert [(line["item"], line["check"], line["severity"], line["verdict"]) for line in lines] == [
        ("U-01", CHECKS[0], "high", "pass"),
        ("U-02", CHECKS[1], "medium", "fail"),
        ("U-02", CHECKS[2], "medium", "manual"),
        ("U-03", CHECKS[2], "low", "manual"),
    ]
    assert lines[0]["evidence"] == ["/etc/root_ssh_login_denied: 1"]
    assert {(line["instance"], line["run"], line["at"]) for line in lines} == {(entry()["instance"], PLACE.run, AT)}
    assert items_of_checks(PROFILE)[CHECKS[2]] == [("U-02", "medium"), ("U-03", "low")]


def test_without_the_object_the_verdicts_stand() -> None:
    """From the digest alone each verdict is told, with the remark that its evidence is absent."""
    body = packed(document())
    lines = result_lines(PLACE, entry(), digest_of(body, {CHECKS[1]: "fail"}), None, PROFILE, AT)
    assert [(line["check"], line["verdict"], line["evidence"]) for line in lines] == [(CHECKS[1], "fail", [])]
    assert "not received" in lines[0]["reason"]


def test_durations_are_whole_milliseconds() -> None:
    """A duration written with a point, which JSON Schema calls an integer, is stored as one."""
    content = document()
    content["results"][0]["duration_ms"] = 3.0
    body = packed(content)
    digest = digest_of(body)
    line = result_lines(PLACE, entry(), digest, read_result(body, digest), PROFILE, AT)[0]
    assert json.dumps(line["duration_ms"]) == "3"


@pytest.mark.parametrize(
    "character",
    ["\x00", "\x1b", "\n", "\r", "\t", "\x7f", "\x85", "\u202e", "\u2066", "\u200b", "\ufeff", "\ud800", "\ue000",
     "\u2028", "\u2029"],
)  # fmt: skip
def test_hidden_characters_are_shown_as_replaced(character: str) -> None:
    """Control, format, private, half and line-separating characters cannot reach a reader."""
    assert printable(f"a{character}b") == "a\N{REPLACEMENT CHARACTER}b"


def test_letters_of_every_script_stay() -> None:
    """Korean, accents and symbols are no control characters."""
    assert printable("서울 é → ✓") == "서울 é → ✓"


def test_long_line_is_cut_and_says_so() -> None:
    """1 MB becomes a line with a remark; a line of exactly the limit stays."""
    assert printable("x" * 1_000_000) == "x" * MAXIMUM_LINE + " [cut: 1,000,000 characters]"
    assert printable("x" * MAXIMUM_LINE) == "x" * MAXIMUM_LINE


def test_many_lines_are_cut_and_say_so() -> None:
    """100,000 lines become the first and a remark; exactly the limit stays."""
    assert tidy(["x"] * 100_000) == ["x"] * MAXIMUM_LINES + ["[cut: 100,000 lines]"]
    assert tidy(["x"] * MAXIMUM_LINES) == ["x"] * MAXIMUM_LINES
