"""A compact set of scenarios that makes every function, machine and member role do all that it is for."""

from __future__ import annotations

import datetime as dt
import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from emulator.endpoint import session_with
from emulator.events.shapes import Place, state_change
from emulator.faults.rules import Rule
from emulator.seams.lambda_functions import function_of
from fleetdx import keys
from fleetdx.cli import runs
from fleetdx.cli.coverage import CoverageOptions, request_of
from fleetdx.organizations import units_above
from tests.embedded import Embedded, embedded, wait_until
from tests.event_fleet import CORE, EVERYTHING_AN_AGENT_NEEDS, REGION, STAGING, TRADING, EventFleet
from tests.fakes.slack import loopback_slack

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

WEBHOOK = "fleetdx-slack"
WEBHOOK_OF_OWNERS = "/fleetdx/slack/owners"
HOSTS = ("market-data-relay-1", "market-data-archive")
"""Two of one account-region."""
ONE_CHECK: dict[str, Any] = {"regions": [REGION], "checks": ["U-06"]}

EXEMPTION = {
    "id": "unit",
    "scope": {"organizational_unit": "ou-none-00000000"},
    "owner": "trading@example.com",
    "approver": "ciso@example.com",
    "reason": "Whether an account is in it, Organizations is asked.",
    "approved_at": "2026-01-01T00:00:00Z",
    "expires_at": "2026-12-31T00:00:00Z",
}
EXCLUSION = {"id": "unit-scans", "applies_to": "scan", "ticket": "SEC-1234"}
WAIVER = {"id": "unit-findings", "applies_to": "finding", "item": "U-06", "ticket": "SEC-1234"}


@contextmanager
def played(directory: Path) -> Iterator[Embedded]:
    """An embedded AWS on which all scenarios have been played."""
    parameters = {
        "SlackWebhookParameter": WEBHOOK,
        "SecurityHubFindings": "on",
        "ObjectLockMode": "governance",
        "Tracing": "on",
    }
    with (
        loopback_slack() as slack,
        embedded(directory, clock_factor=0.005, events_way="bus", every_cause=True, parameters=parameters) as aws,
    ):
        for name in (WEBHOOK, WEBHOOK_OF_OWNERS):
            aws.deployment.session.client("ssm").put_parameter(Name=name, Value=slack.url, Type="SecureString")
        units = sorted(units_above(aws.deployment.session.client("organizations"), TRADING))
        scan_organization(aws, units)
        scan_inline(aws)
        stop_and_resume(aws)
        look_inside(aws)
        mend(aws)
        sweep(aws, units)
        bury(aws)
        wait_until(lambda: not scans_under_way(aws), "a scan of what was mended does not end")
        assert slack.posts
        yield aws


def scan_organization(aws: Embedded, units: list[str]) -> None:
    """With windows, a waiver of a unit, all exports and imports; once more, of no host; and a look at the units."""
    data = aws.deployment.data
    hub: Any = aws.cloud.operator_session(TRADING, REGION).client("securityhub")
    hub.enable_security_hub(EnableDefaultStandards=False)
    data.put_json(keys.WINDOWS, {"schema": 1, "quiet_hours": [], "windows": []})
    write_register(aws)
    route = {"id": "owners", "webhook_parameter": WEBHOOK_OF_OWNERS, "organizational_units": units}
    data.put_json(keys.NOTIFICATION_ROUTES, {"schema": 1, "routes": [route]})
    group_a_host(aws)
    aws.cloud.faults.add(dies_when_claimed("notify", "*/claims/notification-*"))
    for fields in ({"exports": ["csv", "xlsx", "ocsf"]}, {"tags": {"owner": ["nobody"]}}):
        ended = aws.scan({"organization": True}, **ONE_CHECK, **fields)
        assert ended.status == "SUCCEEDED", ended.error
    looked = aws.scan({"organizational_units": units}, **ONE_CHECK, dry_run=True)
    assert looked.status == "SUCCEEDED", looked.error


