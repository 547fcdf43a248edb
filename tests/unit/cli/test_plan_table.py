"""A dry run's plan fits a terminal of 80 columns, in both languages."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console

from fleetdx.cli.plan_table import plan_table
from fleetdx.ledger import Outcome, target_line
from tests.fakes.runs import PLACE

if TYPE_CHECKING:
    from fleetdx.models import Language
    from fleetdx.plan import Plan, PlannedTarget

ACCOUNT, NAME = "333333333333", "trading-production"


def target(region: str, to_scan: int, batches: int, **others: int) -> PlannedTarget:
    """An account-region of the plan."""
    return {
        "account": ACCOUNT, "account_name": NAME, "region": region, "to_scan": to_scan, "batches": batches,
        "others": others,
    }  # fmt: skip


def shown(language: Language) -> list[str]:
    """The lines that a terminal shows."""
    closed = PLACE._replace(account="666666666666", account_name="nft-market-closed", region="us-east-1")
    suspended = Outcome("unsupported", "account_suspended", "AWS lets nobody into a suspended or closing account.")
    plan: Plan = {
        "schema": 1, "run": "20261123T021500Z-3fa9c1", "instances_to_scan": 5, "commands": 2,
        "targets": [target("ap-northeast-2", 3, 1, unsupported=1, stopped=2), target("us-east-1", 2, 1)],
        "not_entered": [target_line(closed, suspended, 0)],
    }  # fmt: skip
    out = io.StringIO()
    Console(file=out, width=80).print(plan_table(plan, language))
    return [line.rstrip() for line in out.getvalue().splitlines()]


def test_no_name_is_broken() -> None:
    """The account stands above its regions, and each state has its line."""
    lines = shown("en")
    assert max(map(cell_len, lines)) <= 80
    assert [line.split() for line in lines[:8]] == [
        ["Dry", "run:", "nothing", "was", "sent"],
        ["Account", "and", "region", "To", "scan", "Commands", "Not", "to", "scan"],
        [NAME],
        [ACCOUNT],
        ["ap-northeast-2", "3", "1", "2", "stopped"],
        ["1", "unsupported"],
        ["us-east-1", "2", "1"],
        ["Not", "entered:", "nft-market-closed", "666666666666", "us-east-1:", "AWS", "lets", "nobody", "into", "a"],
    ]
    assert lines[-1] == "5 instances would be scanned with 2 commands."


def test_in_korean_too() -> None:
    """Titles, states, why an account-region was not entered, and the sum."""
    told = "\n".join(shown("ko"))
    for words in (
        "모의 실행",
        "점검 예정",
        "접근 불가: nft-market-closed 666666666666 us-east-1:",
        "인스턴스 5대를 명령 2건으로",
    ):
        assert words in told
    assert "nobody" not in told
