"""A compact set of scenarios that makes every function, machine and member role do all that it is for."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from fleetdx import keys
from fleetdx.cli import runs
from fleetdx.cli.coverage import CoverageOptions, request_of
from fleetdx.organizations import units_above
from tests.embedded import Embedded, embedded, wait_until
from tests.event_fleet import EVERYTHING_AN_AGENT_NEEDS, REGION, TRADING, EventFleet
from tests.fakes.slack import loopback_slack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WEBHOOK = "fleetdx-slack"
HOSTS = ("market-data-relay-1", "market-data-archive")
"""Two of one account-region."""
ONE_CHECK: dict[str, Any] = {"regions": [REGION], "checks": ["U-01"]}
UNIT_WAIVER = {
    "id": "unit",
    "applies_to": "finding",
    "item": "U-01",
    "owner": "trading@example.com",
    "approver": "ciso@example.com",
    "reason": "The relay is replaced in January.",
    "ticket": "SEC-1234",
    "approved_at": "2026-01-01T00:00:00Z",
    "expires_at": "2099-12-31T00:00:00Z",
}


@contextmanager
def played(directory: Path) -> Iterator[Embedded]:
    """An embedded AWS on which all scenarios have been played."""
    with (
        loopback_slack() as slack,
        embedded(
            directory,
            events_way="bus",
            every_cause=True,
            parameters={"SlackWebhookParameter": WEBHOOK},
        ) as aws,
    ):
        aws.deployment.session.client("ssm").put_parameter(Name=WEBHOOK, Value=slack.url, Type="SecureString")
        scan_with_everything(aws)
        scan_inline(aws)
        stop_and_resume(aws)
        mend(aws)
        sweep(aws)
        bury(aws)
        assert slack.posts
        yield aws


def scan_with_everything(aws: Embedded) -> None:
    """Waves with a canary, windows, a waiver of a unit, all exports; twice, so that there are changes."""
    data = aws.deployment.data
    data.put_json(keys.WINDOWS, {"schema": 1, "quiet_hours": [], "windows": []})
    unit = min(one for one in units_above(aws.deployment.session.client("organizations"), TRADING) if one[:2] == "ou")
    waiver = {**UNIT_WAIVER, "scope": {"organizational_unit": unit}}
    data.put_json(keys.EXEMPTIONS, {"schema": 1, "exemptions": [waiver]})
    unit_scope = {"scope": {"organizational_units": [unit]}, "exports": ["csv", "xlsx", "ocsf"]}
    for fields in (unit_scope, {"scope": {"organization": True}}):
        ended = aws.scan(**ONE_CHECK, **fields)
        assert ended.status == "SUCCEEDED", ended.error


def hosts(aws: Embedded) -> dict[str, Any]:
    """The scope of the two."""
    return {"instances": [aws.instance_named(name)[0] for name in HOSTS]}


def scan_inline(aws: Embedded) -> None:
    """Nobody has a way to S3: the results come inline, and the next run knows."""
    for name in HOSTS:
        aws.cloud.fleet.break_host(aws.instance_named(name)[1], "no_path_to_s3")
    for _ in range(2):
        assert aws.scan(hosts(aws), **ONE_CHECK).summary["status"] == "complete"
    for name in HOSTS:
        aws.cloud.fleet.mend_host(aws.instance_named(name)[1])


def stop_and_resume(aws: Embedded) -> None:
    """A run with a command that nobody answers is stopped, and goes on."""
    _, silent = aws.instance_named(HOSTS[0])
    aws.cloud.fleet.change(silent, agent_state="silent")
    run = aws.start(hosts(aws), **ONE_CHECK, delivery="s3", delivery_timeout_seconds=2400)
    prefix = keys.command_claims_prefix(run.id)
    wait_until(lambda: any(True for _ in aws.deployment.data.keys(prefix)), "no command is sent")
    assert aws.ended(runs.stop(aws.deployment, run.id)).status == "SUCCEEDED"
    aws.cloud.fleet.change(silent, agent_state="online")
    assert aws.ended(runs.resume(aws.deployment, run.id)).summary["status"] == "complete"


def mend(aws: Embedded) -> None:
    """Launched instances without a profile, and without a policy, are heard of by the bus, mended and scanned."""
    fleet = EventFleet(aws)
    fleet.configure(scan_when_ready={"enabled": True, "profile": "kisa_unix_2026"}, registration_wait_minutes=5)
    fleet.launch(TRADING)
    fleet.launch(TRADING, fleet.role(TRADING, "lacking", path="/payments/"))
    document = json.dumps({"Version": "2012-10-17", "Statement": [EVERYTHING_AN_AGENT_NEEDS]})
    own = fleet.client("iam", TRADING).create_policy(PolicyName="own-ssm", PolicyDocument=document)["Policy"]["Arn"]
    fleet.launch(TRADING, fleet.role(TRADING, "of-their-own", own, inline=EVERYTHING_AN_AGENT_NEEDS))
    fleet.settle()
    assert len(fleet.told()) > 1, fleet.told()


def sweep(aws: Embedded) -> None:
    """Two sweeps of the prepared organization: one hands over what can be mended, the next finds it changed."""
    states = aws.deployment.session.client("stepfunctions")
    for mends in (True, False):
        request = request_of(CoverageOptions(mend=mends), aws.deployment.regions)
        started = states.start_execution(
            stateMachineArn=aws.deployment.report_coverage, name=runs.new_run_id(), input=json.dumps(request)
        )["executionArn"]
        wait_until(lambda arn=started: has_ended(states, arn), "the sweep does not end")  # type: ignore[misc]
        assert states.describe_execution(executionArn=started)["status"] == "SUCCEEDED"
        EventFleet(aws).settle()


def has_ended(states: Any, execution: str) -> bool:
    return bool(states.describe_execution(executionArn=execution)["status"] != "RUNNING")


def bury(aws: Embedded) -> None:
    """An event that nobody can read ends in the dead-letter queue."""
    queue = aws.cloud.central.events_queue_url
    aws.deployment.session.client("sqs").send_message(QueueUrl=queue, MessageBody="no JSON {")
    wait_until(lambda: bool(EventFleet(aws).buried()), "the dead-letter queue stays empty")