def group_a_host(aws: Embedded) -> None:
    """One of the hosts belongs to an Auto Scaling group."""
    client: Any = aws.cloud.operator_session(TRADING, REGION).client("autoscaling")
    client.create_launch_configuration(LaunchConfigurationName="relay", ImageId="ami-1", InstanceType="t3.small")
    sizes = {"MinSize": 0, "MaxSize": 2, "AvailabilityZones": [f"{REGION}a"]}
    client.create_auto_scaling_group(AutoScalingGroupName="relays", LaunchConfigurationName="relay", **sizes)
    client.attach_instances(AutoScalingGroupName="relays", InstanceIds=[aws.instance_named(HOSTS[0])[1]])


def dies_when_claimed(function: str, claim: str) -> Rule:
    """A function is killed when it has claimed its message: the next try finds the claim, and no record."""
    return Rule("s3:PutObject", "caller_dies_after", caller=f"*/fleetdx-{function}/*", resource=claim)


def write_register(aws: Embedded) -> None:
    """A register that waives a finding, and exempts from mending and scans, in a unit that no account is in."""
    entries = [EXEMPTION, {**EXEMPTION, **EXCLUSION}, {**EXEMPTION, **WAIVER}]
    aws.deployment.data.put_json(keys.EXEMPTIONS, {"schema": 1, "exemptions": entries})


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
    name, silent = aws.instance_named(HOSTS[0])
    aws.cloud.fleet.change(silent, agent_state="silent")
    limits = {"delivery_timeout_seconds": 3000, "execution_timeout_seconds": 60}
    run = aws.start({"instances": [name]}, **ONE_CHECK, delivery="s3", **limits)
    ssm: Any = aws.cloud.operator_session(TRADING, REGION).client("ssm")
    wait_until(lambda: any(run.id in one["Comment"] for one in ssm.list_commands()["Commands"]), "nothing is sent")
    assert aws.ended(runs.stop(aws.deployment, run.id)).status == "SUCCEEDED"
    aws.cloud.fleet.change(silent, agent_state="online")
    assert aws.ended(runs.resume(aws.deployment, run.id)).summary["status"] == "complete"


def look_inside(aws: Embedded) -> None:
    """A person of the central account sees what commands have printed."""
    role = f"arn:aws:iam::{TRADING}:role/fleetdx/fleetdx-member-inspect"
    answer = aws.deployment.session.client("sts").assume_role(RoleArn=role, RoleSessionName="console")
    issued = aws.cloud.store.find(answer["Credentials"]["AccessKeyId"])
    assert issued is not None
    entered = session_with(aws.cloud.url, issued.for_boto3(), REGION)
    assert entered.client("ssm").list_command_invocations(Details=True)["CommandInvocations"]


def mend(aws: Embedded) -> None:
    """Launched instances are heard of by the bus, mended, told of and scanned; what fails at first is tried again."""
    fleet = EventFleet(aws)
    fleet.configure(scan_when_ready={"enabled": True, "profile": "kisa_unix_2026"}, registration_wait_minutes=5)
    write_register(aws)
    aws.cloud.faults.add(
        Rule("iam:AttachRolePolicy", "denied", caller="*/fleetdx-member-mend/*"),
        dies_when_claimed("notify-change", "*/claims/notifications/*"),
    )
    fleet.launch(TRADING)
    [lacking] = fleet.launch(TRADING, fleet.role(TRADING, "lacking", path="/payments/"))
    document = json.dumps({"Version": "2012-10-17", "Statement": [EVERYTHING_AN_AGENT_NEEDS]})
    own = fleet.client("iam", TRADING).create_policy(PolicyName="own-ssm", PolicyDocument=document)["Policy"]["Arn"]
    other = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
    fleet.launch(TRADING, fleet.role(TRADING, "of-their-own", own, other, inline=EVERYTHING_AN_AGENT_NEEDS))
    fleet.settle()
    hear_again(fleet, lacking)
    assert fleet.attached("lacking") == [CORE]
    # Somebody takes it away at once: the change that was made is found by its claim.
    fleet.client("iam", TRADING).detach_role_policy(RoleName="lacking", PolicyArn=CORE)
    hear_again(fleet, lacking)
    # Nobody can read the register: that is told once, whoever finds it.
    aws.deployment.data.put(keys.EXEMPTIONS, b"{")
    hear_again(fleet, lacking)
    hear_again(fleet, lacking)
    # There is none, and of two events one comes while the other's execution still waits for it.
    aws.deployment.data.delete(keys.EXEMPTIONS)
    hear_twice_at_once(fleet, lacking)
    aws.cloud.faults.clear()


