"""A fleet of small hosts in one batch of an embedded AWS, any of which can be broken, for workflow tests."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from fleetdx import keys
from tests.embedded import Embedded, Ended, embedded
from tests.fakes.hosts import in_time, left_behind, marked

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

ROOT_FILES = {
    "etc/os-release": "NAME=Small\nVERSION_ID=1\n",
    "etc/passwd": "root:x:0:0::/root:/bin/sh\n",
    "etc/group": "root:x:0:\n",
    "etc/ssh/sshd_config": "PermitRootLogin yes\n",
}
HEALTHY = "healthy"

FAILING = {
    "scanner_crashes": ("scan_failed", "scanner_failed"),
    "scanner_hangs": ("scan_failed", "scanner_timed_out"),
    "scanner_prints_10_mb": ("scan_failed", "result_contradicts_digest"),
    "scanner_leaves_child": ("scanned", "verified"),
    "scanner_fills_directory": ("scan_failed", "directory_filled"),
    "no_curl": ("scanned", "verified"),
    "no_download_tool": ("scanned", "verified"),
    "no_path_to_s3": ("scanned", "verified"),
    "bundle_changed": ("scan_failed", "bundle_hash_mismatch"),
    "clock_ahead": ("scanned", "verified"),
    "agent_silent": ("scan_failed", "delivery_timed_out"),
    "agent_goes_offline": ("scan_failed", "delivery_timed_out"),
    "connection_lost": ("not_managed", "agent_not_reporting"),
    "terminated_before_delivery": ("scan_failed", "undeliverable"),
}
"""Each fault of a host that fails, and the state and reason that it comes to where nothing else is asked for."""

BY_S3_ALONE = {
    "no_curl": ("scanned", "verified"),
    "no_download_tool": ("scan_failed", "no_download_tool"),
    "no_path_to_s3": ("scan_failed", "bundle_not_fetched"),
}
"""What the way to S3 does to those that have none, where no other way is allowed."""

HOSTILE = {
    "result_differs_from_hash": ("scanned", "evidence_not_received"),
    "result_under_neighbours_key": ("scanned", "evidence_not_received"),
    "second_result": ("scanned", "verified"),
    "floods_intake": ("scanned", "verified"),
    "gzip_bomb": ("scan_failed", "result_contradicts_digest"),
    "digest_lies": ("scan_failed", "result_contradicts_digest"),
    "digest_of_other_profile": ("scan_failed", "bad_digest"),
    "digest_forged_lines": ("scan_failed", "bad_digest"),
    "reason_invented": ("scan_failed", "unexpected"),
    "evidence_hostile": ("scanned", "verified"),
}
"""The same for hosts that lie."""


@dataclass(frozen=True)
class FaultyFleet:
    """The hosts by name, on an embedded AWS; each but the healthy one is named for its fault."""

    aws: Embedded
    directory: Path
    ids: Mapping[str, str]

    @property
    def account_region(self) -> tuple[str, str]:
        """Where all of them are."""
        found = next(name for name in self.aws.cloud.fleet.names() if name.endswith(self.ids[HEALTHY]))
        account, region, _ = found.split("/")
        return account, region

    def scan(self, names: Iterable[str], *, broken: bool = True, **fields: Any) -> Ended:
        """Scan some hosts, each with the fault that it is named for, and the healthy one in one batch; mend them.

        `fields` are the request's; one that is None is left to its default.
        """
        account, region = self.account_region
        for name in names if broken else ():
            self.aws.cloud.fleet.break_host(self.ids[name], name)
        try:
            wanted = [f"{account}/{region}/{self.ids[name]}" for name in (*names, HEALTHY)]
            limits = {"execution_timeout_seconds": 10, "delivery_timeout_seconds": 30}
            asked = {"checks": ["U-01"], **limits, **fields}
            return self.aws.scan({"instances": wanted}, **{name: one for name, one in asked.items() if one is not None})
        finally:
            for name in names:
                self.aws.cloud.fleet.mend_host(self.ids[name])

    def line(self, ended: Ended, name: str) -> tuple[str, str]:
        """State and reason of a host."""
        line = ended.line_of(self.ids[name])
        return line["state"], line["reason"]

    def verdicts(self, ended: Ended, name: str) -> list[tuple[str, str, str, tuple[str, ...]]]:
        """What the results say of a host: check, verdict, reason and evidence."""
        return [
            (line["check"], line["verdict"], line["reason"], tuple(line["evidence"]))
            for line in self.aws.deployment.data.get_lines(keys.out(ended.run.id, "results.jsonl"))
            if line["instance"] == self.ids[name]
        ]

    def text(self, ended: Ended, output: str) -> str:
        """An output of the run, as it lies in the bucket."""
        return self.aws.deployment.data.get(keys.out(ended.run.id, output)).decode()

    def strays(self, ended: Ended, name: str) -> list[str]:
        """Reasons of the strays below a host's prefix in the intake."""
        account, region = self.account_region
        found = self.aws.deployment.data.get_json(keys.strays(ended.run.id, account, region, "0000-00"))
        return [stray["reason"] for stray in found if f"/{self.ids[name]}/" in stray["key"]]

    def nothing_is_left(self) -> bool:
        """Whether no process and no file of any scan is left on any of the hosts, a moment after its end."""
        hosts = self.aws.cloud.fleet.hosts(*self.account_region)
        return in_time(lambda: not marked(self.directory) and not any(left_behind(host) for host in hosts))


@contextmanager
def faulty_fleet(directory: Path, names: Iterable[str]) -> Iterator[FaultyFleet]:
    """Start an embedded AWS with a small host of each name and a healthy one beside them."""
    roots = []
    for name in (*names, HEALTHY):
        root = directory / "roots" / name
        for path, text in ROOT_FILES.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text(text, encoding="utf-8")
        roots.append(root)
    (directory / "emulator").mkdir()
    with embedded(directory / "emulator", roots=roots) as aws:
        agents = [host for name in aws.cloud.fleet.names() for host in aws.cloud.fleet.hosts(*name.split("/")[:2])]
        ids = {
            root.name: host.instance_id
            for root in roots
            for host in agents
            if host.environment.get("FLEETDX_ROOT") == str(root)
        }
        yield FaultyFleet(aws, directory, ids)
