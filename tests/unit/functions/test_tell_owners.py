"""Owners are told once, of their own accounts alone; one that cannot be told costs nobody else anything."""

from __future__ import annotations

import contextlib
import gzip
import json
from typing import TYPE_CHECKING, Any

import pytest

from fleetdx import keys
from fleetdx.notification_routes import Route
from fleetdx.organizations import UnknownParent
from fleetdx.owner_notifications import Reach, tell_owners
from fleetdx.slack import sender_for
from fleetdx.storage import encode_lines
from tests.fakes.changes import change
from tests.fakes.runs import RUN
from tests.fakes.s3 import bucket, fake
from tests.fakes.slack import loopback_slack
from tests.fakes.ssm import FakeSsm

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.fakes.slack import Slack

PAYMENTS, TRADING, WALLET = "111122223333", "444455556666", "777788889999"
NAMES = {PAYMENTS: "payments", TRADING: "trading", WALLET: "wallet"}
UNIT, GONE_UNIT = "ou-ab12-cd34ef56", "ou-ab12-00000000"
INSTANCE = "i-00000000000000007"
STATES = {"scan_failed": 0, "not_managed": 0, "stopped": 0, "unsupported": 0}
NO_FINDINGS = {"high": 0, "medium": 0, "low": 0}


def target(account: str, scanned: int, high: int, **states: int) -> dict[str, Any]:
    told = {**STATES, "excluded": 0, "scanned": scanned, **states}
    found = {**NO_FINDINGS, "high": high}
    return {"account": account, "account_name": NAMES[account], "states": told, "findings": found, "waived": 1}


def entry(name: str, scope: dict[str, Any], standing: str = "lapsing") -> dict[str, Any]:
    given = {"id": name, "subject": "U-01", "scope": scope, "owner": f"{name}@example.com", "standing": standing}
    return {**given, "sentence": "", "expires_at": "2026-12-04T00:00:00Z", "findings": 1, "instances": 1}


SUMMARY: dict[str, Any] = {
    "run": RUN,
    "status": "incomplete",
    "profile": "kisa_unix_2026",
    "gaps": [{"account": TRADING}],
    "targets": [target(PAYMENTS, 10, 5), target(PAYMENTS, 2, 1, excluded=1), target(TRADING, 7, 3, scan_failed=1)],
    "changes": {"counts": {}, "first": [], "unreadable": [TRADING]},
    "waivers": {
        "unreadable": "",
        "left_off": 0,
        "entries": [
            entry("everywhere", {"organization": True}),
            entry("of-payments", {"account": PAYMENTS}),
            entry("of-trading", {"account": TRADING}),
            entry("of-the-unit", {"organizational_unit": UNIT}),
            entry("of-no-unit", {"organizational_unit": GONE_UNIT}),
            entry("of-the-host", {"instance_id": INSTANCE}),
            entry("holding", {"account": PAYMENTS}, "holds"),
        ],
    },
    "exclusions": {"left_off": 0, "entries": [entry("kept-1", {"protected_tag": "security:keep"})]},
}
CHANGES = [
    change("new", account=PAYMENTS, account_name="payments", instance="i-payments"),
    change("fixed", account=TRADING, account_name="trading", instance="i-trading"),
    change("initial", account=PAYMENTS, account_name="payments"),
]
LEDGER = [
    {"account": TRADING, "instance": None},
    {"account": TRADING, "instance": INSTANCE},
    {"account": PAYMENTS, "instance": "i-1", "exclusion": "kept-1"},
]


def below(unit: str) -> frozenset[str]:
    if unit != UNIT:
        raise UnknownParent(unit)
    return frozenset({TRADING, WALLET})


def route(name: str, *accounts: str, units: tuple[str, ...] = (), language: Any = None) -> Route:
    return Route(name, f"/fleetdx/slack/{name}", frozenset(accounts), units, language)


class Owners:
    """Loopback Slacks of owners, and what lies in the data bucket."""

    def __init__(self, stack: contextlib.ExitStack) -> None:
        self.data = bucket()
        self.data.put_json(keys.out(RUN, "summary.json"), SUMMARY)
        self.data.put(keys.out(RUN, "changes.jsonl"), gzip.compress(encode_lines(CHANGES)))
        self.data.put_lines(keys.out(RUN, "ledger.jsonl"), LEDGER)
        self.channels: dict[str, Slack] = {}
        self.ssm = FakeSsm()
        self._stack = stack

    def open(self, name: str, *answers: int) -> None:
        """Give an owner a channel that answers so."""
        self.channels[name] = self._stack.enter_context(loopback_slack(*answers))
        self.ssm.parameters[f"/fleetdx/slack/{name}"] = self.channels[name].url

    def tell(self, *routes: Route, may_go_on: Callable[[], bool] = lambda: True, sender: Any = None) -> dict[str, Any]:
        def of_parameter(parameter: str) -> Callable[[str], bool] | None:
            return sender_for(parameter, lambda: self.ssm, "notify")  # type: ignore[arg-type, return-value]

        return dict(tell_owners(self.data, RUN, 0, list(routes), Reach(below, sender or of_parameter, "en", may_go_on)))

    def posts(self, name: str) -> list[str]:
        """The texts that an owner's channel got."""
        return [json.loads(post)["text"] for post in self.channels[name].posts]

    def record(self, name: str) -> Any:
        return self.data.get_json(keys.owner_notification(RUN, 0, name))


