"""The scanner says about each example host what the host was made to show."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from emulator.hosts.catalog import host_names, load_host
from emulator.hosts.materialize import materialize

SCANNER = Path(__file__).parents[3] / "scan_scripts" / "scan.sh"
PROFILE = "kisa_unix_2026"

FAILS_ON_A_HARDENED_HOST: dict[tuple[str, str], str] = {
    ("ubuntu_2404_hardened", "log_files_protected"): "Ubuntu's rsyslog runs as syslog and owns what it writes",
}
"""(host, check) to the reason why even a remediated host cannot pass."""

KNOWN = [
    ("debian_12_default", "shadow_file_protected", "fail"),  # 0640 root:shadow is Debian's default, the guide says 0400
    ("ubuntu_2404_default", "shadow_file_protected", "fail"),
    ("rocky_9_default", "shadow_file_protected", "pass"),  # 0000 is the Red Hat family's default
    ("amazon_linux_2023_default", "shadow_file_protected", "pass"),
    ("ubuntu_2404_neglected", "only_root_has_uid_zero", "fail"),
    ("debian_12_neglected", "only_root_has_uid_zero", "pass"),  # one of the few things that are in order there
    ("rocky_9_neglected", "root_ssh_login_denied", "fail"),  # by a drop-in that sorts before the distribution's own
    ("rocky_9_hardened", "root_ssh_login_denied", "pass"),
    ("rocky_9_neglected", "accounts_locked_after_failures", "fail"),  # faillock is in the stacks, with deny = 50
    ("rocky_9_neglected", "telnet_disabled", "fail"),  # by systemd's socket
    ("debian_12_neglected", "telnet_disabled", "fail"),  # by xinetd
    ("ubuntu_2404_neglected", "telnet_disabled", "fail"),  # by inetd.conf
    ("debian_12_neglected", "r_services_disabled", "fail"),
    ("amazon_linux_2023_neglected", "every_file_has_owner", "fail"),
    ("amazon_linux_2023_default", "cron_files_protected", "not_applicable"),  # the image has no cron
    ("amazon_linux_2023_default", "syslog_configuration_protected", "not_applicable"),  # and logs to the journal only
    ("rocky_9_default", "syslog_configuration_protected", "fail"),  # rsyslog.conf is 0644 everywhere
    ("amazon_linux_2023_default", "nfs_server_disabled", "pass"),  # nfs-client.target is no server
    ("amazon_linux_2023_neglected", "rpc_services_disabled", "fail"),  # rpcbind, and nothing that needs it
    ("rocky_9_neglected", "rpc_services_disabled", "manual"),  # rpcbind, and an NFS server that may need it
    ("rocky_9_neglected", "nfs_exports_limited", "fail"),  # a star, and a blank before the options
    ("rocky_9_neglected", "automount_disabled", "fail"),
    ("rocky_9_neglected", "system_logging_configured", "fail"),  # authpriv and cron are taken out and written nowhere
    ("rocky_9_hardened", "connections_limited_by_host", "pass"),  # firewalld
    ("ubuntu_2404_hardened", "connections_limited_by_host", "pass"),  # ufw
    ("amazon_linux_2023_hardened", "connections_limited_by_host", "pass"),  # nftables
    ("amazon_linux_2023_default", "system_logging_configured", "manual"),  # the journal is all there is, and on disk
    ("debian_12_neglected", "anonymous_ftp_denied", "fail"),
    ("debian_12_neglected", "snmp_community_strings_complex", "fail"),
    ("debian_12_neglected", "snmp_access_limited", "fail"),
    ("debian_12_default", "log_files_protected", "fail"),  # wtmp is 0664 as shipped
    ("debian_12_hardened", "su_limited_to_a_group", "pass"),
]


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    """Map each example host to the verdict of each check, as the scanner gives it with the stand-in commands."""
    return {name: _scan(name, tmp_path_factory.mktemp(name)) for name in host_names()}


def _scan(name: str, directory: Path) -> dict[str, str]:
    """Return the verdict of each check on one host."""
    host = materialize(name, directory)
    command = ["sh", str(SCANNER), "--profile", PROFILE, "--format", "json"]
    done = subprocess.run(command, env=dict(host.environment), capture_output=True, text=True, check=False)
    assert done.returncode in (0, 3), done.stderr
    results: list[dict[str, Any]] = json.loads(done.stdout)["results"]
    return {result["check"]: result["verdict"] for result in results}


@pytest.mark.parametrize("name", host_names())
def test_every_check_comes_to_a_verdict(verdicts: dict[str, dict[str, str]], name: str) -> None:
    """Nothing on an example host keeps a check from finding out."""
    assert "error" not in verdicts[name].values()


@pytest.mark.parametrize("name", [name for name in host_names() if load_host(name).variant == "hardened"])
def test_hardened_hosts_have_nothing_to_find(verdicts: dict[str, dict[str, str]], name: str) -> None:
    """A remediated host fails no check, but for exceptions that say why."""
    failed = {check for check, verdict in verdicts[name].items() if verdict == "fail"}
    assert failed == {check for host, check in FAILS_ON_A_HARDENED_HOST if host == name}


@pytest.mark.parametrize("name", [name for name in host_names() if load_host(name).variant == "default"])
def test_default_hosts_have_something_to_find(verdicts: dict[str, dict[str, str]], name: str) -> None:
    """A host as its image starts passes most checks, and leaves some to mend or to judge."""
    counts = Counter(verdicts[name].values())
    assert counts["fail"] + counts["manual"] > 0
    assert counts["pass"] + counts["not_applicable"] > counts["fail"]


@pytest.mark.parametrize("name", [name for name in host_names() if load_host(name).variant == "neglected"])
def test_neglected_hosts_fail_most_checks(verdicts: dict[str, dict[str, str]], name: str) -> None:
    """A neglected host fails more checks than it passes, and more than its default does."""
    default = Counter(verdicts[name.replace("neglected", "default")].values())
    counts = Counter(verdicts[name].values())
    assert counts["fail"] > counts["pass"]
    assert counts["fail"] > default["fail"]


@pytest.mark.parametrize(("name", "check", "verdict"), KNOWN)
def test_known_verdicts(verdicts: dict[str, dict[str, str]], name: str, check: str, verdict: str) -> None:
    """Distribution defaults and deliberate faults get the verdicts they are known for."""
    assert verdicts[name][check] == verdict
