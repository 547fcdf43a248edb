"""A small synthetic fleet, scanned by the real functions: what they make of it is what was planned."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

from bench.fleet import scanner
from bench.fleet_run import differences
from emulator.synthetic.conduct import WRONGS
from emulator.synthetic.fleet import SyntheticFleet, synthetic_fleet
from emulator.synthetic.organization import Size
from emulator.synthetic.plan import FaultMix
from emulator.synthetic.recording import record_all
from fleetdx import keys
from tests.embedded import Embedded, Ended, embedded

if TYPE_CHECKING:
    from collections.abc import Iterator

HOST = "amazon_linux_2023_neglected"
SIZE = Size(instances=120, accounts=3, regions=2)
MIX = FaultMix(
    throttled=0.05, terminated=0.02, offline=0.06, hanging=0.02, hostile=0.08, accounts_denying=1, closed=0.02
)
CHECKS = ["root_ssh_login_denied", "U-05"]


@pytest.fixture(scope="module")
def fleet() -> SyntheticFleet:
    return synthetic_fleet(SIZE, MIX, record_all(scanner(), [HOST]))


@pytest.fixture(scope="module")
def aws(fleet: SyntheticFleet, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with embedded(tmp_path_factory.mktemp("aws"), synthetic=fleet, events_way="none") as started:
        yield started


@pytest.fixture(scope="module")
def ended(aws: Embedded) -> Ended:
    return aws.scan({"organization": True})


def results_of(aws: Embedded, ended: Ended, instance: str) -> list[dict[str, Any]]:
    lines = aws.deployment.data.get_lines(keys.out(ended.run.id, "results.jsonl"))
    return [line for line in lines if line["instance"] == instance]


def sound(fleet: SyntheticFleet) -> str:
    plan = fleet.plan
    reached = (one.instance_id for one in fleet.organization.instances if plan.is_reached(one))
    return next(instance for instance in reached if instance not in plan.wrongs)


def test_the_ledger_is_the_plans_line_for_line(fleet: SyntheticFleet, ended: Ended) -> None:
    """Every kind of wrong is drawn, each ends in its one state and reason, and nothing else differs."""
    assert set(fleet.plan.wrongs.values()) == set(WRONGS)
    assert differences(fleet.plan.ledger(fleet.organization), ended.ledger) == {}
    assert ended.summary["status"] == "incomplete"
    assert len(ended.summary["strays"]) == fleet.plan.strays() > 0


def test_throttled_calls_cost_nobody_a_result(aws: Embedded, ended: Ended) -> None:
    """Calls of each of the three services were refused for their rate, and were made again."""
    struck = {rule.call: count for rule, count in aws.cloud.faults.struck() if rule.fault == "throttled"}
    assert set(struck) == {"ssm:*", "sts:*", "ec2:*"}
    assert all(struck.values())


def test_a_sound_host_is_believed_with_its_evidence(aws: Embedded, fleet: SyntheticFleet, ended: Ended) -> None:
    """Digest and object of a synthetic host pass as a real one's: its verdicts are those that were recorded."""
    instance = sound(fleet)
    recorded = Counter(one["verdict"] for one in fleet.recordings[HOST].document["results"])
    lines = results_of(aws, ended, instance)
    assert Counter(line["verdict"] for line in lines) == recorded
    assert any(line["evidence"] for line in lines)


def test_only_the_selected_checks_are_told(aws: Embedded, fleet: SyntheticFleet) -> None:
    """A selection by check and by item reaches the hosts, and leaves the rest of the digest empty."""
    aws.cloud.faults.clear()
    instance = next(one for one in fleet.organization.instances if one.instance_id == sound(fleet))
    name = f"{instance.account_id}/{instance.region}/{instance.instance_id}"
    ended = aws.scan({"instances": [name]}, checks=CHECKS)
    assert (ended.ledger[0]["state"], ended.ledger[0]["reason"]) == ("scanned", "entered")
    assert ended.line_of(instance.instance_id)["reason"] == "verified"
    assert {line["item"] for line in results_of(aws, ended, instance.instance_id)} == {"U-01", "U-05"}
