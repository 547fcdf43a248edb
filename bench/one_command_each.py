"""The design that is published for this: one command per instance, behind a limiter, from one place.

An honest model of it, on the same embedded AWS, with the same hosts and faults. Each instance gets presigned URLs of
its own and one SendCommand; a limiter lets 20 of them pass a second; each command is asked for by GetCommandInvocation
until it ends. What it is spared: a function's 15 minutes, ListCommands after a lost answer, results, ledger and report.
"""

from __future__ import annotations

import heapq
import itertools
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from botocore.exceptions import ClientError, HTTPClientError

from bench.fleet_run import FleetRun, Job, Stage, spent_since, staged, throttled
from emulator.endpoint import session_with
from fleetdx import keys, ssm
from fleetdx.bundles import current_bundle
from fleetdx.cli.runs import new_run_id
from fleetdx.evidence import MAXIMUM_RESULT_BYTES
from fleetdx.signing import sign_download, sign_upload

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import boto3

    from emulator.cloud import EmbeddedAws

A_SECOND: Final = 20
POLL_SECONDS: Final = 10
GIVE_UP_SECONDS: Final = 1_600
"""SSM ends what nothing is heard of after 1,500 s here: delivery timeout and the time limits of all steps."""
WORKERS: Final = 8
TIME_LIMIT_SECONDS: Final = 600
DOCUMENT: Final = ssm.ScanDocument("fleetdx-scan")
LAST_STEP: Final = "Send"
"""GetCommandInvocation takes names of at least four characters (botocore's model): Run cannot be asked for by it."""
ENDED: Final = frozenset({"Success", "Failed", "TimedOut", "Cancelled"})
MEMBER_ROLE: Final = "arn:aws:iam::{account}:role/fleetdx/fleetdx-member-{duty}"


class Place(NamedTuple):
    """An account-region that could be entered: a session there, and its instances."""

    account: str
    region: str
    session: boto3.session.Session
    instances: list[str]


class Signer(NamedTuple):
    """The roles that sign, and what they sign for."""

    reader: boto3.session.Session
    writer: boto3.session.Session
    bundle: str
    run: str
    cloud: EmbeddedAws

    def parameters(self, place: Place, number: int) -> dict[str, str]:
        """Parameters of one instance's command: nobody else's signatures are in them."""
        cloud = self.cloud
        batch = f"{number:04d}-00"
        data, intake = cloud.central.data_bucket, cloud.central.intake_bucket
        url = f"{cloud.url}/{data}/scripts/{self.bundle}"
        query = sign_download(self.reader, data, keys.bundle(self.bundle), url)
        prefix = keys.intake_prefix(self.run, place.account, place.region, batch)
        form = sign_upload(self.writer, intake, prefix, MAXIMUM_RESULT_BYTES)
        return {
            "BundleHash": self.bundle,
            "BundleQuery": query,
            "Profile": "kisa_unix_2026",
            "ScanId": f"{self.run}/{place.account}/{place.region}/{batch}",
            "UploadPolicy": form.policy,
            "UploadSignature": form.signature,
            "UploadCredential": form.credential,
            "UploadDate": form.date,
            "UploadToken": form.token,
            "TimeLimitSeconds": str(TIME_LIMIT_SECONDS),
        }


