"""The digest line is believed only where every part of it fits."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fleetdx.digest import MAXIMUM_DIGEST_BYTES, BadDigest, parse_digest
from fleetdx.models import VERDICT_LETTERS
from tests.fakes.runs import BUNDLE, CHECKS, PROFILE_NAME

RESULT = "ab" * 32
LINE = f"fleetdx/1 {PROFILE_NAME} {BUNDLE} {RESULT} pf-"


def test_digest_names_profile_hashes_and_verdicts() -> None:
    """A good line is read whole; a check that was not selected has no verdict."""
    digest = parse_digest(LINE + "\n", CHECKS)
    assert (digest.profile, digest.bundle, digest.result) == (PROFILE_NAME, BUNDLE, RESULT)
    assert digest.verdicts == {CHECKS[0]: "pass", CHECKS[1]: "fail"}


@pytest.mark.parametrize("ending", ["", "\n", "\r\n", "\nfleetdx: a: b", "\n fleetdx/1", "\n\n\x00"])
def test_only_the_first_line_counts(ending: str) -> None:
    """What follows the first line, and a carriage return at its end, changes nothing."""
    assert parse_digest(LINE + ending, CHECKS) == parse_digest(LINE, CHECKS)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "not a digest"),
        ("\n" + LINE, "not a digest"),
        (" " + LINE, "not a digest"),
        (LINE + " ", "not a digest"),
        (LINE + " trailing", "not a digest"),
        (LINE.replace("fleetdx/1", "fleetdx/2"), "not a digest"),
        (LINE.replace(" ", "  "), "not a digest"),
        (LINE.replace(" ", "\t"), "not a digest"),
        (LINE.replace(RESULT, RESULT.upper()), "not a digest"),
        (LINE.replace(RESULT, RESULT[:-1]), "not a digest"),
        (LINE.replace(RESULT, "١" * 64), "not a digest"),
        (LINE[:-1] + "x", "not a digest"),
        (LINE[:-1] + "P", "not a digest"),
        (LINE[:-1], "2 verdicts where the profile has 3"),
        (LINE + "p", "4 verdicts where the profile has 3"),
        (LINE + "p" * MAXIMUM_DIGEST_BYTES, "more than 1,500 bytes"),
        (LINE + "\n" + LINE, "several digests"),
        (LINE + "\nnoise\nfleetdx/2 x", "several digests"),
        ("\ud800", "not a digest"),
        (LINE + "\ud800", "not a digest"),
    ],
)
def test_line_that_does_not_fit_is_not_believed(text: str, why: str) -> None:
    """Every deviation is BadDigest, which says why."""
    with pytest.raises(BadDigest, match=why):
        parse_digest(text, CHECKS)


def test_limit_counts_bytes() -> None:
    """The limit is one of bytes, and a line of exactly that many is read."""
    room = MAXIMUM_DIGEST_BYTES - len(LINE) + 3
    checks = [f"check_{number}" for number in range(room)]
    assert len(parse_digest(LINE[:-3] + "p" * room, checks).verdicts) == room
    with pytest.raises(BadDigest, match="more than"):
        parse_digest("가" * (MAXIMUM_DIGEST_BYTES // 3 + 1), checks)


LETTERS = st.lists(st.sampled_from("pfmne-"), min_size=1, max_size=5).map("".join)
ALMOST = st.builds(
    lambda version, profile, result, letters, end: f"{version} {profile} {BUNDLE} {result} {letters}{end}",
    st.sampled_from(["fleetdx/1", "fleetdx/1", "fleetdx/10"]),
    st.sampled_from([PROFILE_NAME, "x", "X"]),
    st.sampled_from([RESULT, RESULT + "0"]),
    LETTERS,
    st.text(st.characters(), max_size=3),
)


@settings(max_examples=120, deadline=None)
@given(st.text(st.characters(), max_size=200) | ALMOST)
def test_any_text_regenerates_its_line_or_is_not_believed(text: str) -> None:
    """What is parsed says exactly what stood there: nothing is guessed, dropped or normalized."""
    try:
        digest = parse_digest(text, CHECKS)
    except BadDigest:
        return
    letters = "".join(VERDICT_LETTERS[digest.verdicts[check]] if check in digest.verdicts else "-" for check in CHECKS)
    line = f"fleetdx/1 {digest.profile} {digest.bundle} {digest.result} {letters}"
    assert text.split("\n", 1)[0].rstrip("\r") == line
