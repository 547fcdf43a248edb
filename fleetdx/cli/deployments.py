"""Where a command works: a deployed stack, here the embedded one that this process starts or another already runs."""

from __future__ import annotations

import datetime as dt
import functools
import json
import time
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, cast

from filelock import FileLock, Timeout

from fleetdx import keys, releases
from fleetdx.cli.guests import outlasting_guests, present
from fleetdx.cli.pace import EMBEDDED_PACE, Pace
from fleetdx.cli.problems import EmbeddedAwsUnreachable, UsageProblem
from fleetdx.sessions import session_of
from fleetdx.storage import Bucket
from tools.bundle import build_bundle

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    import boto3

    from emulator.cloud import EmbeddedAws
    from fleetdx.cli.scan_request import EmbeddedOptions
    from fleetdx.models import Catalog
    from fleetdx.sessions import SessionOf
    from tools.bundle import Bundle

SECONDS_TO_COME_UP = 60


@dataclass(frozen=True)
class EventPlaces:
    """Where events are taken and what they lead to.

    Attributes:
        queue: URL of the queue that receive_event works off.
        dead_letter_queue: URL of the queue of what can never be processed.
        ensure_ssm_ready: ARN of the state machine that mends an instance.
        configuration: Name of the parameter that says how.
    """

    queue: str
    dead_letter_queue: str
    ensure_ssm_ready: str
    configuration: str = "/fleetdx/configuration"


@dataclass(frozen=True)
class Deployment:
    """A deployed stack as the command line needs it.

    Attributes:
        session: A session in the central account and region.
        data_bucket: Its data bucket.
        scan_fleet: ARN of the state machine that scans the fleet.
        scan_target: ARN of the state machine of one account-region.
        scan_batch: ARN of the state machine of one batch.
        stop_scan: ARN of the state machine that stops a run.
        report_coverage: ARN of the state machine that looks for instances that are not managed.
        events: Where events are taken.
        regions: The regions that a request without regions means.
        member_roles: Path of the member roles and what their names begin with; the duty follows.
        session_of: Makes a session with the keys of an assumed role.
        metrics: Counts AWS calls and what functions cost, where somebody counts them.
        roots: Instances made of unpacked roots, as account/region/id.
        faults: What was to go wrong and how often it did, where somebody asked for that; told as JSON.
        operator: Gives a session of another account's operator in a region; only the embedded AWS knows such.
        pace: How often a command looks at what goes on there.
        asked_as: Options that name it on a command line, with a space before them; empty for the embedded one.
    """

    session: boto3.session.Session
    data_bucket: str
    scan_fleet: str
    scan_target: str
    scan_batch: str
    stop_scan: str
    report_coverage: str
    events: EventPlaces
    regions: tuple[str, ...]
    member_roles: str = "fleetdx/fleetdx-member-"
    session_of: SessionOf = session_of
    metrics: Callable[[], dict[str, Any]] | None = None
    roots: tuple[str, ...] = ()
    faults: Callable[[], list[dict[str, Any]]] | None = None
    operator: Callable[[str, str], boto3.session.Session] | None = None
    pace: Pace = EMBEDDED_PACE
    asked_as: str = ""

    @property
    def home_region(self) -> str:
        """The region of the central stack and its buckets."""
        return str(self.session.region_name)

    @property
    def data(self) -> Bucket:
        """The data bucket, ready to read."""
        return Bucket(self.session.client("s3"), self.data_bucket)


