"""Every command with `--aws`, which knows of the stack only what a person's AWS settings say.

What is started, followed, stopped and killed are real processes; what only answers is typed in this one.
"""

from __future__ import annotations

import json
import signal
from typing import TYPE_CHECKING, Any

import pytest

from emulator.front_door.credentials import IssuedCredentials, Principal
from fleetdx import keys
from fleetdx.cli import runs
from tests.embedded import Embedded, embedded, wait_until
from tests.person import PROFILE, Person, ended, run_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TRADING, WALLET = "333333333333", "444444444444"
VIRGINIA = "us-east-1"
RELAY, ARCHIVE = "market-data-relay-1", "market-data-archive"
ONE_ITEM = ("--account", TRADING, "--region", VIRGINIA, "--check", "U-01")
SLOW = ("--delivery-timeout", "3000", "--execution-timeout", "60")


@pytest.fixture(scope="module")
def aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Embedded]:
    with embedded(tmp_path_factory.mktemp("cloud"), clock_factor=0.01) as started:
        yield started


@pytest.fixture
def person(aws: Embedded, tmp_path: Path) -> Iterator[Person]:
    somebody = Person(aws, tmp_path)
    yield somebody
    somebody.clear()


@pytest.fixture
def silent(aws: Embedded) -> Iterator[str]:
    """A host that never answers, so that a run over it is under way for as long as a test looks."""
    _, instance = aws.instance_named(ARCHIVE)
    aws.cloud.fleet.change(instance, agent_state="silent")
    yield instance
    aws.cloud.fleet.change(instance, agent_state="online")


def temporary_keys(aws: Embedded, seconds: int) -> IssuedCredentials:
    """Keys of an administrator of the central account that hold so long; negative for those that have expired."""
    hub = aws.cloud.organization.hub.id
    principal = Principal(hub, f"arn:aws:sts::{hub}:assumed-role/Administrators/jiwoo", "AROA:jiwoo")
    return aws.cloud.store.mint_session(principal, seconds)


def under_way(aws: Embedded, run: str) -> bool:
    """Whether a batch of the run waits for its hosts."""
    return bool(runs.batches(aws.deployment, runs.Run(run, "")))


def test_one_account_is_scanned(aws: Embedded, person: Person) -> None:
    """The profile names region and keys; the outputs come home and into the bucket; nothing embedded was started."""
    # What somebody has forgotten in the environment must not trip a command that names its profile.
    person.environment["AWS_PROFILE"] = "nobody"
    done = person.run("scan", *ONE_ITEM, "--json")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert (summary["status"], summary["totals"]["states"]["scanned"]) == ("complete", 2)
    home = person.home / "out" / summary["run"]
    assert (person.home / "out" / "latest").resolve() == home.resolve()
    metrics = json.loads((home / "metrics.json").read_text(encoding="utf-8"))
    assert (metrics["basis"]["aws_calls"], metrics["basis"]["state_transitions"]) == ("not_counted", "measured")
    assert len(list((home / "executions").iterdir())) == 3
    assert aws.deployment.data.get_json(keys.out(summary["run"], "summary.json")) == summary
    assert not list(person.home.rglob("endpoint.json"))


def test_region_and_keys_may_come_from_the_environment(aws: Embedded, person: Person) -> None:
    """Without a profile; a dry run tells what would be scanned."""
    environment = temporary_keys(aws, 3600).for_environment() | {"AWS_REGION": aws.cloud.home_region}
    done = person.type_plainly("scan", *ONE_ITEM, "--dry-run", "--json", "--aws", **environment)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["instances_to_scan"] == 2


def test_what_the_deployed_bundle_does_not_hold_is_refused_before_anything_starts(person: Person) -> None:
    """The catalog in the bucket decides, not the checkout's."""
    done = person.type("scan", "--account", TRADING, "--check", "U-99")
    assert (done.returncode, done.stdout) == (2, "")
    assert "fleetdx: request /checks/0: " in done.stderr
    assert "Run " not in done.stderr


