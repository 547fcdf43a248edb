from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fleetdx.reporting.coverage.digest import digest_text
from fleetdx.reporting.slack_text import escaped
from tests.fakes.coverage import change, changed, line, summary, unchecked, whole

PAGE = "s3://fleetdx-data/coverage/20261123T021500Z-3fa9c1/coverage.html"
HOSTILE = [
    "<!channel> look",
    "<https://evil.example|pay>",
    "*bold* _it_ ~no~",
    "`end` code",
    "&amp;",
    "https://evil.example",
]
LINES = [line(1, "managed"), line(2, "no_profile")]


def told(**changes: Any) -> Any:
    return digest_text(summary(LINES, changes=changed(**changes)), PAGE)


def test_nothing_new_is_not_told() -> None:
    """A sweep that finds what the one before found is no message, although instances are unmanaged."""
    assert told() is None


def test_terminated_instances_alone_are_not_told() -> None:
    """That unmanaged instances are gone is told beside other news, and is none by itself."""
    assert told(gone_count=4) is None
    text = told(gone_count=4, managed_again=[change(1, "imds_off", "managed")])
    assert "4 unmanaged before and terminated since." in text


def test_first_sweep_is_told_with_its_totals() -> None:
    """The first sweep has nothing before it, so the totals and the causes are the news."""
    text = str(digest_text(summary(LINES), PAGE))
    assert "the first sweep" in text
    assert "*1 of 2* running instances are managed, 1 need somebody." in text
    assert "• No instance profile: 1" in text
    assert text.endswith(f"Page: {PAGE}")


NO_PROFILE, ANOTHER = change(2, "managed", "no_profile"), change(2, "no_profile", "no_route", reason="network_acl")
LOST = "*1 account-region could be looked at before, and not now*\n• `111122223333/us-east-1`"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"newly_unmanaged": [NO_PROFILE]}, "111122223333/ap-northeast-2`: No instance profile, was: Managed"),
        (
            {"newly_unmanaged": [change(2, None, "imds_off")]},
            "`web-2` in `trading` `111122223333/ap-northeast-2`: Inst",
        ),
        ({"managed_again": [change(2, "imds_off", "managed")]}, "Managed, was: Instance metadata is off"),
        ({"other_cause": [ANOTHER]}, "No way to Systems Manager (A network ACL), was: No instance profile"),
        ({"places_lost": ["111122223333/us-east-1"]}, LOST),
    ],
)
def test_each_kind_of_change_is_news(changes: Any, sentence: str) -> None:
    """Newly unmanaged, managed again, another cause, and places lost are each told with what they were before."""
    assert sentence in told(**changes)


def test_incomplete_sweep_says_so() -> None:
    """Where places could not be looked at, the head says so: the figures cover less than everything."""
    made = summary(
        LINES, [unchecked("444455556666", "us-east-1")], changes=changed(places_lost=["444455556666/us-east-1"])
    )
    text = str(digest_text(made, PAGE))
    assert "is *incomplete*" in text
    assert "1 account-region could not be looked at." in text


@pytest.mark.parametrize("hostile", HOSTILE)
def test_foreign_text_says_nothing_to_slack(hostile: str) -> None:
    """A name can neither notify a channel, nor be a link or markup: it is code, with Slack's signs escaped."""
    text = told(newly_unmanaged=[change(2, "managed", "no_profile", instance_name=hostile, account_name=hostile)])
    assert not re.search(r"<|>|&(?!amp;|lt;|gt;)", text)
    assert escaped(hostile) in text
    assert escaped(hostile).count("`") == 2


@given(st.text(max_size=400))
def test_any_text_is_one_short_piece_of_code(text: str) -> None:
    """Whatever a name holds, it is one line of code between two backticks, and of bounded length."""
    shown = escaped(text)
    assert shown.startswith("`")
    assert shown.endswith("`")
    assert shown.count("`") == 2
    assert "\n" not in shown
    assert len(shown) <= 60 * len("⟨U+10FFFF⟩") + 3


@pytest.mark.parametrize("name", ["&" * 256, "가" * 256, "\u202e" * 256, "web"])
def test_message_is_bounded(name: str) -> None:
    """Fifty changes of each kind with endless names stay below Slack's limit; the last line is still the page."""
    many = {
        kind: [change(number, "managed", "no_profile", instance_name=name, account_name=name) for number in range(50)]
        for kind in ("newly_unmanaged", "managed_again", "other_cause")
    }
    text = told(**many, newly_unmanaged_count=4_000, places_lost=[f"{number:012}/us-east-1" for number in range(900)])
    assert len(text) < 3_000
    assert "*4,000 newly unmanaged*" in text
    assert text.endswith(f"Page: {PAGE}")
    assert ("and 3,992 more" in text) or "… and more, on the page." in text


def test_whole_sweep_reads_in_order() -> None:
    """What got worse comes before what got better, and what is left off is counted."""
    text = str(digest_text(whole()[0], PAGE))
    order = ["newly unmanaged*", "with another cause*", "could be looked at before", "managed again*"]
    assert sorted(order, key=text.index) == order
    assert "• and 5 more" in text
