"""Count what passes the front door: calls and bytes by service and operation, hosts apart from the control plane."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from typing import Literal, TypedDict, get_args

Source = Literal["roles", "operator", "hosts"]
"""Who makes a call: a role of the control plane, an operator's own keys, or a host with what was signed for it."""


class Count(TypedDict):
    """Calls and bytes of bodies; `bytes_in` were sent to AWS, `bytes_out` came from it."""

    calls: int
    bytes_in: int
    bytes_out: int


class Snapshot(TypedDict):
    """What was counted so far.

    Keys are like `ssm:SendCommand`, those of `refused` like `s3:AccessDenied` (in S3's words for every service).
    `control_plane` and `hosts` hold what was let in, `refused` what was turned away (bytes of those are not counted).
    `operator` tells what of `control_plane` came from no role: the command line, which follows a run. `deliveries`
    counts what AWS hands from one of its services to the next, such as `sqs:SendMessage`; no caller made those calls.
    """

    control_plane: dict[str, Count]
    operator: dict[str, Count]
    hosts: dict[str, Count]
    deliveries: dict[str, int]
    refused: dict[str, int]
    totals: Count


class Meter:
    """Counts requests; safe under threads."""

    def __init__(self) -> None:
        """Start at nothing."""
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Forget everything counted so far."""
        with self._lock:
            self._counts: dict[Source, defaultdict[str, list[int]]] = {
                source: defaultdict(lambda: [0, 0, 0]) for source in get_args(Source)
            }
            self._deliveries: Counter[str] = Counter()
            self._refused: Counter[str] = Counter()

    def count(self, name: str, *, source: Source, bytes_in: int, bytes_out: int) -> None:
        """Count one request that was let in; `name` is service and operation, such as `s3:GetObject`."""
        with self._lock:
            count = self._counts[source][name]
            count[0] += 1
            count[1] += bytes_in
            count[2] += bytes_out

    def count_refusal(self, service: str, code: str) -> None:
        """Count one request that was turned away, by service and S3's word for the reason."""
        with self._lock:
            self._refused[f"{service}:{code}"] += 1

    def count_delivery(self, name: str) -> None:
        """Count one message that AWS itself hands on; `name` is the service that takes it and what is done there."""
        with self._lock:
            self._deliveries[name] += 1

    def snapshot(self) -> Snapshot:
        """Copy the counts."""
        with self._lock:
            control_plane = _counts(_added(self._counts["roles"], self._counts["operator"]))
            operator, hosts = _counts(self._counts["operator"]), _counts(self._counts["hosts"])
            deliveries, refused = dict(sorted(self._deliveries.items())), dict(sorted(self._refused.items()))
        both = [*control_plane.values(), *hosts.values()]
        totals = Count(
            calls=sum(count["calls"] for count in both),
            bytes_in=sum(count["bytes_in"] for count in both),
            bytes_out=sum(count["bytes_out"] for count in both),
        )
        return Snapshot(
            control_plane=control_plane,
            operator=operator,
            hosts=hosts,
            deliveries=deliveries,
            refused=refused,
            totals=totals,
        )


def _added(some: dict[str, list[int]], others: dict[str, list[int]]) -> dict[str, list[int]]:
    nothing = [0, 0, 0]
    return {
        name: [one + other for one, other in zip(some.get(name, nothing), others.get(name, nothing), strict=True)]
        for name in {**some, **others}
    }


def _counts(counts: dict[str, list[int]]) -> dict[str, Count]:
    return {
        name: Count(calls=calls, bytes_in=bytes_in, bytes_out=bytes_out)
        for name, (calls, bytes_in, bytes_out) in sorted(counts.items())
    }
