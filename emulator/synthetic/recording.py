"""A real scan of an example host, kept so that any number of synthetic hosts can answer with it."""

from __future__ import annotations

import json
import subprocess
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from emulator.hosts.materialize import materialize

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping, Sequence

    from emulator.hosts.materialize import MaterializedHost
    from fleetdx.models import Catalog

DEFAULT_HOSTS: Final = (
    "amazon_linux_2023_default",
    "debian_12_neglected",
    "rocky_9_hardened",
    "ubuntu_2404_default",
)
"""One example host a distribution, in all three variants."""
NOT_SELECTED: Final = "-"
_GOOD_EXITS: Final = (0, 3)
_SCANS_AT_ONCE: Final = 2


class RecordingFailed(RuntimeError):
    """The scanner did not end as it does on a healthy host; the text names host and exit status."""


class Scanner(NamedTuple):
    """The bundle that hosts run: its text and SHA-256, the profile, the profile's checks in their order.

    `parts` are the profile's inline parts: SHA-256 to the checks that the part holds.
    """

    script: bytes
    sha256: str
    profile: str
    checks: tuple[str, ...]
    parts: Mapping[str, frozenset[str]] = MappingProxyType({})

    @classmethod
    def of(cls, script: bytes, catalog: Catalog, profile: str) -> Scanner:
        """A bundle's scanner of one profile, by its catalog."""
        parts = {part["bundle"]: frozenset(part["checks"]) for part in catalog.get("inline", {}).get(profile, ())}
        return cls(script, catalog["bundle"], profile, tuple(catalog["profiles"][profile]["checks"]), parts)


class Answer(NamedTuple):
    """What a host says of itself: its result, and one letter a check for its digest."""

    document: Mapping[str, Any]
    letters: str


@dataclass(frozen=True)
class Recording:
    """What the scanner found on one example host.

    Attributes:
        host: The example host, as Systems Manager and EC2 know it.
        scanner: What was run.
        letters: One a check, as the scanner wrote them.
        document: What it printed.
    """

    host: MaterializedHost
    scanner: Scanner
    letters: str
    document: Mapping[str, Any]

    def answer_of(self, instance: str, wanted: frozenset[str] | None, at: dt.datetime) -> Answer:
        """The recorded scan as this instance would have answered it.

        Args:
            instance: Its id, which is its host name too (EC2's resource-based naming).
            wanted: Items and checks that were selected; None for all.
            at: When its scan began, UTC.
        """
        results, letters = self.document["results"], self.letters
        if wanted is not None:
            results = [one for one in results if not wanted.isdisjoint((one["item"], one["check"]))]
            chosen = {one["check"] for one in results}
            pairs = zip(self.scanner.checks, letters, strict=True)
            letters = "".join(letter if check in chosen else NOT_SELECTED for check, letter in pairs)
        host = {**self.document["host"], "hostname": instance, "root": "/"}
        started_at = at.strftime("%Y-%m-%dT%H:%M:%SZ")
        return Answer({**self.document, "host": host, "started_at": started_at, "results": results}, letters)


def record_all(scanner: Scanner, hosts: Sequence[str], say: Callable[[str], None] = lambda _: None) -> list[Recording]:
    """Scan each of these example hosts once; a scan takes some seconds.

    Raises:
        RecordingFailed: The scanner failed on one of them.
    """
    say(f"recording {len(hosts)} scans ...")
    with tempfile.TemporaryDirectory(prefix="fleetdx-recording-") as directory:
        bundle = Path(directory, "bundle")
        bundle.write_bytes(scanner.script)
        with ThreadPoolExecutor(_SCANS_AT_ONCE) as workers:
            return list(workers.map(lambda name: _record(scanner, bundle, name), hosts))


def _record(scanner: Scanner, bundle: Path, name: str) -> Recording:
    host = materialize(name, bundle.parent / name)
    verdicts = bundle.parent / f"{name}.verdicts"
    command = ["sh", str(bundle), "--profile", scanner.profile, "--format", "json", "--verdicts", str(verdicts)]
    ended = subprocess.run(command, env=dict(host.environment), capture_output=True, check=False)
    if ended.returncode not in _GOOD_EXITS:
        raise RecordingFailed(f"the scan of {name} ended with exit status {ended.returncode}")
    letters = verdicts.read_text(encoding="ascii").strip()
    return Recording(host, scanner, letters, json.loads(ended.stdout))
