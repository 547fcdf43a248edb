"""Count what passes the front door: calls and bytes by service and operation, hosts apart from the control plane."""

from __future__ import annotations

import threading
from collections import Counter, defaultdict
from typing import TypedDict


class Count(TypedDict):
    """Calls and bytes of bodies; `bytes_in` were sent to AWS, `bytes_out` came from it."""

    calls: int
    bytes_in: int
    bytes_out: int


class Snapshot(TypedDict):
    """What was counted so far.

    Keys are like `ssm:SendCommand`, those of `refused` like `s3:AccessDenied` (in S3's words for every service).
    `control_plane` and `hosts` hold what was let in, `refused` what was turned away (bytes of those are not counted).
    """

    control_plane: dict[str, Count]
    hosts: dict[str, Count]
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
            self._counts: dict[bool, defaultdict[str, list[int]]] = {
                host_traffic: defaultdict(lambda: [0, 0, 0]) for host_traffic in (False, True)
            }
            self._refused: Counter[str] = Counter()

    def count(self, name: str, *, host_traffic: bool, bytes_in: int, bytes_out: int) -> None:
        """Count one request that was let in; `name` is service and operation, such as `s3:GetObject`."""
        with self._lock:
            count = self._counts[host_traffic][name]
            count[0] += 1
            count[1] += bytes_in
            count[2] += bytes_out

    def count_refusal(self, service: str, code: str) -> None:
        """Count one request that was turned away, by service and S3's word for the reason."""
        with self._lock:
            self._refused[f"{service}:{code}"] += 1

    def snapshot(self) -> Snapshot:
        """Copy the counts."""
        with self._lock:
            control_plane = _counts(self._counts[False])
            hosts = _counts(self._counts[True])
            refused = dict(sorted(self._refused.items()))
        both = [*control_plane.values(), *hosts.values()]
        totals = Count(
            calls=sum(count["calls"] for count in both),
            bytes_in=sum(count["bytes_in"] for count in both),
            bytes_out=sum(count["bytes_out"] for count in both),
        )
        return Snapshot(control_plane=control_plane, hosts=hosts, refused=refused, totals=totals)


def _counts(counts: dict[str, list[int]]) -> dict[str, Count]:
    return {
        name: Count(calls=calls, bytes_in=bytes_in, bytes_out=bytes_out)
        for name, (calls, bytes_in, bytes_out) in sorted(counts.items())
    }
