"""What hosts and member accounts can write is inert in every feed: shown, never carried out, and of bounded size."""

from __future__ import annotations

import json
import re
import unicodedata
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleetdx.feeds.asff import finding_of, in_batches
from fleetdx.feeds.foreign import told, units
from fleetdx.feeds.ocsf import lines
from tests.fakes.asff import faults as asff_faults
from tests.fakes.feeds import WAIVER, compared, gaps, instance_line, result, words
from tests.fakes.ocsf import faults

if TYPE_CHECKING:
    from collections.abc import Iterator

HIDING = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
FORMULA = re.compile(r"\A[=+\-@\t\r\n\0＝＋－＠]")
MOST_LINE_BYTES = 1_000_000
PIECES = [
    *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "&lt;", "</textarea>", "javascript:alert(1)"),
    *('=HYPERLINK("http://evil")', "+1", "-2+3|cmd", "@SUM(A1)", "＝1", "\t=1", "\r\n=1"),
    *("\x1b[2J", "\x1b]0;title\x07", "\x9b31m", "\u202eevil", "\u2066x\u2069", "\u200b", "\ufeff", "\ud800", "\x00"),
    *("a\u0301\u0302\u0303\u0304", "\u3164", "\U000e0041", "\U0001f512", "정상", "\n", " ", '"', "\\", "{{7*7}}", "%s"),
]
HOSTILE = st.lists(st.sampled_from(PIECES) | st.text(max_size=5), max_size=8).map("".join)
MEGABYTE = "\u202e<b>\x1b[31m" * 131_072


def texts_in(value: Any) -> Iterator[str]:
    """Every text in a document, the keys too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, own in value.items():
            yield from (key, *texts_in(own))
    elif isinstance(value, list):
        for own in value:
            yield from texts_in(own)


def assert_inert(document: Any) -> None:
    """Nothing in a document hides, reorders, moves a terminal's cursor or begins a formula."""
    for text in texts_in(document):
        assert not FORMULA.match(text)
        assert {char for char in text if unicodedata.category(char) in HIDING} <= {"\n", "\t"}


def assert_feeds_are_inert(found: list[Any]) -> None:
    """Both feeds take the texts, keep their limits and are inert."""
    for line in lines(found, words()):
        document = json.loads(line)
        assert faults(document) == []
        assert_inert(document)
        assert not set("<>&\n\r") & set(line)
        assert len(line.encode()) < MOST_LINE_BYTES
    wording = words()
    findings = [finding_of(each, wording.of(each.observation)) for each in found]
    for batch in in_batches(findings, lambda finding: finding):
        assert list(asff_faults(batch)) == []
        assert_inert(batch)


@settings(max_examples=60, deadline=None)
@given(HOSTILE, st.lists(HOSTILE, max_size=4), HOSTILE, HOSTILE)
def test_texts_of_hosts_and_accounts_are_inert(reason: str, evidence: list[str], name: str, account: str) -> None:
    """Whatever a host says as reason and evidence, and an account as names, both feeds are valid and inert."""
    waiver = {**WAIVER, "reason": reason, "owner": name, "ticket": account}
    hostile: Any = {"reason": reason, "evidence": evidence, "instance_name": name, "account_name": account}
    hostile["waiver"] = waiver
    assert_feeds_are_inert(compared([result(**hostile)]))
    hostile_line = {"detail": reason, "instance_name": name, "ami": f"ami-{name}"}
    assert_feeds_are_inert(gaps([instance_line(1, "scan_failed", "host_busy", **hostile_line)]))


def test_a_megabyte_of_hostile_text_is_cut() -> None:
    """Lines of a megabyte leave a document of bounded size that says how much there was."""
    found = compared([result(reason=MEGABYTE, evidence=[MEGABYTE] * 60, instance_name=MEGABYTE, account_name=MEGABYTE)])
    assert_feeds_are_inert(found)
    (line,) = lines(found, words())
    assert json.loads(line)["metadata"]["is_truncated"]
    assert "1,179,648 characters" in line


@settings(deadline=None)
@given(HOSTILE, st.integers(60, 300))
def test_a_text_keeps_its_limit_in_utf16_units(text: str, limit: int) -> None:
    """However much a text grows by being written out, it keeps the limit; what is left off is said."""
    shown = told(text, limit)
    assert units(shown.text) <= limit
    assert units(shown.text) == len(shown.text.encode("utf-16-le")) // 2
    assert shown.is_cut == shown.text.endswith(f"(cut, {len(text):,} characters)")


@pytest.mark.parametrize("char", [chr(code) for code in range(0x20, 0x7F)])
def test_an_apostrophe_goes_before_the_signs_of_a_formula_alone(char: str) -> None:
    """Of all printable ASCII, a text that begins with one of four signs gets an apostrophe."""
    assert told(f"{char}1", 100).text == (f"'{char}1" if char in "=+-@" else f"{char}1")


@pytest.mark.parametrize("text", ["PermitRootLogin yes", "경로 /etc", "a = b", "x\tкy"])
def test_plain_texts_are_left_alone(text: str) -> None:
    """What is no danger is told as it is."""
    assert told(text, 100).text == text
