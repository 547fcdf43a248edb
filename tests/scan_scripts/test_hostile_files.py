"""Files that somebody made to confuse the scanner: it still ends, in valid JSON, and nothing bad becomes a pass."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

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


def configuration_files(root: Path) -> list[Path]:
    """Every file of a tree that has content, accounts left alone: without them there is nobody to judge."""
    names = {"passwd", "shadow", "group"}
    files = [path for path in (root / "etc").rglob("*") if path.is_file() and not path.is_symlink()]
    return [path for path in files if path.name not in names and path.suffix != ".service"]


def fails_of(outcome: Any) -> set[str]:
    """Names of the checks that fail."""
    return {name for name, result in outcome.results.items() if result["verdict"] == "fail"}


def passes_of(outcome: Any) -> set[str]:
    """Names of the checks that pass."""
    return {name for name, result in outcome.results.items() if result["verdict"] == "pass"}


@pytest.mark.parametrize(
    ("kind", "profile"), [*((kind, "kisa_unix_2026") for kind in GARBAGE), ("random_bytes", "kisa_unix_2021")]
)
def test_garbage_never_turns_a_finding_into_a_pass(
    kind: str, profile: str, make_tree: Callable[..., Any], scan: Callable[..., Any]
) -> None:
    """Behind what is wrong in every configuration file, garbage changes no fail to pass, and the JSON stays whole."""
    tree = make_tree(BAD_HOST)
    failed = fails_of(scan(tree=tree, profile=profile))
    assert len(failed) > 20
    for path in configuration_files(tree.root):
        with path.open("ab") as file:
            file.write(GARBAGE[kind]())
    outcome = scan(tree=tree, profile=profile)
    assert failed & passes_of(outcome) == set()
    assert b"\x1b" not in outcome.stdout


@pytest.mark.parametrize("profile", ["kisa_unix_2026", "kisa_unix_2021"])
def test_files_that_include_themselves_end(
    profile: str, shell: list[str], make_tree: Callable[..., Any], scan: Callable[..., Any]
) -> None:
    """Files that include themselves, links in circles and a list of links to itself end every check in a verdict."""
    tree = make_tree(BAD_HOST)
    failed = fails_of(scan(tree=tree, profile=profile))
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


def test_very_many_accounts_end_in_time(make_tree: Callable[..., Any], scan: Callable[..., Any]) -> None:
    """With a hundred thousand accounts every account check ends, if need be in error, and none passes by it."""
    tree = make_tree("typical_accounts")
    with (tree.root / "etc/passwd").open("a", encoding="utf-8") as file:
        file.writelines(f"u{n}:x:{n}:{n}::/home/u{n}:/bin/bash\n" for n in range(2000, 102_000))
        file.write("toor:x:0:0::/root:/bin/bash\n")
    outcome = scan("--only", "U-05", "--only", "U-07", "--only", "U-08", "--only", "U-10", tree=tree)
    assert outcome.results["only_root_has_uid_zero"]["verdict"] == "fail"
    assert outcome.results["user_ids_unique"]["verdict"] == "fail"
    assert passes_of(outcome) == set()