@contextmanager
def embedded_deployment(wanted: EmbeddedOptions) -> Iterator[Deployment]:
    """The embedded stack of this checkout: started here, or reached where another process runs it.

    It ends with the process that started it, but not before others have done what they reached it for.

    Raises:
        RootError: One of the roots is none.
        FaultFileError: The file of faults is none.
        UsageProblem: Roots or faults were given, but another process runs the embedded AWS.
        EmbeddedAwsUnreachable: Another process holds it and does not answer.
    """
    directory = wanted.directory
    directory.mkdir(mode=0o700, exist_ok=True, parents=True)
    lock = FileLock(directory / "lock", mode=0o600)
    try:
        lock.acquire(blocking=False)
    except Timeout:
        for option, given in (
            ("--root", wanted.roots),
            ("--faults", wanted.faults),
            ("--every-cause", wanted.every_cause),
        ):
            if given:
                raise UsageProblem(
                    option,
                    "another fleetdx runs the embedded AWS; wait for its end, or `make remove` it first",
                ) from None
        with present(directory):
            yield _reach(directory)
        return
    try:
        yield from _start(wanted)
    finally:
        (directory / "endpoint.json").unlink(missing_ok=True)
        lock.release()


def _start(wanted: EmbeddedOptions) -> Iterator[Deployment]:
    # Imported here because it takes a second, which `--help` and a refused request should not wait for.
    from emulator.cloud import embedded_aws  # noqa: PLC0415 - see above
    from emulator.faults.scenario import read_scenario  # noqa: PLC0415 - see above

    scenario = read_scenario(wanted.faults) if wanted.faults else None
    with embedded_aws(wanted.directory, roots=wanted.roots, scenario=scenario, every_cause=wanted.every_cause) as cloud:
        deployment = deployment_of(cloud)
        publish_current(deployment.data)
        exempt_nothing(deployment.data)
        _tell_others(wanted.directory, cloud, deployment)
        with outlasting_guests(wanted.directory):
            yield deployment


def deployment_of(cloud: EmbeddedAws) -> Deployment:
    """The deployment on an embedded AWS of this process."""
    from emulator.endpoint import session_with  # noqa: PLC0415 - as above

    known = {instance.instance_id for instance in cloud.organization.instances}
    return Deployment(
        session=cloud.hub_session(),
        data_bucket=cloud.central.data_bucket,
        scan_fleet=cloud.central.scan_fleet,
        scan_target=cloud.central.scan_target,
        scan_batch=cloud.central.scan_batch,
        stop_scan=cloud.central.stop_scan,
        report_coverage=cloud.central.report_coverage,
        events=EventPlaces(
            cloud.central.events_queue_url, cloud.central.events_dead_letter_queue_url, cloud.central.ensure_ssm_ready
        ),
        regions=cloud.organization.regions,
        session_of=functools.partial(session_with, cloud.url),
        metrics=cloud.metrics,
        faults=cloud.struck_faults,
        operator=cloud.operator_session,
        roots=tuple(name for name in cloud.fleet.names() if name.rsplit("/", maxsplit=1)[1] not in known),
    )


def publish_current(data: Bucket, by: str = "the embedded AWS", bundle: Bundle | None = None) -> str:
    """Publish the bundle of this checkout unless it was published before; returns its SHA-256.

    What somebody has rolled back from, or has to approve, is not put in the place of his decision.

    Args:
        data: The data bucket.
        by: Who publishes it.
        bundle: That bundle, where it was built before; else it is built.
    """
    bundle = bundle or build_bundle()
    acts, in_effect = releases.history(data), releases.in_effect(data)
    if acts and acts[-1]["takes_effect"] and acts[-1]["bundle"] not in in_effect:
        # Whoever wrote it down died before new runs used it.
        acts.pop()
    if bundle.sha256 not in {act["bundle"] for act in acts} | in_effect:
        actor = releases.Actor(by, dt.datetime.now(dt.UTC))
        catalog = cast("Catalog", bundle.catalog)
        releases.publish(data, bundle.sha256, bundle.script, catalog, actor, bundle.parts)
    return bundle.sha256


def exempt_nothing(data: Bucket) -> None:
    """Write a file of exemptions that exempts nothing, unless there is one: without it nothing would ever be mended."""
    data.put_conditionally(keys.EXEMPTIONS, json.dumps({"schema": 1, "exemptions": []}).encode())