@pytest.mark.usefixtures("silent")
def test_a_run_is_stopped_from_another_terminal_and_resumed(aws: Embedded, person: Person, tmp_path: Path) -> None:
    """Somebody else stops it; both tell the closed ledger, and resumed it comes to its end."""
    first = person.start("scan", *ONE_ITEM, *SLOW)
    run = run_of(first)
    wait_until(lambda: under_way(aws, run), "nothing is sent")
    other = Person(aws, tmp_path / "other")
    stopped = other.run("scan", "--stop", run)
    assert stopped.returncode == 0, stopped.stderr
    assert f"Stopped run {run}: 3 executions ended." in stopped.stderr
    followed = ended(first)
    assert followed.returncode == 4
    for told in (stopped.stdout, followed.stdout):
        assert "stopped_by_operator" in told
    aws.cloud.fleet.change(aws.instance_named(ARCHIVE)[1], agent_state="online")
    resumed = person.type("scan", "--resume", run, "--json")
    assert resumed.returncode == 0, resumed.stderr
    assert json.loads(resumed.stdout)["status"] == "complete"


def test_a_run_whose_follower_has_left_is_followed_again(aws: Embedded, person: Person, silent: str) -> None:
    """Killed outright, the command leaves the run at work; --resume comes back to the same execution."""
    first = person.start("scan", *ONE_ITEM, *SLOW)
    run = run_of(first)
    wait_until(lambda: under_way(aws, run), "nothing is sent")
    first.kill()
    again = person.start("scan", "--resume", run, "--json")
    assert again.stderr is not None
    assert next(again.stderr) == "It has not ended; following it.\n"
    aws.cloud.fleet.change(silent, agent_state="online")
    done = ended(again)
    assert done.returncode == 0, done.stderr
    assert len(aws.deployment.data.directory(keys.openings_prefix(run)).objects) == 1


@pytest.mark.usefixtures("silent")
def test_ctrl_c_stops_the_run(aws: Embedded, person: Person) -> None:
    """As on the embedded AWS: the ledger is closed, and the exit code is 130."""
    process = person.start("scan", *ONE_ITEM, *SLOW)
    run = run_of(process)
    wait_until(lambda: under_way(aws, run), "nothing is sent")
    process.send_signal(signal.SIGINT)
    done = ended(process)
    assert done.returncode == 130, done.stderr
    assert f"Stopped run {run}" in done.stderr
    assert "Traceback" not in done.stderr
    assert aws.deployment.data.get_json(keys.out(run, "summary.json"))["status"] == "incomplete"


@pytest.mark.usefixtures("silent")
def test_keys_that_expire_on_the_way_leave_the_run_at_work(aws: Embedded, person: Person) -> None:
    """One sentence says so, and how to come back; exit code 1, because something was started."""
    person.sign_in(temporary_keys(aws, 12), aws.cloud.home_region)
    process = person.start("scan", *ONE_ITEM, *SLOW)
    run = run_of(process)
    done = ended(process)
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr
    *_, told = done.stderr.splitlines()
    assert told.startswith("fleetdx: your AWS credentials have expired (")
    assert told.endswith(f"come back to it: fleetdx scan --resume {run} --aws --aws-profile {PROFILE}")
    assert runs.under_way(aws.deployment, run) is not None
    person.sign_in(temporary_keys(aws, 3600), aws.cloud.home_region)
    assert person.type("scan", "--stop", run).returncode == 0


def test_a_sweep_says_what_is_not_managed(person: Person) -> None:
    """Its outputs come home; with nobody at fault the exit code is that of --fail-on-unmanaged."""
    done = person.type("coverage", "--account", TRADING, "--json")
    assert done.returncode == 0, done.stderr
    summary = json.loads(done.stdout)
    assert summary["status"] == "complete"
    assert (person.home / "out" / "coverage" / "latest" / "coverage.jsonl").is_file()


def test_an_event_and_a_sweep_mend_what_the_configuration_allows(aws: Embedded, person: Person) -> None:
    """--configuration replaces the deployed one; the event's instance is looked after, a sweep hands on the others."""
    account, region, instance = aws.instance_named(RELAY)[0].split("/")
    event = {
        "id": "6a7e8feb-b491-4cf7-a9f1-bf3703467718",
        "version": "0",
        "detail-type": "EC2 Instance State-change Notification",
        "source": "aws.ec2",
        "account": account,
        "time": "2026-11-23T02:15:00Z",
        "region": region,
        "resources": [f"arn:aws:ec2:{region}:{account}:instance/{instance}"],
        "detail": {"instance-id": instance, "state": "running"},
    }
    (person.home / "event.json").write_text(json.dumps(event), encoding="utf-8")
    (person.home / "configuration.json").write_text('{"mode": "report_only"}', encoding="utf-8")
    done = person.type(
        "event", "event.json", "--configuration", "configuration.json", "--json", "--metrics", "cost.json"
    )
    assert done.returncode == 0, done.stderr
    told: dict[str, Any] = json.loads(done.stdout)
    assert (told["outcome"], told["instance_id"]) == ("reported", instance), told
    assert json.loads((person.home / "cost.json").read_text(encoding="utf-8"))["executions"] == 1
    swept = person.type("coverage", "--account", TRADING, "--mend")
    assert swept.returncode == 0, swept.stderr


