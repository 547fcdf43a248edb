"""People on the embedded AWS: deployments as those see them who have taken a role, and the console's pages."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from emulator.endpoint import session_with
from fleetdx import keys

if TYPE_CHECKING:
    from fleetdx.cli.deployments import Deployment
    from tests.console_server import Served
    from tests.embedded import Embedded


def as_role(aws: Embedded, role: str, name: str) -> Deployment:
    """The deployment as a person sees it who has taken a role of the central account under a session's name."""
    arn = f"arn:aws:iam::{aws.cloud.organization.hub.id}:role/fleetdx/{role}"
    answer = aws.deployment.session.client("sts").assume_role(RoleArn=arn, RoleSessionName=name)
    issued = aws.cloud.store.find(answer["Credentials"]["AccessKeyId"])
    assert issued is not None
    session = session_with(aws.cloud.url, issued.for_boto3(), aws.deployment.home_region)
    return dataclasses.replace(aws.deployment, session=session)


def write_rules(aws: Embedded, *operators: dict[str, Any]) -> None:
    """Write the operators' rules; each is of the operators' role and the whole organization, but for what is given."""
    pattern = f"arn:aws:sts::{aws.cloud.organization.hub.id}:assumed-role/fleetdx-operator/*"
    made = [
        {"id": f"rule-{number}", "requesters": [pattern], "scope": {"organization": True}, **one}
        for number, one in enumerate(operators)
    ]
    aws.deployment.data.put_json(keys.OPERATORS, {"schema": 1, "operators": made})


def start_scheduled(aws: Embedded) -> str:
    """The ARN of the machine that schedules start."""
    return aws.deployment.scan_fleet.replace("fleetdx-scan-fleet", "fleetdx-start-scheduled")


def reading_pages(console: Served, run: str, host: str) -> list[str]:
    """Every page of the console that reads, of a run and one of its hosts (account/region/id)."""
    main = console.get(f"/api/runs/{run}")["executions"]["main"]["arn"]
    return [
        "/api/session",
        "/api/schema",
        "/api/organization",
        "/api/reasons",
        "/api/runs",
        f"/api/runs/{run}",
        f"/api/runs/{run}/ledger",
        f"/api/runs/{run}/hosts/{host}",
        f"/api/hosts/{host}/history",
        "/api/machines",
        "/api/machines/scan_fleet/executions",
        f"/api/executions/{quote(main, safe='')}",
        "/api/coverage",
        "/api/waivers",
    ]
