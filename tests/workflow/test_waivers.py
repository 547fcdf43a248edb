"""A waiver of a whole organizational unit, in a run on the embedded AWS with the functions' own rights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from fleetdx import keys
from fleetdx.organizations import units_above
from tests.embedded import Embedded, embedded
from tests.fakes.registers import register_of

if TYPE_CHECKING:
    from collections.abc import Iterator

TRADING = "333333333333"
ITEM = "U-06"


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with embedded(tmp_path_factory.mktemp("emulator")) as started:
        yield started


def scanned_with(aws: Embedded, body: bytes) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The summary and the findings of a run over one host, with a register."""
    name, _ = aws.instance_named("market-data-relay-1")
    aws.deployment.data.put(keys.EXEMPTIONS, body)
    ended = aws.scan({"instances": [name]}, checks=[ITEM])
    results = aws.deployment.data.get_lines(keys.out(ended.run.id, "results.jsonl"))
    return ended.summary, [line for line in results if line["verdict"] == "fail"]


def test_a_waiver_of_a_unit_holds_for_its_accounts(aws: Embedded) -> None:
    """BuildReport asks Organizations for the account's units, marks the finding, and counts it as waived."""
    organizations = aws.cloud.hub_session().client("organizations")
    unit = min(one for one in units_above(organizations, TRADING) if one.startswith("ou-"))
    summary, findings = scanned_with(aws, register_of("unit-su", {"organizational_unit": unit}, ITEM))
    assert [line["waiver"]["id"] for line in findings] == ["unit-su"]
    assert sum(summary["totals"]["findings"].values()) == 0
    assert sum(summary["totals"]["waived"].values()) == len(findings)
    assert summary["waivers"]["entries"][0]["findings"] == len(findings)


def test_a_damaged_register_waives_nothing(aws: Embedded) -> None:
    """The run is complete all the same, its findings count, and its summary says why no waiver holds."""
    summary, findings = scanned_with(aws, b'{"schema": 1, "exemptions": [{"id": "unit-su"}]}')
    assert findings
    assert all("waiver" not in line for line in findings)
    assert sum(summary["totals"]["findings"].values()) == len(findings)
    assert "/exemptions/0" in summary["waivers"]["unreadable"]
    assert summary["status"] == "complete"