def test_bundles_are_listed_published_and_governed(aws: Embedded, person: Person) -> None:
    """The deployed history is what is read and written; who acted is what STS says."""
    listed = person.type("bundle", "list", "--json")
    assert listed.returncode == 0, listed.stderr
    (act,) = json.loads(listed.stdout)["acts"]
    published = person.type("bundle", "publish")
    assert (published.returncode, published.stdout) == (2, "")
    assert f"new runs use bundle {act['bundle'][:12]} already" in published.stderr
    governed = person.type("bundle", "policy", "--approval", "second_person")
    assert governed.returncode == 0, governed.stderr
    assert aws.deployment.data.get_json(keys.RELEASE_POLICY)["approval"] == "second_person"
    assert person.type("bundle", "rollback").returncode == 2


def test_what_is_deployed_is_checked(aws: Embedded, person: Person) -> None:
    """What lies in the parameter and the bucket is read as the functions will; a file takes the place of its kind."""
    aws.deployment.data.put_json(keys.EXEMPTIONS, {"schema": 1, "exemptions": []})
    done = person.type("check-configuration")
    assert done.returncode == 0, done.stderr
    parameter, exemptions = done.stdout.splitlines()
    assert parameter == f"parameter {aws.deployment.events.configuration}: mode report_only"
    assert exemptions == f"s3://{aws.deployment.data_bucket}/{keys.EXEMPTIONS}: 0 exemptions, 0 of them expired"
    (person.home / "windows.json").write_text('{"schema": 1, "quiet_hours": [], "windows": []}', encoding="utf-8")
    done = person.type("check-configuration", "--windows", "windows.json")
    assert "windows.json: 0 quiet hours, windows of 0 accounts" in done.stdout
    aws.deployment.data.put_json(keys.WINDOWS, {"schema": 1})
    try:
        done = person.type("check-configuration")
    finally:
        aws.deployment.data.delete(keys.WINDOWS)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"fleetdx: --windows: s3://{aws.deployment.data_bucket}/{keys.WINDOWS}: /")


def test_runs_that_others_have_started_are_read(aws: Embedded, person: Person) -> None:
    """Nothing lies here before: what a schedule or a colleague has run is brought home by each command."""
    earlier, later = (aws.scan({"accounts": [TRADING]}, regions=[VIRGINIA], checks=["U-01"]).run.id for _ in "ab")
    register = person.home / "register.json"
    register.write_text('{"schema": 1, "exemptions": []}', encoding="utf-8")
    for arguments, told in (
        (("report",), f"out/{later}/report.html, and pages of hosts beside it: 2"),
        (("diff", earlier, "--json"), f'"after": "{later}"'),
        (("query", "worst_items", "--run", earlier, "--json"), f'"{earlier}"'),
        (("waivers", "check", "register.json", "--json"), '"entries"'),
    ):
        done = person.type(*arguments)
        assert done.returncode == 0, done.stderr
        assert told in done.stdout
    assert {path.name for path in (person.home / "out").iterdir()} == {earlier, later}
    assert person.type("query", "worst_items").returncode == 2


def test_options_of_the_embedded_aws_are_refused(person: Person) -> None:
    """Each is named; nothing is called for it."""
    for option, arguments in {
        "--root": ("scan", "--root", "/"),
        "--faults": ("scan", "--faults", "faults.json"),
        "--every-cause": ("coverage", "--every-cause"),
        "--emulator-directory": ("bundle", "list", "--emulator-directory", "elsewhere"),
    }.items():
        done = person.type(*arguments)
        assert (done.returncode, done.stdout) == (2, "")
        assert done.stderr == (f"fleetdx: {option}: is about the embedded AWS; leave it out, or leave out --aws\n")