@dataclass
class Agenda:
    """What is to be done at which moment, worked off by several threads; an empty one ends them."""

    _tasks: list[tuple[float, int, Callable[[], None]]] = field(default_factory=list)
    _open: int = 0
    _changed: threading.Condition = field(default_factory=threading.Condition)
    _numbers: Iterator[int] = field(default_factory=itertools.count)

    def add(self, at: float, task: Callable[[], None]) -> None:
        """Do something at a moment of the monotonic clock."""
        with self._changed:
            heapq.heappush(self._tasks, (at, next(self._numbers), task))
            self._open += 1
            self._changed.notify()

    def work_off(self) -> None:
        """Do everything, with several threads; tasks may add others."""
        threads = [threading.Thread(target=self._work, daemon=True) for _ in range(WORKERS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _work(self) -> None:
        while (task := self._next()) is not None:
            try:
                task()
            finally:
                with self._changed:
                    self._open -= 1
                    self._changed.notify_all()

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            while self._open:
                until = self._tasks[0][0] - time.monotonic() if self._tasks else None
                if until is not None and until <= 0:
                    return heapq.heappop(self._tasks)[2]
                self._changed.wait(until)
        return None


@dataclass
class OneCommandEach:
    """The model at work on a stage.

    Attributes:
        stage: The fleet and the embedded AWS.
        job: What was asked for.
        ends: How many instances ended in which way.
    """

    stage: Stage
    job: Job
    ends: Counter[str] = field(default_factory=Counter)
    _agenda: Agenda = field(default_factory=Agenda)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def run(self) -> None:
        """List all instances, send to each, and ask until each has ended."""
        signer, at = self._signer(), time.monotonic()
        for place in self._places():
            client = place.session.client("ssm")
            at = max(at, time.monotonic())
            for number, instance in enumerate(place.instances):
                at += self._real(1 / A_SECOND)
                self._agenda.add(at, self._sending(client, signer, place, instance, number))
        self._agenda.work_off()

    def _real(self, seconds: float) -> float:
        return seconds * self.job.clock_factor

    def _end(self, how: str) -> None:
        with self._lock:
            self.ends[how] += 1

    def _function(self, name: str) -> boto3.session.Session:
        """A session of a function's role: member roles trust nobody else."""
        cloud = self.stage.aws.cloud
        role = f"arn:aws:iam::{cloud.organization.hub.id}:role/fleetdx/fleetdx-{name}"
        issued = cloud.sessions.mint_for_role(role, "one-command-each")
        return session_with(cloud.url, issued.for_boto3(), cloud.home_region)

    def _assumed(self, own: boto3.session.Session, role: str, region: str, **more: Any) -> boto3.session.Session:  # noqa: ANN401 - as boto3's
        answer = own.client("sts").assume_role(RoleArn=role, RoleSessionName="one-command-each", **more)["Credentials"]
        return session_with(
            self.stage.aws.cloud.url,
            {
                "aws_access_key_id": answer["AccessKeyId"],
                "aws_secret_access_key": answer["SecretAccessKey"],
                "aws_session_token": answer["SessionToken"],
            },
            region,
        )

    def _signer(self) -> Signer:
        cloud, own = self.stage.aws.cloud, self._function("send-command")
        roles = f"arn:aws:iam::{cloud.organization.hub.id}:role/fleetdx/fleetdx-"
        reader, writer = (
            self._assumed(own, f"{roles}{name}", cloud.home_region, DurationSeconds=3_600)
            for name in ("bundle-reader", "result-writer")
        )
        return Signer(reader, writer, current_bundle(self.stage.aws.deployment.data), new_run_id(), cloud)

    def _places(self) -> Iterator[Place]:
        """Every account-region that lets us in, with the instances that Systems Manager calls online."""
        reading, sending = self._function("discover-instances"), self._function("send-command")
        for account in self.stage.aws.cloud.organization.accounts:
            for region in self.stage.aws.cloud.organization.regions:
                try:
                    sessions = [
                        self._assumed(
                            own,
                            MEMBER_ROLE.format(account=account.id, duty=duty),
                            region,
                            ExternalId="fleetdx-embedded",
                        )
                        for own, duty in ((reading, "read"), (sending, "scan"))
                    ]
                    sessions[0].client("ec2").describe_instances(MaxResults=1_000)
                    nodes = ssm.managed_nodes(sessions[0].client("ssm"))
                    online = [node["InstanceId"] for node in nodes if node["PingStatus"] == "Online"]
                except (ClientError, HTTPClientError):
                    self._end("account-region not entered")
                    continue
                yield Place(account.id, region, sessions[1], online)

    def _sending(self, client: Any, signer: Signer, place: Place, instance: str, number: int) -> Callable[[], None]:  # noqa: ANN401 - a client of boto3
        def send() -> None:
            limits = ssm.CommandLimits("1", "0", TIME_LIMIT_SECONDS)
            try:
                parameters = signer.parameters(place, number)
                command = ssm.send(client, DOCUMENT, [instance], parameters, limits, "one command each")
            except (ClientError, HTTPClientError):
                self._end("not sent")
                return
            self._ask_later(client, command, instance, time.monotonic() + self._real(GIVE_UP_SECONDS))

        return send

    def _ask_later(self, client: Any, command: str, instance: str, until: float) -> None:  # noqa: ANN401 - a client of boto3
        def ask() -> None:
            try:
                answer = client.get_command_invocation(CommandId=command, InstanceId=instance, PluginName=LAST_STEP)
                status = str(answer["Status"])
            except (ClientError, HTTPClientError):
                status = "not answered"
            if status in ENDED:
                self._end(status)
            elif time.monotonic() > until:
                self._end("given up")
            else:
                self._ask_later(client, command, instance, until)

        self._agenda.add(time.monotonic() + self._real(POLL_SECONDS), ask)


def run_one_command_each(job: Job) -> FleetRun:
    """Scan the fleet of a job this way, and say what it cost."""
    with staged(job) as stage:
        started, used = time.monotonic(), time.process_time()
        model = OneCommandEach(stage, job)
        model.run()
        calls = stage.aws.cloud.metrics()["aws_calls"]
        return FleetRun(
            job=f"one command each{', faults' if job.with_faults else ''}",
            instances=job.size.instances,
            spent=spent_since(stage, started, used),
            calls={name: count["calls"] for name, count in calls["control_plane"].items()},
            host_calls={name: count["calls"] for name, count in calls["hosts"].items()},
            bytes_moved=calls["totals"]["bytes_in"] + calls["totals"]["bytes_out"],
            throttled=throttled(stage.aws),
            counts={},
            largest_history=0,
            largest_payload=0,
            verdicts=dict(model.ends),
            differences={},
            strays=(0, 0),
        )