def _tell_others(directory: Path, cloud: EmbeddedAws, deployment: Deployment) -> None:
    """Write where this one is, with an operator's keys: readable by its owner alone, gone at the end."""
    told = {
        **endpoint_facts(cloud),
        "data_bucket": cloud.central.data_bucket,
        "scan_fleet": cloud.central.scan_fleet,
        "scan_target": cloud.central.scan_target,
        "scan_batch": cloud.central.scan_batch,
        "stop_scan": cloud.central.stop_scan,
        "report_coverage": cloud.central.report_coverage,
        "events": asdict(deployment.events),
    }
    write_endpoint(directory, told)


def endpoint_facts(cloud: EmbeddedAws) -> dict[str, Any]:
    """Where an embedded AWS of this process is, with the keys of an operator of each account."""
    active = [account.id for account in cloud.organization.accounts if account.status == "ACTIVE"]
    operators = {account: cloud.operator_credentials(account).for_boto3() for account in active}
    return {
        "url": cloud.url,
        "account": cloud.organization.hub.id,
        "region": cloud.home_region,
        "regions": cloud.organization.regions,
        "credentials": operators[cloud.organization.hub.id],
        "operators": operators,
    }


def write_endpoint(directory: Path, told: dict[str, Any]) -> None:
    """Write what others need to reach the embedded AWS, readable by its owner alone."""
    path = directory / "endpoint.json"
    temporary = path.with_suffix(".new")
    temporary.touch(mode=0o600)
    temporary.write_text(json.dumps(told), encoding="utf-8")
    temporary.replace(path)


def endpoint_of(directory: Path) -> dict[str, Any]:
    """What the process that holds the embedded AWS says of it, once it has come up.

    Raises:
        EmbeddedAwsUnreachable: It does not come up.
    """
    path = directory / "endpoint.json"
    deadline = time.monotonic() + SECONDS_TO_COME_UP
    while not path.exists():
        if time.monotonic() > deadline:
            raise EmbeddedAwsUnreachable(f"another process holds {directory} but has not come up; end it and try again")
        time.sleep(0.2)
    told: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return told


def _deployed_in_background(told: dict[str, Any]) -> Deployment:
    """What `fleetdx deploy` has deployed there, by the word of its central stack.

    Raises:
        EmbeddedAwsUnreachable: It runs, but fleetdx is not deployed on it.
    """
    from emulator.endpoint import session_with  # noqa: PLC0415 - as above
    from fleetdx.cli import deployed, stacks  # noqa: PLC0415 - they import this module

    session = session_with(told["url"], told["credentials"], told["region"])
    try:
        outputs = deployed.outputs_of(session, stacks.STACK_NAME)
    except UsageProblem:
        raise EmbeddedAwsUnreachable(
            "the embedded AWS runs in the background without fleetdx; `make deploy` deploys it, `make remove` ends it"
        ) from None
    found = deployed.deployment_of(session, outputs)
    return replace(found, session_of=functools.partial(session_with, told["url"]), operator=_operator_of(told))


def _operator_of(told: dict[str, Any]) -> Callable[[str, str], boto3.session.Session]:
    from emulator.endpoint import session_with  # noqa: PLC0415 - as above

    return lambda account, region: session_with(told["url"], told["operators"][account], region)


def _reach(directory: Path) -> Deployment:
    from emulator.endpoint import session_with  # noqa: PLC0415 - as above

    told = endpoint_of(directory)
    if "data_bucket" not in told:
        return _deployed_in_background(told)
    return Deployment(
        session=session_with(told["url"], told["credentials"], told["region"]),
        data_bucket=told["data_bucket"],
        scan_fleet=told["scan_fleet"],
        scan_target=told["scan_target"],
        scan_batch=told["scan_batch"],
        stop_scan=told["stop_scan"],
        report_coverage=told["report_coverage"],
        events=EventPlaces(**told["events"]),
        regions=tuple(told["regions"]),
        session_of=functools.partial(session_with, told["url"]),
        operator=_operator_of(told),
    )