@pytest.mark.parametrize(
    ("command", "keys_are", "told"),
    [
        (("scan",), "expired", "your AWS credentials have expired (DescribeStacks: "),
        (("scan", "--resume", "20261123T021500Z-3fa9c1"), "expired", "your AWS credentials have expired ("),
        (("coverage",), "unknown", "AWS does not know your credentials (DescribeStacks: "),
        (("bundle", "list"), "denied", "AWS does not allow cloudformation:DescribeStacks to arn:aws:sts::"),
        (("report",), "denied", "AWS does not allow cloudformation:DescribeStacks to arn:aws:sts::"),
    ],
)
def test_keys_that_are_not_accepted_are_a_sentence(
    aws: Embedded, person: Person, command: tuple[str, ...], keys_are: str, told: str
) -> None:
    """Expired, unknown, or without the right: exit code 2, what is missing and what to do, and no traceback."""
    hub = aws.cloud.organization.hub.id
    nobody = Principal(hub, "", "")
    issued = {
        "expired": temporary_keys(aws, -60),
        "unknown": IssuedCredentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", nobody),
        "denied": aws.cloud.sessions.mint_for_role(f"arn:aws:iam::{hub}:role/fleetdx/fleetdx-notify", "jiwoo"),
    }
    person.sign_in(issued[keys_are], aws.cloud.home_region)
    done = person.type(*command)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.stderr
    assert done.stderr.startswith(f"fleetdx: --aws: {told}"), done.stderr


def test_settings_that_are_missing_are_a_sentence(aws: Embedded, person: Person) -> None:
    """No such profile, region, credentials or stack: the option that mends it is named."""
    scan = ("scan", "--account", TRADING, "--aws")
    region = ("--aws-region", aws.cloud.home_region)
    nowhere = {"AWS_EC2_METADATA_DISABLED": "true"}
    for arguments, environment, told in (
        ((*scan, "--aws-profile", "nobody"), {}, "--aws-profile: The config profile (nobody) could not be found"),
        (scan, {}, "--aws-region: give the region of the central stack"),
        ((*scan, *region), nowhere, "--aws: there are no AWS credentials; name a profile with --aws-profile"),
        (
            (*scan, "--aws-profile", PROFILE, "--stack-name", "another"),
            {},
            f"--stack-name: there is no stack another in {aws.cloud.home_region} of this account",
        ),
        (
            (*scan, "--aws-profile", PROFILE, "--aws-region", VIRGINIA),
            {},
            f"--stack-name: there is no stack fleetdx-central in {VIRGINIA} of this account",
        ),
        ((*scan[:-1], "--aws-profile", PROFILE), {}, "--aws-profile, --aws-region, --stack-name: say which"),
    ):
        done = person.type_plainly(*arguments, **environment)
        assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.stderr
        assert done.stderr.startswith(f"fleetdx: {told}")


def test_a_right_that_is_missing_later_is_a_sentence_too(aws: Embedded, person: Person) -> None:
    """Who may look at the stack but ask for no run is told the action, and that nothing was started."""
    hub = aws.cloud.organization.hub.id
    principal = Principal(hub, f"arn:aws:sts::{hub}:assumed-role/Viewers/minseo", "AROA:minseo", VIEWER.format(hub))
    iam = aws.deployment.session.client("iam")
    trust = {"Version": "2012-10-17", "Statement": []}
    reading = {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": ["cloudformation:Describe*", "s3:Get*", "s3:List*"], "Resource": "*"}
        ],
    }
    iam.create_role(RoleName="Viewers", AssumeRolePolicyDocument=json.dumps(trust))
    iam.put_role_policy(RoleName="Viewers", PolicyName="reading", PolicyDocument=json.dumps(reading))
    person.sign_in(aws.cloud.store.mint_session(principal, 3600), aws.cloud.home_region)
    done = person.type("scan", *ONE_ITEM)
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (2, "", 1), done.stderr
    assert done.stderr.startswith(f"fleetdx: AWS does not allow lambda:InvokeFunction to {principal.arn}"), done.stderr
    assert "take a role of the central account that may" in done.stderr


VIEWER = "arn:aws:iam::{}:role/Viewers"
