"""Access to a member is proven by asking it who we are; keys stay inside."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from fleetdx.errors import MemberRoleDenied, OutsideWindow
from functions.assume_role import handler
from tests.fakes.runs import ACCOUNT, REGION, RUN
from tests.fakes.sts import FakeSts

EVENT: dict[str, Any] = {"run": RUN, "account": ACCOUNT, "region": REGION, "management": False}


class MemberSession:
    """A session whose STS is a fake."""

    def client(self, name: str) -> FakeSts:
        assert name == "sts"
        return FakeSts(ACCOUNT)


@pytest.fixture(autouse=True)
def _settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MEMBER_ROLES", "fleetdx/member-")
    monkeypatch.setenv("EXTERNAL_ID", "secret-id")


def test_facts_without_keys_are_returned() -> None:
    """Account and role are all that leaves, however often it is asked."""
    expected = {"account": ACCOUNT, "role_arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/member/session"}
    assert [handler.run(EVENT, FakeSts(ACCOUNT)) for _ in range(2)] == [expected, expected]  # type: ignore[arg-type]


def test_another_account_is_refused() -> None:
    """A role that leads elsewhere is refused: results would carry the wrong account."""
    with pytest.raises(MemberRoleDenied, match="led to account 999988887777 instead of"):
        handler.run(EVENT, FakeSts("999988887777"))  # type: ignore[arg-type]


@pytest.mark.reaches("outside_window")
@pytest.mark.parametrize(
    ("end", "is_late"), [(None, False), ("2026-11-23T03:00:01Z", False), ("2026-11-23T03:00:00Z", True)]
)
def test_nobody_starts_when_the_window_has_closed(end: str | None, *, is_late: bool) -> None:
    """An account-region whose turn comes too late is not entered; the error's reason is outside_window."""
    clock = dt.datetime(2026, 11, 23, 3, tzinfo=dt.UTC)
    event: Any = EVENT if end is None else {**EVENT, "starts_before": end}
    if not is_late:
        handler.check_window(event, clock)
        return
    with pytest.raises(OutsideWindow, match="2026-11-23T03:00:00Z") as late:
        handler.check_window(event, clock)
    assert late.value.reason == "outside_window"


def test_handler_enters_the_account_as_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """The member role is assumed for the event's account and region, in the function's own name."""
    asked: list[Any] = []

    def entered(event: Any, function: str, duty: str) -> MemberSession:
        asked.append((event["account"], event["region"], function, duty))
        return MemberSession()

    monkeypatch.setattr(handler, "member_session", entered)
    answer: Any = handler.lambda_handler(EVENT, None)  # type: ignore[arg-type]
    assert answer["account"] == ACCOUNT
    assert asked == [(ACCOUNT, REGION, "assume-role", "read")]


@pytest.mark.parametrize("management", [True, False])
def test_denied_management_account_is_told_the_remedy(monkeypatch: pytest.MonkeyPatch, *, management: bool) -> None:
    """StackSets never reach the management account: there the sentence says what to do."""

    def denied(*_: Any) -> None:
        raise MemberRoleDenied("it cannot be assumed")

    monkeypatch.setattr(handler, "member_session", denied)
    with pytest.raises(MemberRoleDenied) as refused:
        handler.lambda_handler({**EVENT, "management": management}, None)  # type: ignore[typeddict-item]
    assert ("plain stacks" in str(refused.value)) is management