@pytest.fixture
def owners() -> Iterator[Owners]:
    """Owners whose channels are closed at the end."""
    with contextlib.ExitStack() as stack:
        yield Owners(stack)


def test_each_owner_is_told_of_its_own_accounts_alone(owners: Owners) -> None:
    """Coverage, findings, changes and lapsing entries of theirs; nothing of anybody else."""
    owners.open("payments")
    owners.open("trading")
    told = owners.tell(route("payments", PAYMENTS), route("trading", units=(UNIT,), language="ko"))
    assert told == {"payments": "sent", "trading": "sent"}
    (payments,), (trading,) = owners.posts("payments"), owners.posts("trading")
    for text in ("*complete*", "12 of 13 instances scanned, 0 gaps. 1 excluded", "6 high", "2 waived", "i-payments"):
        assert text in payments
    for name in ("everywhere", "of-payments", "kept-1", f"`payments` {PAYMENTS}"):
        assert name in payments
    for name in ("trading", TRADING, "of-the-unit", "of-the-host", "of-no-unit", "holding", "first time"):
        assert name not in payments
    for text in ("점검 미완료", "8대 중 7대 점검", "상 3건", "i-trading", "이력을 읽을 수 없어"):
        assert text in trading
    for name in ("everywhere", "of-trading", "of-the-unit", "of-the-host", f"`trading` {TRADING}"):
        assert name in trading
    for name in ("payments", PAYMENTS, "kept-1", "of-no-unit"):
        assert name not in trading


def test_nobody_is_told_twice(owners: Owners) -> None:
    """A second try finds the claims; one that died after its claim is told as unsent, and sent no more."""
    owners.open("payments")
    owners.open("trading")

    def crash(parameter: str) -> Any:
        def send(_: str) -> bool:
            raise MemoryError(parameter)

        return send

    with pytest.raises(MemoryError):
        owners.tell(route("payments", PAYMENTS), sender=crash)
    for _ in range(2):
        told = owners.tell(route("payments", PAYMENTS), route("trading", TRADING))
        assert told == {"payments": "unsent", "trading": "sent"}
    assert (owners.posts("payments"), len(owners.posts("trading"))) == ([], 1)


@pytest.mark.parametrize(
    ("answers", "fate", "posts"),
    [((429, 200), "sent", 2), ((500, 503, 200), "sent", 3), ((500, 500, 500), "unsent", 3), ((404,), "unsent", 1)],
)
def test_a_refusal_is_retried_within_bounds_and_costs_nobody_else(
    owners: Owners, answers: tuple[int, ...], fate: str, posts: int
) -> None:
    """429 and 5xx are posted again, twice at most; what stays refused is unsent, with its text in the record."""
    owners.open("payments", *answers)
    owners.open("trading")
    told = owners.tell(route("payments", PAYMENTS), route("trading", TRADING))
    assert told == {"payments": fate, "trading": "sent"}
    assert len(owners.posts("payments")) == posts
    assert owners.record("payments")["notification"] == fate
    assert "12 of 13" in owners.record("payments")["text"]


def test_a_webhook_that_cannot_be_read_is_unsent(owners: Owners) -> None:
    """Its parameter is absent: the next owner is told all the same."""
    owners.open("trading")
    assert owners.tell(route("payments", PAYMENTS), route("trading", TRADING)) == {
        "payments": "unsent",
        "trading": "sent",
    }


def test_no_address_of_a_webhook_is_kept(owners: Owners) -> None:
    """Neither records nor claims hold it, whatever became of the message."""
    owners.open("payments")
    owners.open("trading", 404)
    owners.tell(route("payments", PAYMENTS), route("trading", TRADING))
    kept = b"".join(fake(owners.data).objects.values())
    assert b"127.0.0.1" not in kept
    assert b"/services/" not in kept


def test_an_owner_whose_accounts_were_not_looked_at_is_not_told(owners: Owners) -> None:
    """A run over other accounts is none of theirs: no message and no record."""
    owners.open("wallet")
    assert owners.tell(route("wallet", WALLET)) == {}
    assert owners.posts("wallet") == []


def test_an_unknown_unit_tells_nothing(owners: Owners) -> None:
    """It is not known whom the route is about, so it is unsent and says why; others are told."""
    owners.open("payments")
    owners.open("trading")
    told = owners.tell(route("payments", PAYMENTS, units=(GONE_UNIT,)), route("trading", TRADING))
    assert told == {"payments": "unsent", "trading": "sent"}
    assert GONE_UNIT in owners.record("payments")["why"]
    assert owners.posts("payments") == []


def test_who_is_left_when_time_is_over_is_unsent(owners: Owners) -> None:
    """The function ends by itself, and the record has the text."""
    owners.open("payments")
    owners.open("trading")
    left = iter([True, False])
    told = owners.tell(route("payments", PAYMENTS), route("trading", TRADING), may_go_on=lambda: next(left))
    assert told == {"payments": "sent", "trading": "unsent"}
    assert "7 of 8" in owners.record("trading")["text"]


def test_without_routes_nothing_is_read() -> None:
    """Who has configured no owner pays for none."""
    data = bucket()
    assert tell_owners(data, RUN, 0, [], Reach(below, lambda _: None, "en", lambda: True)) == {}
