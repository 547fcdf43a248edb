"""What tests of the agent stand-in look for on a host and in this machine's list of processes."""

from __future__ import annotations

import shutil
import time
from typing import TYPE_CHECKING

import psutil

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from emulator.agent.host import Host

TOOLS = [
    *(
        "awk",
        "base64",
        "cat",
        "chmod",
        "curl",
        "cut",
        "date",
        "df",
        "du",
        "fold",
        "grep",
        "gzip",
        "head",
        "id",
        "ionice",
    ),
    *("mkdir", "nice", "openssl", "python3", "rm", "rmdir", "sed", "setsid", "sha256sum", "sleep", "tail", "timeout"),
    *("tr", "true", "wc", "wget"),
]
"""Every program that the scan document uses, and the few that bundles of tests do."""

FINISHES = 'while [ "$1" != --verdicts ]; do shift; done; printf "pfm\\n" >"$2"; echo "{}"\n'
"""The end of a bundle that goes well."""

MARKER = "FLEETDX_SCAN"


def left_behind(host: Host) -> list[str]:
    """Everything in the host's run directory."""
    return sorted(str(path.relative_to(host.run_directory)) for path in host.run_directory.rglob("*"))


def alive(words: str) -> list[int]:
    """Processes whose command line holds the words, zombies apart."""
    return [
        process.info["pid"]
        for process in psutil.process_iter(["pid", "cmdline", "status"])
        if words in " ".join(process.info["cmdline"] or ()) and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


def marked(below: Path) -> list[str]:
    """Command lines of what scans started and left: by their marker, and their directory below a path."""
    return [
        " ".join(process.info["cmdline"] or ())
        for process in psutil.process_iter(["environ", "cmdline", "status"])
        if MARKER in (process.info["environ"] or {})
        and process.info["environ"].get("TMPDIR", "").startswith(str(below))
        and process.info["status"] != psutil.STATUS_ZOMBIE
    ]


def in_time(condition: Callable[[], bool], within: float = 4.0) -> bool:
    """Whether a condition comes true before the time is up."""
    until = time.monotonic() + within
    while not condition():
        if time.monotonic() > until:
            return False
        time.sleep(0.05)
    return True


def gone(words: str, within: float = 4.0) -> bool:
    """Whether no process with the words in its command line remains."""
    return in_time(lambda: not alive(words), within)


def path_without(directory: Path, *missing: str) -> str:
    """A search path with every tool that the document may use, except some."""
    directory.mkdir()
    for tool in [*TOOLS, "sh"]:
        found = shutil.which(tool, path="/usr/bin:/bin")
        if tool not in missing and found:
            (directory / tool).symlink_to(found)
    return str(directory)