def hear_again(fleet: EventFleet, instance: str) -> None:
    """The event of an instance that runs, once more and later."""
    at = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=5)
    fleet.aws.cloud.ways.routes.emit(state_change(Place(TRADING, REGION), instance, "running", at))
    fleet.settle()


def hear_twice_at_once(fleet: EventFleet, instance: str) -> None:
    """Two events of an instance in one batch."""
    moments = [dt.datetime.now(dt.UTC) + dt.timedelta(seconds=seconds) for seconds in (5, 6)]
    told = [json.dumps(state_change(Place(TRADING, REGION), instance, "running", at)) for at in moments]
    batch = [{"messageId": body[-40:], "body": body, "eventSource": "aws:sqs"} for body in told]
    cloud = fleet.aws.cloud
    receiver = function_of("fleetdx-receive-event", cloud.organization.hub.id, cloud.home_region)
    assert not cloud.runtime.invoke(receiver, {"Records": batch})[1]
    fleet.settle()


def sweep(aws: Embedded, units: list[str]) -> None:
    """Two sweeps: of all, which hands over what can be mended, and of the units, where one place fails."""
    write_register(aws)
    name_a_prefix_list(aws)
    aws.cloud.faults.add(dies_when_claimed("notify-coverage", "*/claims/notification"))
    swept(aws, CoverageOptions(mend=True))
    aws.deployment.data.delete(keys.EXEMPTIONS)
    parts = f"*/parts/{STAGING}/{REGION}*"
    aws.cloud.faults.add(
        Rule("s3:PutObject", "denied", caller="*/fleetdx-check-coverage/*", resource=parts, times=None)
    )
    swept(aws, CoverageOptions(organizational_units=tuple(units)))
    aws.cloud.faults.clear()


def name_a_prefix_list(aws: Embedded) -> None:
    """A rule of an unmanaged instance's security group names a prefix list."""
    account, region, instance = next(
        where for what, where in aws.cloud.prepared.items() if what.startswith("no_route/")
    ).split("/")
    ec2: Any = aws.cloud.operator_session(account, region).client("ec2")
    made = ec2.create_managed_prefix_list(
        PrefixListName="theirs", MaxEntries=1, AddressFamily="IPv4", Entries=[{"Cidr": "10.0.0.0/8"}]
    )["PrefixList"]["PrefixListId"]
    found = ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
    rule = {"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443, "PrefixListIds": [{"PrefixListId": made}]}
    ec2.authorize_security_group_egress(GroupId=found["SecurityGroups"][0]["GroupId"], IpPermissions=[rule])


def swept(aws: Embedded, options: CoverageOptions) -> None:
    """A sweep to its end, and to the end of what it hands over."""
    states = aws.deployment.session.client("stepfunctions")
    request = request_of(options, aws.deployment.regions)
    started = states.start_execution(
        stateMachineArn=aws.deployment.report_coverage, name=runs.new_run_id(), input=json.dumps(request)
    )["executionArn"]
    wait_until(lambda: states.describe_execution(executionArn=started)["status"] != "RUNNING", "it does not end")
    assert states.describe_execution(executionArn=started)["status"] == "SUCCEEDED"
    EventFleet(aws).settle()


def scans_under_way(aws: Embedded) -> list[Any]:
    """Executions of scan_fleet that have not ended."""
    states = aws.deployment.session.client("stepfunctions")
    found = states.list_executions(stateMachineArn=aws.cloud.central.scan_fleet, statusFilter="RUNNING")
    return list(found["executions"])


def bury(aws: Embedded) -> None:
    """An event that nobody can read ends in the dead-letter queue."""
    queue = aws.cloud.central.events_queue_url
    aws.deployment.session.client("sqs").send_message(QueueUrl=queue, MessageBody="no JSON {")
    wait_until(lambda: bool(EventFleet(aws).buried()), "the dead-letter queue stays empty")
