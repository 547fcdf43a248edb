"""Each known pitfall has a scenario or a test that exists; and those that need a test of their own."""

from __future__ import annotations

import ast
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.scan_scripts.pitfalls import PITFALLS
from tests.scan_scripts.test_scenarios import FOLDERS, scenarios_of
from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable

HERE = Path(__file__).parent
PROFILES = PROJECT / "scan_scripts" / "profiles"
HASH = "$6$pepperandsalt$neverprintthishash"
COMMUNITY = "N3verPrint-Community"


@cache
def scenario_names() -> frozenset[str]:
    """Every scenario that test_scenarios.py runs, as check/scenario."""
    return frozenset(
        f"{folder.name}/{path.name.removesuffix('.sh')}" for folder in FOLDERS for path in scenarios_of(folder)
    )


@cache
def functions_of(file: str) -> frozenset[str]:
    """The test functions of a file beside this one."""
    tree = ast.parse((HERE / file).read_text(encoding="utf-8"))
    return frozenset(node.name for node in tree.body if isinstance(node, ast.FunctionDef))


@pytest.mark.parametrize("pitfall", PITFALLS)
def test_what_covers_a_pitfall_exists(pitfall: str) -> None:
    """Each scenario and test that the map names for a pitfall is one that runs."""
    missing = []
    for name in PITFALLS[pitfall]:
        file, _, function = name.partition("::")
        if name not in scenario_names() and not (function.startswith("test_") and function in functions_of(file)):
            missing.append(name)
    assert missing == []
    assert PITFALLS[pitfall]


def test_every_known_pitfall_is_in_the_map() -> None:
    """The study that the scanner began with found 65 of them."""
    assert len(PITFALLS) >= 65


