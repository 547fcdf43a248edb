"""Files that somebody made to confuse the scanner: it still ends, in valid JSON, and nothing bad becomes a pass."""

from __future__ import annotations

import os
import random
import stat
from typing import TYPE_CHECKING, Any

import pytest

from tests.scan_scripts.conftest import build_tree

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SEED = 20261124
MEGABYTE = 1_000_000
BAD_HOST = """
typical_accounts
give_alice_a_password 0 99999
printf 'ID=centos\\nVERSION_ID=7\\n' | file /etc/os-release
printf 'PASS_MAX_DAYS 99999\\n' | file /etc/login.defs
printf 'PermitRootLogin yes\\n' | file /etc/ssh/sshd_config 0600
printf 'password required pam_unix.so md5\\n' | file /etc/pam.d/passwd
printf 'auth required pam_unix.so\\n' | file /etc/pam.d/su
printf 'minlen = 4\\n' | file /etc/security/pwquality.conf
empty_file /usr/bin/su 4755
for product in vsftpd proftpd named postfix snmpd nfs-server smb httpd nginx inetd rsyslog chronyd; do
  enabled_unit "$product.service" multi-user.target
done
printf 'finger stream tcp nowait nobody /usr/sbin/in.fingerd\\n' | file /etc/inetd.conf 0666
printf 'anonymous_enable=YES\\nlocal_enable=YES\\n' | file /etc/vsftpd.conf
printf 'RootLogin on\\n<Anonymous ~ftp>\\n</Anonymous>\\n' | file /etc/proftpd.conf
file /etc/named.conf <<'EOF'
options { allow-transfer { any; }; allow-update { any; }; };
zone "a" { type master; };
EOF
printf 'mynetworks = 0.0.0.0/0\\n' | file /etc/postfix/main.cf
printf 'rocommunity public\\n' | file /etc/snmp/snmpd.conf
printf '/srv *(rw)\\n' | file /etc/exports 0666
printf '[open]\\nguest ok = yes\\n' | file /etc/samba/smb.conf
printf 'User root\\nOptions Indexes\\nDocumentRoot /var/www/html\\n' | file /etc/httpd/conf/httpd.conf
printf 'user root;\\nhttp { autoindex on; }\\n' | file /etc/nginx/nginx.conf
printf 'mail.* /var/log/maillog\\n' | file /etc/rsyslog.conf 0666
printf 'driftfile /var/lib/chrony/drift\\n' | file /etc/chrony.conf
printf 'umask 000\\nTMOUT=0\\n' | file /etc/profile 0666
empty_file /var/log/messages 0666
empty_file /etc/systemd/system/app.service 0666 1000:1000
"""
INCLUDES = {
    "/etc/ssh/sshd_config": "Include /etc/ssh/sshd_config\n",
    "/etc/proftpd.conf": "Include /etc/proftpd.conf\n",
    "/etc/named.conf": 'include "/etc/named.conf";\n',
    "/etc/snmp/snmpd.conf": "includeFile /etc/snmp/snmpd.conf\n",
    "/etc/httpd/conf/httpd.conf": "Include /etc/httpd/conf/httpd.conf\n",
    "/etc/nginx/nginx.conf": "include /etc/nginx/nginx.conf;\n",
    "/etc/rsyslog.conf": "$IncludeConfig /etc/rsyslog.conf\n",
    "/etc/chrony.conf": "include /etc/chrony.conf\n",
    "/etc/pam.d/su": "auth include su\n",
}
"""Lines that make a file include itself."""


def random_bytes() -> bytes:
    """Two thousand bytes of every kind, line ends and NULs among them, always the same."""
    return b"\n" + random.Random(SEED).randbytes(2000) + b"\n"  # noqa: S311 - no secret


GARBAGE: dict[str, Callable[[], bytes]] = {
    "random_bytes": random_bytes,
    "a_line_of_a_megabyte": lambda: b"\n# " + b"x" * MEGABYTE + b"\n",
    "escape_sequences_and_quotes": lambda: b"\n#\x1b[2J\x07\"'`$(reboot)\\\n" * 20,
    "half_a_character": lambda: b"\n# \xea\xb0\n# \xff\xfe\n",
    "carriage_returns": lambda: b"\n# one\r# two\r\n\r\n",
}


def configuration_files(root: Path, *, accounts: bool = False) -> list[Path]:
    """Every configuration file of a tree; accounts only if asked for, as without them there is nobody to judge."""
    names = set() if accounts else {"passwd", "shadow", "group"}
    files = [path for path in (root / "etc").rglob("*") if path.is_file() and not path.is_symlink()]
    return [path for path in files if path.name not in names and path.suffix != ".service"]


def fails_of(outcome: Any) -> set[str]:
    """Names of the checks that fail."""
    return {name for name, result in outcome.results.items() if result["verdict"] == "fail"}


