"""An instance that the register excludes, beside one that is scanned, with the functions' own rights."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Any

import pytest

from fleetdx import keys
from fleetdx.organizations import units_above
from tests.embedded import Embedded, embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

TRADING = "333333333333"
NOW = dt.datetime.now(dt.UTC)


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with embedded(tmp_path_factory.mktemp("emulator")) as started:
        yield started


def entry(scope: dict[str, str], ends_in: dt.timedelta) -> dict[str, Any]:
    """An entry of the register that excludes from scans, approved two days ago."""
    return {
        "id": "kept-for-the-case",
        "applies_to": "scan",
        "scope": scope,
        "owner": "trading@example.com",
        "approver": "ciso@example.com",
        "reason": "The disk is evidence until the case is closed.",
        "ticket": "SEC-1234",
        "approved_at": f"{NOW - dt.timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}",
        "expires_at": f"{NOW + ends_in:%Y-%m-%dT%H:%M:%SZ}",
    }


def scanned_with(aws: Embedded, body: bytes) -> tuple[dict[str, Any], dict[str, str]]:
    """The summary and each instance's state after a run over two hosts with a register."""
    aws.deployment.data.put(keys.EXEMPTIONS, body)
    hosts = [aws.instance_named(name)[0] for name in ("market-data-relay-1", "order-gateway-1")]
    ended = aws.scan({"instances": hosts}, checks=["U-06"])
    ledger = aws.deployment.data.get_lines(keys.out(ended.run.id, "ledger.jsonl"))
    states = {line["instance_name"]: line["state"] for line in ledger if line["instance"]}
    return ended.summary, states


def register(*entries: dict[str, Any]) -> bytes:
    return json.dumps({"schema": 1, "exemptions": entries}).encode()


def test_an_excluded_instance_gets_no_command_and_is_no_gap(aws: Embedded) -> None:
    """Its neighbor is scanned; it has no command, is counted apart, and the entry is told to lapse in ten days."""
    identifier = aws.instance_named("market-data-relay-1")[0].rpartition("/")[2]
    body = register(entry({"instance_id": identifier}, dt.timedelta(days=10)))
    summary, states = scanned_with(aws, body)
    assert states == {"market-data-relay-1": "excluded", "order-gateway-1": "scanned"}
    assert summary["status"] == "complete"
    assert summary["totals"]["states"]["excluded"] == 1
    (told,) = summary["exclusions"]["entries"]
    assert (told["id"], told["standing"], told["instances"]) == ("kept-for-the-case", "lapsing", 1)
    commands = [
        key.key for key in aws.deployment.data.keys(keys.command_claims_prefix(summary["run"])) if TRADING in key.key
    ]
    assert len(commands) <= 1
    text = aws.deployment.data.get_json(keys.notification(summary["run"], 0))["text"]
    assert "1 excluded" in text
    assert "kept-for-the-case" in text


def test_a_unit_can_be_excluded(aws: Embedded) -> None:
    """DiscoverInstances asks Organizations for the units above the account, with its own right to."""
    organizations = aws.cloud.hub_session().client("organizations")
    unit = min(one for one in units_above(organizations, TRADING) if one.startswith("ou-"))
    summary, states = scanned_with(aws, register(entry({"organizational_unit": unit}, dt.timedelta(days=30))))
    assert states["market-data-relay-1"] == "excluded"
    assert summary["status"] == "complete"
    assert summary["exclusions"]["entries"][0]["standing"] == "holds"


def test_an_expired_entry_excludes_nothing(aws: Embedded) -> None:
    """Both hosts are scanned, and the run says that the entry has expired."""
    summary, states = scanned_with(aws, register(entry({"account": TRADING}, -dt.timedelta(days=1))))
    assert set(states.values()) == {"scanned"}
    assert summary["exclusions"]["entries"][0]["standing"] == "expired"


def test_an_invalid_register_excludes_nothing_and_the_run_says_so(aws: Embedded) -> None:
    """Both hosts are scanned; the note names the place of the fault."""
    broken = {**entry({"account": TRADING}, dt.timedelta(days=30)), "approver": ""}
    summary, states = scanned_with(aws, register(broken))
    assert set(states.values()) == {"scanned"}
    (note,) = summary["notes"]
    assert "/exemptions/0/approver" in note["sentence"]
    assert "nothing is excluded" in note["sentence"]
    text = aws.deployment.data.get_json(keys.notification(summary["run"], 0))["text"]
    assert "nothing is excluded" in text
