"""The whole kisa_unix_2026 profile beside what people use now: lynis and oscap, on the same root."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from bench.measure import Candidate, in_turns
from bench.results import Aim, Results
from bench.roots import filled_root

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bench.results import Row

NAME = "scanner_beside_peers"
FILES = 100_000
AIM = 0.1
"""A tenth of the faster peer."""
CONTENT = "/usr/share/xml/scap/ssg/content/ssg-debian11-ds.xml"
OSCAP_PROFILE = "xccdf_org.ssgproject.content_profile_anssi_np_nt28_high"
"""Of the content's profiles the one with most rules: 50, where kisa_unix_2026 has 75 checks."""
OSCAP_FOUND_FAILURES = 2


def inside(root: Path, *command: str) -> list[str]:
    """A command that runs in a root as if it were the host: its own processes, its own /proc."""
    return [*("unshare", "--mount", "--pid", "--fork", f"--mount-proc={root / 'proc'}", "chroot", str(root)), *command]


def candidates(root: Path, bundle: Path) -> list[Candidate]:
    """The scanner from inside and from outside, and its peers."""
    shutil.copy(bundle, root / "run" / "bundle")
    lynis = ("--quick", "--quiet", "--no-colors", "--logfile", "/dev/null", "--report-file", "/dev/null")
    oscap = ["oscap", "xccdf", "eval", "--profile", OSCAP_PROFILE, CONTENT]
    scan = ["--profile", "kisa_unix_2026"]
    done, found = frozenset({0, 3}), frozenset({0, OSCAP_FOUND_FAILURES})
    probe = (("OSCAP_PROBE_ROOT", str(root)),)
    return [
        Candidate("fleetdx --root", ["sh", str(bundle), *scan, "--root", str(root)], good_statuses=done),
        Candidate("fleetdx inside", inside(root, "sh", "/run/bundle", *scan), good_statuses=done),
        Candidate("oscap (OSCAP_PROBE_ROOT)", oscap, probe, good_statuses=found),
        Candidate("lynis inside", inside(root, "lynis", "audit", "system", *lynis)),
    ]


def aims(root: str, rows: dict[str, Row]) -> list[Aim]:
    """Wall and CPU of the slower of our two ways against the faster peer."""
    ours = [row for name, row in rows.items() if name.startswith("fleetdx")]
    peers = [row for name, row in rows.items() if not name.startswith("fleetdx")]
    wall = max(row.wall_seconds for row in ours) / min(row.wall_seconds for row in peers)
    cpu = max(row.cpu_seconds for row in ours) / min(row.cpu_seconds for row in peers)
    return [
        Aim(f"{root}: wall, of the faster peer's", AIM, round(wall, 3)),
        Aim(f"{root}: CPU, of the faster peer's", AIM, round(cpu, 3)),
    ]


def measure(root: Path, bundle: Path, rounds: int, say: Callable[[str], None]) -> Results:
    """Measure all candidates on the minimal root and on one with 100,000 files."""
    results = Results(NAME, rounds)

    def measure_on(label: str, place: Path) -> None:
        say(f"{NAME}: {label} ...")
        chosen = candidates(place, bundle)
        results.commands = {candidate.name: " ".join(candidate.command) for candidate in chosen}
        results.aims += aims(label, results.add(label, in_turns(chosen, rounds)))

    measure_on("minimal", root)
    with filled_root(root, FILES) as filled:
        measure_on(f"{FILES:,} files", filled)
    return results