def passes_of(outcome: Any) -> set[str]:
    """Names of the checks that pass."""
    return {name for name, result in outcome.results.items() if result["verdict"] == "pass"}


@pytest.fixture(scope="module")
def bad_host_fails(scan: Callable[..., Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """Names of the checks that fail on the bad host before anything is done to it, by profile."""
    tree = build_tree(tmp_path_factory.mktemp("bad_host") / "host", BAD_HOST)
    return {profile: fails_of(scan(tree=tree, profile=profile)) for profile in ("kisa_unix_2026", "kisa_unix_2021")}


@pytest.mark.parametrize(
    ("kind", "profile"), [*((kind, "kisa_unix_2026") for kind in GARBAGE), ("random_bytes", "kisa_unix_2021")]
)
def test_garbage_never_turns_a_finding_into_a_pass(
    kind: str,
    profile: str,
    make_tree: Callable[..., Any],
    scan: Callable[..., Any],
    bad_host_fails: dict[str, set[str]],
) -> None:
    """Behind what is wrong in every configuration file, garbage changes no fail to pass, and the JSON stays whole."""
    tree = make_tree(BAD_HOST)
    failed = bad_host_fails[profile]
    assert len(failed) > 20
    for path in configuration_files(tree.root):
        with path.open("ab") as file:
            file.write(GARBAGE[kind]())
    outcome = scan(tree=tree, profile=profile)
    assert failed & passes_of(outcome) == set()
    assert b"\x1b" not in outcome.stdout


@pytest.mark.parametrize("profile", ["kisa_unix_2026", "kisa_unix_2021"])
def test_files_that_include_themselves_end(
    profile: str,
    shell: list[str],
    make_tree: Callable[..., Any],
    scan: Callable[..., Any],
    bad_host_fails: dict[str, set[str]],
) -> None:
    """Files that include themselves, links in circles and a list of links to itself end every check in a verdict."""
    tree = make_tree(BAD_HOST)
    failed = bad_host_fails[profile]
    for name, line in INCLUDES.items():
        with (tree.root / name.lstrip("/")).open("a", encoding="utf-8") as file:
            file.write(line)
    (tree.root / "etc/motd").symlink_to("issue")
    (tree.root / "etc/issue").symlink_to("motd")
    (tree.root / "etc/systemd/system/loop.target.wants").symlink_to("loop.target.wants")
    outcome = scan(tree=tree, profile=profile, shell=shell)
    assert failed & passes_of(outcome) == set()
    assert all("time limit" not in result["reason"] for result in outcome.results.values())


def test_odd_names_stay_names(make_tree: Callable[..., Any], scan: Callable[..., Any]) -> None:
    """Names with quotes, blanks, newlines and escape sequences are reported as text, and the JSON stays whole."""
    tree = make_tree(BAD_HOST)
    for name in ('a "b" c', "two\nlines", "escape\x1b[2J", "$(reboot)", "-rf", "\u00a0", "per%cent\\"):
        odd = tree.root / "var/log" / name
        odd.touch()
        with tree.metadata.open("a", encoding="utf-8") as file:
            file.write("" if "\n" in name else f"/var/log/{name}\t0666\t0\t0\n")
    result = scan(tree=tree).results["log_files_protected"]
    assert result["verdict"] == "fail"
    assert any('a "b" c' in line for line in result["evidence"])


MILLION = 1_000_000
ACCOUNT_CHECKS = (
    "only_root_has_uid_zero",
    "user_ids_unique",
    "passwords_shadowed",
    "unneeded_accounts_removed",
    "administrator_group_minimal",
    "password_maximum_age_limited",
    "home_directories_exist",
    "home_directories_owned",
    "no_rhosts_or_hosts_equiv",
    "environment_files_protected",
)
SPOILED_HOMES = """
typical_accounts
directory /home/alice 0777 4242:4242
empty_file /home/alice/.profile 0666 1000:1000
printf '+\\n' | file /home/alice/.rhosts 0666 1000:1000
printf 'bob:x:1000:1000::/gone:/bin/bash\\n' | add_lines /etc/passwd
"""


def test_a_million_accounts_end_in_time(make_tree: Callable[..., Any], scan: Callable[..., Any]) -> None:
    """With a million accounts every account check ends, if need be in error, and none of ten passes by it."""
    tree = make_tree(SPOILED_HOMES)
    chosen = [word for check in ACCOUNT_CHECKS for word in ("--only", check)]
    for name, line in (("passwd", "u{0}:x:{0}:{0}::/home/u{0}:/bin/bash\n"), ("shadow", "u{0}:!:19700:0:99999:7:::\n")):
        with (tree.root / "etc" / name).open("a", encoding="utf-8") as file:
            file.writelines(line.format(number) for number in range(2000, 2000 + MILLION))
            file.write("toor:x:0:0::/root:/bin/bash\n" if name == "passwd" else "toor:$1$a$b:19700:0:99999:7:::\n")
    with (tree.root / "etc/shadow").open("a", encoding="utf-8") as file:
        file.write("mallory::19700:0:99999:7:::\n")
    outcome = scan(*chosen, tree=tree, patience=280)
    verdicts = {name: outcome.results[name]["verdict"] for name in ACCOUNT_CHECKS}
    assert verdicts["only_root_has_uid_zero"] == "fail"
    assert set(verdicts.values()) <= {"fail", "manual", "error"}
    ended = [result for result in outcome.results.values() if "time limit" not in result["reason"]]
    assert len(ended) >= len(ACCOUNT_CHECKS) - 2


def test_jobs_of_the_last_of_many_accounts_are_owned(
    shell: list[str], make_tree: Callable[..., Any], scan: Callable[..., Any]
) -> None:
    """However many accounts there are, a cron or at job of any of them has an owner, and one of nobody's has none."""
    tree = make_tree(
        "typical_accounts; empty_file /var/spool/cron/u41999 0600 41999:41999; empty_file /var/spool/at/a1 0600 41999:1"
    )
    with (tree.root / "etc/passwd").open("a", encoding="utf-8") as file:
        file.writelines(f"u{number}:x:{number}:{number}::/home/u{number}:/bin/sh\n" for number in range(2000, 42000))
    arguments = ["--only", "cron_files_protected", "--only", "at_files_protected"]
    results = scan(*arguments, tree=tree, shell=shell).results
    assert {name: result["verdict"] for name, result in results.items()} == {
        "cron_files_protected": "pass",
        "at_files_protected": "pass",
    }
    with tree.metadata.open("a", encoding="utf-8") as file:
        file.write("/var/spool/cron/u41999\t0600\t42000\t1\n/var/spool/at/a1\t0600\t42000\t1\n")
    results = scan(*arguments, tree=tree, shell=shell).results
    assert results["cron_files_protected"]["reason"] == "/var/spool/cron/u41999 is owned by UID 42000"
    assert results["at_files_protected"]["reason"] == "/var/spool/at/a1 is owned by UID 42000"


NOT_A_FILE: dict[str, Callable[[Path], None]] = {
    "directory": lambda path: path.mkdir(),
    "dangling_link": lambda path: path.symlink_to("/nowhere/at/all"),
    "fifo": os.mkfifo,
    "device": lambda path: os.mknod(path, 0o600 | stat.S_IFCHR, os.makedev(1, 5)),
    "socket": lambda path: os.mknod(path, 0o600 | stat.S_IFSOCK),
}
"""What may stand where a file is expected; the device is one that never ends."""


@pytest.mark.parametrize(
    ("kind", "profile"),
    [
        *(
            pytest.param(kind, "kisa_unix_2026", marks=pytest.mark.needs_root if kind == "device" else ())
            for kind in NOT_A_FILE
        ),
        ("fifo", "kisa_unix_2021"),
    ],
)
def test_what_is_no_file_never_hangs_nor_turns_a_finding_into_a_pass(
    kind: str,
    profile: str,
    make_tree: Callable[..., Any],
    scan: Callable[..., Any],
    bad_host_fails: dict[str, set[str]],
) -> None:
    """With something else in place of each configuration file, the accounts' too, no check hangs and no fail passes."""
    tree = make_tree(BAD_HOST)
    failed = bad_host_fails[profile]
    for path in configuration_files(tree.root, accounts=True):
        path.unlink()
        NOT_A_FILE[kind](path)
    outcome = scan(tree=tree, profile=profile)
    assert failed & passes_of(outcome) == set()
    assert all("time limit" not in result["reason"] for result in outcome.results.values())
    assert outcome.stderr == ""


@pytest.mark.needs_root
@pytest.mark.parametrize("profile", ["kisa_unix_2026", "kisa_unix_2021"])
def test_what_an_ordinary_user_cannot_read_never_passes(
    profile: str,
    make_tree: Callable[..., Any],
    scan: Callable[..., Any],
    bad_host_fails: dict[str, set[str]],
    tmp_path: Path,
) -> None:
    """For an ordinary user and files of mode 000, what needs root ends in error, and no fail becomes a pass."""
    tree = make_tree(BAD_HOST)
    failed = bad_host_fails[profile]
    for path in (tmp_path, *tmp_path.parents):
        path.chmod(path.stat().st_mode | 0o011)
    for path in configuration_files(tree.root, accounts=True):
        path.chmod(0)
    tree.metadata.chmod(0o644)
    private = tmp_path / "private"
    private.mkdir(mode=0o777)
    private.chmod(0o777)
    as_nobody = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "dash"]
    outcome = scan("--root", tree.root, profile=profile, shell=as_nobody, environment={"TMPDIR": str(private)})
    assert outcome.document["host"]["scanner_uid"] == 65534
    assert failed & passes_of(outcome) == set()
    assert "needs root" in outcome.results["shadow_file_protected"]["reason"]