def test_nobody_is_asked_on_the_keyboard(make_frame: Callable[..., Path]) -> None:
    """A check that reads standard input finds it empty, although somebody holds the scanner's own open."""
    script = make_frame({"asking": 'if read -r answer; then pass "$answer"; else fail "nobody is there"; fi'})
    with subprocess.Popen(
        ["dash", str(script), "--profile", "fake"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout
        document = json.loads(process.stdout.read())
        assert process.wait(20) == 0
    assert document["results"][0]["reason"] == "nobody is there"


@pytest.mark.parametrize("profile", ["kisa_unix_2026", "kisa_unix_2021"])
@pytest.mark.parametrize("form", ["json", "text"])
def test_no_secret_of_the_host_is_printed(
    profile: str, form: str, make_tree: Callable[..., Any], scan: Callable[..., Any]
) -> None:
    """Neither a password hash nor a community string nor a password in a server's file reaches the output."""
    tree = make_tree(f"""
    typical_accounts
    give_alice_a_password 0 99999 '{HASH}'
    printf 'mallory:{HASH}:0:0::/root:/bin/bash\\n' | add_lines /etc/passwd
    enabled_unit snmpd.service multi-user.target
    printf 'rocommunity {COMMUNITY}\\ncom2sec local default {COMMUNITY}\\n' | file /etc/snmp/snmpd.conf
    """)
    outcome = scan("--format", form, tree=tree, profile=profile)
    assert b"snmpd" in outcome.stdout
    assert HASH.encode() not in outcome.stdout
    assert COMMUNITY.encode() not in outcome.stdout


@pytest.mark.parametrize("verdict", ["manual", "fail"])
def test_root_with_a_key_is_judged_as_the_profile_says(
    verdict: str, make_tree: Callable[..., Any], scan: Callable[..., Any], tmp_path: Path
) -> None:
    """Whether root may come in with a key is a parameter, so a profile of one's own can make it a finding."""
    shutil.copytree(PROFILES.parent, tmp_path / "scanner")
    own = {
        **json.loads((PROFILES / "finance.json").read_text(encoding="utf-8")),
        "id": "own",
        "extends": "kisa_unix_2026",
        "parameters": {"verdict_for_root_login_with_key": verdict},
    }
    (tmp_path / "scanner/profiles/own.json").write_text(json.dumps(own), encoding="utf-8")
    tree = make_tree("echo 'PermitRootLogin prohibit-password' | file /etc/ssh/sshd_config 0600")
    outcome = scan("--only", "U-01", script=tmp_path / "scanner/scan.sh", tree=tree, profile="own")
    assert outcome.results["root_ssh_login_denied"]["verdict"] == verdict


@pytest.mark.needs_root
def test_access_control_lists_are_evidence(tmp_path: Path, scan: Callable[..., Any]) -> None:
    """On the running host, entries that getfacl names for a file stand in the evidence beside its mode."""
    getfacl = tmp_path / "getfacl"
    getfacl.write_text("#!/bin/sh\nprintf 'user::rw-\\nuser:mallory:rw-\\nmask::rw-\\n'\n", encoding="utf-8")
    getfacl.chmod(0o755)
    outcome = scan("--only", "passwd_file_protected", environment={"PATH": f"{tmp_path}:/usr/bin:/bin"})
    evidence = outcome.results["passwd_file_protected"]["evidence"]
    assert "/etc/passwd: access control list entry user:mallory:rw-" in evidence


def test_each_edition_has_its_own_limits(make_tree: Callable[..., Any], scan: Callable[..., Any]) -> None:
    """/etc/hosts with mode 644 is good by the edition of 2026 and not by that of 2021."""
    tree = make_tree("typical_accounts; echo '127.0.0.1 localhost' | file /etc/hosts 0644")
    verdicts = [
        scan("--only", "hosts_file_protected", tree=tree, profile=profile).results["hosts_file_protected"]["verdict"]
        for profile in ("kisa_unix_2026", "kisa_unix_2021")
    ]
    assert verdicts == ["pass", "fail"]


def test_importance_is_that_of_the_edition() -> None:
    """The items whose importance is often copied from another edition have that of 2026."""
    profile = json.loads((PROFILES / "kisa_unix_2026.json").read_text(encoding="utf-8"))
    importance = {item["item"]: item["importance"] for item in profile["items"]}
    assert {importance[item] for item in ("U-51", "U-52", "U-54", "U-55", "U-57")} == {"medium"}
    assert {importance[item] for item in ("U-59", "U-61")} == {"high"}


def test_the_language_of_the_caller_changes_nothing(
    make_frame: Callable[..., Path], make_tree: Callable[..., Any], scan: Callable[..., Any]
) -> None:
    """Checks run in the C locale whatever the caller's is, and Korean evidence leaves as UTF-8."""
    script = make_frame({"speaking": 'evidence "$LC_ALL 서버"; pass "$(printf "b\\na\\nB\\n" | sort | tr -d "\\n")"'})
    environment = {"LANG": "ko_KR.eucKR", "LC_ALL": "ko_KR.eucKR", "LC_COLLATE": "en_US.UTF-8"}
    outcome = scan(script=script, tree=make_tree("typical_accounts"), profile="fake", environment=environment)
    assert outcome.results["speaking"]["evidence"] == ["C 서버"]
    assert outcome.results["speaking"]["reason"] == "Bab"


@pytest.mark.needs_root
def test_the_walk_starts_at_each_local_file_system(tmp_path: Path) -> None:
    """A disk mounted on a directory is walked; what is no disk, and what is mounted a second time, is not."""
    script = f"""
    mkdir '{tmp_path}/data' '{tmp_path}/proc' '{tmp_path}/again'
    mount -t tmpfs tmpfs '{tmp_path}/data'
    mount -t proc proc '{tmp_path}/proc'
    mount --bind '{tmp_path}/data' '{tmp_path}/again'
    for library in scan_scripts/lib/*.sh; do . "$library"; done
    ROOT='' local_mount_points
    """
    done = subprocess.run(
        ["unshare", "--mount", "dash", "-euc", script], cwd=PROJECT, capture_output=True, text=True, check=True
    )
    places = done.stdout.splitlines()
    assert "/" in places
    assert len([place for place in places if place in {f"{tmp_path}/data", f"{tmp_path}/again"}]) == 1
    assert f"{tmp_path}/proc" not in places
