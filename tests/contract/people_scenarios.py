"""What people do with their two roles, and what the rules of operators make functions ask for."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from fleetdx import keys
from fleetdx.cli import coverage, runs, scan
from fleetdx.cli.coverage import CoverageOptions, CoveragePresentation
from fleetdx.cli.deployed import outputs_of
from fleetdx.cli.presentation import Presentation
from fleetdx.cli.problems import EXIT_ERROR
from fleetdx.cli.proving import prove
from fleetdx.cli.stacks import STACK_NAME
from fleetdx.requests import complete_request
from tests.console_server import served
from tests.embedded import wait_until
from tests.people import as_role, reading_pages, start_scheduled, write_rules

if TYPE_CHECKING:
    from pathlib import Path

    from fleetdx.cli.deployments import Deployment
    from tests.embedded import Embedded


def people_ask(aws: Embedded, units: list[str], host: str, directory: Path) -> None:
    """An operator scans, sweeps and looks, another one stops what he may by a unit's rule, a viewer looks."""
    jane, joe = (as_role(aws, "fleetdx-operator", name) for name in ("jane", "joe"))
    write_rules(aws, {"scope": {"organizational_units": units}, "may_stop": True}, {"requesters": ["schedule"]})
    request = complete_request({"scope": {"instances": [host]}, "checks": ["U-06"]}, aws.deployment.regions)
    assert scan.scan(jane, request, Presentation(directory)) != EXIT_ERROR
    run = (directory / "latest").resolve().name
    assert aws.ended(runs.stop(joe, run)).status == "SUCCEEDED"
    lost_answer(jane)
    sweep(jane, units, directory)
    for person in (jane, as_role(aws, "fleetdx-viewer", "auditor")):
        look(person, run, host)
    schedules(aws, units, host)
    aws.deployment.data.delete(keys.OPERATORS)


def lost_answer(jane: Deployment) -> None:
    """A client that did not get the answer proves the same again."""
    for _ in range(2):
        prove(jane.session, jane.scan_fleet, "twice", {"scope": {"organization": True}})


def sweep(jane: Deployment, units: list[str], directory: Path) -> None:
    """One to its end, and one that is ended before."""
    request = coverage.request_of(CoverageOptions(organizational_units=tuple(units)), jane.regions)
    told = CoveragePresentation(directory, as_json=False, language="en", fails_on_unmanaged=False)
    assert coverage.cover(jane, request, told) != EXIT_ERROR
    states, name = jane.session.client("stepfunctions"), runs.new_run_id()
    prove(jane.session, jane.report_coverage, name, request)
    execution = states.start_execution(stateMachineArn=jane.report_coverage, name=name, input=json.dumps(request))[
        "executionArn"
    ]
    prefix = keys.coverage_prefix(name)
    wait_until(lambda: any(jane.data.keys(prefix)), "it is not opened")
    states.stop_execution(executionArn=execution)


def look(person: Deployment, run: str, host: str) -> None:
    """The stack's outputs, and every page of the console; what would be scanned is asked too."""
    assert outputs_of(person.session, STACK_NAME)["DataBucket"] == person.data_bucket
    with served(person) as console:
        for page in reading_pages(console, run, host):
            assert console.ask(page).status == 200, page
        checked = console.ask("/api/requests/check", {"request": {"scope": {"organization": True}}})
        assert checked.document["faults"] == []
        for name in ("report.html", "results.csv"):
            link = console.ask(f"/api/runs/{run}/files/{name}/link", {}).document
            assert console.ask(link["url"]).status == 200, name


def schedules(aws: Embedded, units: list[str], host: str) -> None:
    """What the schedules start, of less than they would."""
    wanted: dict[str, Any] = {
        "scan": {"scope": {"instances": [host]}, "checks": ["U-06"]},
        "sweep": {"scope": {"organizational_units": units}},
    }
    states = aws.deployment.session.client("stepfunctions")
    for start, request in wanted.items():
        execution = states.start_execution(
            stateMachineArn=start_scheduled(aws), input=json.dumps({"start": start, "request": request})
        )["executionArn"]
        child = json.loads(succeeded(states, execution)["output"])["started"]["execution"]
        succeeded(states, child)


def succeeded(states: Any, execution: str) -> dict[str, Any]:
    """What Step Functions says of an execution that has ended well."""
    wait_until(lambda: states.describe_execution(executionArn=execution)["status"] != "RUNNING", "it does not end")
    ended: dict[str, Any] = states.describe_execution(executionArn=execution)
    assert ended["status"] == "SUCCEEDED", ended.get("cause")
    return ended
