"""One run over a synthetic fleet in a process of its own, and everything that it cost."""

from __future__ import annotations

import resource
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from emulator.synthetic.fleet import synthetic_fleet
from emulator.synthetic.plan import NOTHING_WRONG, FaultMix
from fleetdx import keys
from fleetdx.cli import runs
from fleetdx.cli.metrics import count_histories, map_items
from tests.embedded import embedded

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from emulator.synthetic.fleet import SyntheticFleet
    from emulator.synthetic.organization import Size
    from emulator.synthetic.plan import Verdict
    from emulator.synthetic.recording import Recording
    from tests.embedded import Embedded

CONTROL_PLANE = ("ssm", "sts", "ec2")
SECONDS_BETWEEN_LOOKS = 1.0
KIB = 1024


class Job(NamedTuple):
    """What is to be run.

    Attributes:
        directory: Where its embedded AWS may lie.
        recordings: What its hosts replay.
        size: Of its organization.
        with_faults: Whether the fault mix is in force.
        clock_factor: Real seconds for a second of waiting.
    """

    directory: Path
    recordings: Sequence[Recording]
    size: Size
    with_faults: bool
    clock_factor: float


@dataclass(frozen=True)
class Spent:
    """What a run took of this machine.

    Attributes:
        setup_seconds: Until the embedded AWS stood, with all stacks deployed.
        wall_seconds: Of the run itself.
        cpu_seconds: Of the run itself, all threads together.
        peak_memory_mib: Of the process, setting up included.
    """

    setup_seconds: float
    wall_seconds: float
    cpu_seconds: float
    peak_memory_mib: float


@dataclass(frozen=True)
class FleetRun:
    """What a run came to.

    Attributes:
        job: What was asked for, in words.
        instances: How many there are.
        spent: What it took of this machine.
        calls: AWS calls by service and operation, without those of hosts.
        host_calls: Those of hosts.
        bytes_moved: Bodies of all requests and answers.
        throttled: Calls that were refused for their rate.
        counts: Executions, history events, state transitions and Lambda invocations.
        largest_history: Events of the execution that has most.
        largest_payload: Bytes of the largest input or output of a state.
        verdicts: How many ledger lines there are of each state and reason.
        differences: Ledger lines that are not what the plan of faults says, by instance or account/region.
        strays: Objects of the intake that are no instance's, found and planned.
    """

    job: str
    instances: int
    spent: Spent
    calls: dict[str, int]
    host_calls: dict[str, int]
    bytes_moved: int
    throttled: int
    counts: dict[str, int]
    largest_history: int
    largest_payload: int
    verdicts: dict[str, int]
    differences: dict[str, str]
    strays: tuple[int, int]

    @property
    def control_plane_calls(self) -> int:
        """Calls to Systems Manager, STS and EC2."""
        return sum(count for name, count in self.calls.items() if name.partition(":")[0] in CONTROL_PLANE)

    @property
    def transitions(self) -> int:
        """State transitions; of the Distributed Map's items, whose histories moto does not keep, one each."""
        return self.counts.get("state_transitions", 0)


class Stage(NamedTuple):
    """A synthetic fleet on an embedded AWS, ready to be scanned."""

    aws: Embedded
    fleet: SyntheticFleet
    setup_seconds: float


@contextmanager
def staged(job: Job) -> Iterator[Stage]:
    """Build the fleet of a job and deploy everything to it."""
    started = time.monotonic()
    fleet = synthetic_fleet(job.size, FaultMix() if job.with_faults else NOTHING_WRONG, job.recordings)
    job.directory.mkdir()
    with embedded(job.directory, synthetic=fleet, events_way="none", clock_factor=job.clock_factor) as aws:
        yield Stage(aws, fleet, time.monotonic() - started)


def run_fleet(job: Job) -> FleetRun:
    """Scan the whole fleet, and hold its ledger against the plan of faults.

    Raises:
        RuntimeError: The run did not end as it must.
    """
    with staged(job) as stage:
        aws, started, used = stage.aws, time.monotonic(), time.process_time()
        run = aws.start({"organization": True})
        while (state := runs.status(aws.deployment, run))["status"] == runs.RUNNING:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        spent = spent_since(stage, started, used)
        if state["status"] != "SUCCEEDED":
            raise RuntimeError(f"run {run.id} ended as {state['status']}: {state.get('error')}: {state.get('cause')}")
        calls = aws.cloud.metrics()["aws_calls"]
        mapping = [run.execution, *(child["executionArn"] for child in runs.targets(aws.deployment, run))]
        batches = [child["executionArn"] for child in runs.batches(aws.deployment, run)]
        histories = [aws.history(arn) for arn in (*mapping, *batches)]
        items = map_items(aws.deployment.session.client("stepfunctions"), mapping)
        ledger = aws.deployment.data.get_lines(keys.out(run.id, "ledger.jsonl"))
        summary = aws.deployment.data.get_json(keys.out(run.id, "summary.json"))
        return FleetRun(
            job=f"fleetdx{', faults' if job.with_faults else ''}",
            instances=job.size.instances,
            spent=spent,
            calls={name: count["calls"] for name, count in calls["control_plane"].items()},
            host_calls={name: count["calls"] for name, count in calls["hosts"].items()},
            bytes_moved=calls["totals"]["bytes_in"] + calls["totals"]["bytes_out"],
            throttled=throttled(aws),
            counts=count_histories(histories, items),
            largest_history=max(map(len, histories)),
            largest_payload=max(largest_payload(events) for events in histories),
            verdicts=dict(Counter(f"{line['state']}/{line['reason']}" for line in ledger)),
            differences=differences(stage.fleet.plan.ledger(stage.fleet.organization), ledger),
            strays=(len(summary["strays"]), stage.fleet.plan.strays()),
        )


def spent_since(stage: Stage, started: float, used: float) -> Spent:
    """What was spent since a moment of the monotonic clock and of the process's CPU time."""
    peak_kib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    wall, cpu = time.monotonic() - started, time.process_time() - used
    return Spent(round(stage.setup_seconds, 1), round(wall, 1), round(cpu, 1), round(peak_kib / KIB, 1))


def throttled(aws: Embedded) -> int:
    """How many calls were refused for their rate."""
    return sum(count for rule, count in aws.cloud.faults.struck() if rule.fault == "throttled")


def differences(expected: Mapping[str, Verdict], ledger: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Where a ledger is not what it has to be: a line is missing, of another state or reason, or one too many."""
    found: dict[str, list[str]] = {}
    for line in ledger:
        name = line["instance"] or f"{line['account']}/{line['region']}"
        found.setdefault(name, []).append(f"{line['state']}/{line['reason']}")
    wanted = {name: ["/".join(verdict)] for name, verdict in expected.items()}
    return {
        name: f"{found.get(name, [])} instead of {wanted.get(name, [])}"
        for name in sorted({*wanted, *found})
        if found.get(name) != wanted.get(name)
    }


def largest_payload(events: Sequence[Mapping[str, Any]]) -> int:
    """Bytes of the largest input or output of a state in an execution's history."""
    sizes = [
        len(details[name].encode())
        for event in events
        for details in event.values()
        if isinstance(details, dict)
        for name in ("input", "output", "parameters")
        if isinstance(details.get(name), str)
    ]
    return max(sizes, default=0)
