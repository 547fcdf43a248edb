"""The scanner's reading of sshd's files, held against OpenSSH's own server."""

from __future__ import annotations

import os
import shutil
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.scan_scripts.random_sshd import CONNECTIONS, VALUES, RandomConfiguration
from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

LIBRARIES = PROJECT / "scan_scripts" / "lib"
CONFIGURATIONS = 45
"""For each shell; together more than a hundred that sshd takes."""
SAME = {"prohibit-password": "without-password", "": None}
UNSET = {"permitrootlogin": "without-password", "banner": "none", "x11forwarding": "no"}

READ = """
set -u
for library in "$LIBRARIES"/*.sh; do . "$library"; done
for connection in "$@"; do
  for keyword in $KEYWORDS; do
    value=$(sshd_values "$keyword" "$connection" | awk -F'\\t' '$1 == "certain" { print $2 }')
    printf '%s %s %s\\n' "${connection:--}" "$keyword" "$value"
  done
done
sshd_fault >&2
"""
"""Prints the value of each keyword for each connection; what would stop sshd goes to standard error."""

ASK = """
mount -t tmpfs tmpfs /run
mkdir -m 0755 /run/sshd
mount --bind "$CONFIGURATION" /etc/ssh
for connection in "$@"; do
  if /usr/sbin/sshd -T -h "$KEY" ${connection:+-C "$connection"} >/run/answer; then
    for keyword in $KEYWORDS; do printf '%s ' "${connection:--}"; grep "^$keyword " /run/answer; done
  fi
done
"""
"""Asks the machine's sshd the same, with the configuration in the place of its own, in a mount namespace.

Without a connection sshd refuses to answer where a block asks for a port; the other connections are still told.
"""

pytestmark = [pytest.mark.needs_root, pytest.mark.needs_sshd]


@pytest.fixture(scope="module")
def host_key(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A key that sshd wants to see before it prints anything."""
    key = tmp_path_factory.mktemp("key") / "host_key"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(key)], check=True)
    return key


Values = dict[tuple[str, str], str]
"""By connection and keyword."""


def values_of(output: str) -> Values:
    """Lines of a connection, a keyword and a value, the value in the words of sshd -T."""
    rows = [line.split(" ", 2) for line in output.lower().splitlines()]
    return {(where, keyword): SAME.get(value, value) or UNSET[keyword] for where, keyword, value in rows}


def asked(configuration: Path, key: Path) -> Values:
    """What sshd says; nothing when it refuses the configuration."""
    environment = {
        **os.environ,
        "CONFIGURATION": str(configuration),
        "KEY": str(key),
        "KEYWORDS": " ".join(map(str.lower, VALUES)),
    }
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", ASK, "ask", *CONNECTIONS],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return values_of(done.stdout)


def read(root: Path, shell: Sequence[str], tools: Path) -> tuple[Values, str]:
    """What the scanner reads; and what it thinks would stop sshd."""
    work = root.with_name("work")
    (work / "out").mkdir(parents=True)
    environment = {
        **os.environ,
        "ROOT": str(root),
        "WORK": str(work),
        "OUT": str(work / "out"),
        "LIBRARIES": str(LIBRARIES),
        "KEYWORDS": " ".join(map(str.lower, VALUES)),
        "LC_ALL": "C",
    }
    if shell[0] == "busybox":
        environment["PATH"] = f"{tools}:{os.environ['PATH']}"
    done = subprocess.run(
        [*shell, "-c", READ, "read", *CONNECTIONS],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    return values_of(done.stdout), done.stderr


def make_root(root: Path, seed: int) -> None:
    """A root with the machine's accounts and a random configuration."""
    (root / "etc/ssh").mkdir(parents=True)
    for name in ("passwd", "group"):
        shutil.copy(f"/etc/{name}", root / "etc" / name)
    RandomConfiguration(seed).write(root / "etc/ssh")


def test_reading_the_files_says_what_sshd_says(
    shell: list[str], busybox_tools: Path, host_key: Path, tmp_path: Path, last_lines: list[str]
) -> None:
    """For random configurations that sshd accepts, each value that checks read is what sshd -T and sshd -T -C print."""
    first = sum(shell[0].encode()) * 1000
    accepted = 0
    differences = []
    for seed in range(first, first + CONFIGURATIONS):
        root = tmp_path / str(seed) / "root"
        make_root(root, seed)
        expected = asked(root / "etc/ssh", host_key)
        if not expected:
            continue
        accepted += 1
        found, fault = read(root, shell, busybox_tools)
        different = {key: (found[key], value) for key, value in expected.items() if found[key] != value}
        if different or fault:
            differences.append((seed, fault, different))
    assert differences == []
    assert accepted >= 35
    last_lines.append(
        f"sshd: {accepted} of {CONFIGURATIONS} random configurations read as sshd reads them ({shell[0]})"
    )


LIVE = """
mount -t tmpfs tmpfs /run
mount --bind "$CONFIGURATION" /etc/ssh
eval "$PREPARE"
exec "$@"
"""
ANSWERS = "mkdir -m 0755 /run/sshd"
"""Without this directory sshd -T refuses."""
SAYS_YES = """
printf '#!/bin/sh\\necho permitrootlogin yes\\n' >/run/sshd
chmod 755 /run/sshd
mount --bind /run/sshd /usr/sbin/sshd
"""
"""A server that means something else than its files seem to say."""


@pytest.mark.parametrize(
    ("text", "prepare", "verdict", "evidence"),
    [
        ("PermitRootLogin no", ANSWERS, "pass", "sshd -T: PermitRootLogin no"),
        ("#PermitRootLogin no", ANSWERS, "manual", "sshd -T: PermitRootLogin without-password"),
        ("Match User root\nPermitRootLogin yes", ANSWERS, "fail", "sshd -T: PermitRootLogin yes"),
        (
            "PermitRootLogin no\nMatch Address 10.0.0.1\nPermitRootLogin yes",
            ANSWERS,
            "fail",
            "sshd -T: PermitRootLogin no",
        ),
        ("PermitRootLogin no", ":", "pass", "the files were read instead: Missing privilege separation directory"),
        ("PermitRootLogin no\nListenAddress host.example", ANSWERS, "pass", "instead: ListenAddress is a name"),
        ("PermitRootLogin no", SAYS_YES, "fail", "the files read as no, sshd -T is believed"),
    ],
)
def test_live_sshd_is_asked_and_believed(
    text: str,
    prepare: str,
    verdict: str,
    evidence: str,
    host_key: Path,
    tmp_path: Path,
    scan: Callable[..., Any],
) -> None:
    """On the running host sshd's own answer decides; where it gives none the files do, and the evidence says why."""
    (tmp_path / "sshd_config").write_text(f"HostKey {host_key}\n{text}\n", encoding="utf-8")
    environment = {"CONFIGURATION": str(tmp_path), "PREPARE": prepare}
    shell = ["unshare", "--mount", "sh", "-euc", LIVE, "live", "dash"]
    result = scan("--only", "U-01", shell=shell, environment=environment).results["root_ssh_login_denied"]
    assert result["verdict"] == verdict
    assert any(evidence in line for line in result["evidence"]), result["evidence"]
