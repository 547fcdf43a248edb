"""A console to try in a browser: an embedded AWS with a few small hosts, and a run in which some of them failed."""

from __future__ import annotations

import json
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fleetdx import keys
from fleetdx.cli.runs import new_run_id
from tests.embedded import wait_until
from tests.fakes.console import served
from tests.faulty_fleet import HEALTHY, FaultyFleet, faulty_fleet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.embedded import Ended

BROKEN = ("scanner_crashes", "reason_invented", "evidence_hostile")
PAGES = {
    "runs": "#/runs",
    "run": "#/run/{run}",
    "instances": "#/run/{run}?tab=instances",
    "execution": "#/run/{run}?tab=execution",
    "files": "#/run/{run}?tab=files",
    "failed host": "#/host/{run}/{failed}",
    "items": "#/host/{run}/{healthy}?tab=items",
    "history": "#/host/{run}/{healthy}?tab=history",
    "start": "#/start?like={run}",
    "executions": "#/executions?machine=scan_batch",
    "coverage": "#/coverage",
    "waivers": "#/waivers",
    "replay": "#/replay",
    "nowhere": "#/nowhere",
}


@dataclass(frozen=True)
class ConsoleStage:
    """The hosts, the run over them, and the address that opens the console, token included."""

    fleet: FaultyFleet
    ended: Ended
    address: str

    def host(self, name: str) -> str:
        """A host as account/region/id."""
        account, region = self.fleet.account_region
        return f"{account}/{region}/{self.fleet.ids[name]}"

    def page(self, name: str) -> str:
        """The address of one of the pages, within the console."""
        hosts = {"failed": self.host("scanner_crashes"), "healthy": self.host(HEALTHY)}
        return PAGES[name].format(run=self.ended.run.id, **hosts)

    def put_waivers(self, *entries: dict[str, object]) -> None:
        """Write the register of exemptions and waivers."""
        document = {"schema": 1, "exemptions": entries}
        self.fleet.aws.deployment.data.put(keys.EXEMPTIONS, json.dumps(document).encode(), "application/json")

    def sweep(self) -> str:
        """Look over the fleet's coverage to the end of the sweep."""
        deployment, sweep = self.fleet.aws.deployment, new_run_id()
        states = deployment.session.client("stepfunctions")
        request = json.dumps({"scope": {"organization": True}})
        execution = states.start_execution(stateMachineArn=deployment.report_coverage, name=sweep, input=request)[
            "executionArn"
        ]
        wait_until(
            lambda: states.describe_execution(executionArn=execution)["status"] != "RUNNING", "the sweep does not end"
        )
        return sweep


@contextmanager
def console_stage(directory: Path) -> Iterator[ConsoleStage]:
    """Start the hosts, scan them, and serve the console."""
    with faulty_fleet(directory, BROKEN) as fleet:
        ended = fleet.scan(BROKEN)
        with served(fleet.aws.deployment) as address:
            yield ConsoleStage(fleet, ended, address)
