"""The scanner's command line: what it refuses, lists, selects and answers."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable

SCANNER = Path(__file__).resolve().parents[2] / "scan_scripts" / "scan.sh"
PROFILE = json.loads((SCANNER.parent / "profiles" / "kisa_unix_2026.json").read_text(encoding="utf-8"))
CHECKS = [check for item in PROFILE["items"] for check in item["checks"]]


def run(*arguments: str, shell: list[str]) -> subprocess.CompletedProcess[str]:
    """Run the scanner with exactly these arguments."""
    return subprocess.run([*shell, str(SCANNER), *arguments], capture_output=True, text=True, check=False, timeout=60)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ([], "--profile is missing"),
        (["--profile"], "--profile needs a value"),
        (["--profile", ""], "--profile needs a value"),
        (["--profile", "kisa_unix_1999"], "unknown profile"),
        (["--profile", "../profiles/quick"], "unknown profile"),
        (["--profile", "quick", "--format", "xml"], "--format is json or text"),
        (["--profile", "quick", "--only", "U-99"], "no item or check named U-99"),
        (["--profile", "quick", "--only", "U-01; rm -rf /"], "--only takes an item or a check"),
        (["--profile", "quick", "--root", "/no/such/place"], "--root is not a directory"),
        (["--profile", "quick", "--frobnicate"], "unknown argument"),
        (["quick"], "unknown argument"),
    ],
)
def test_refuses_a_wrong_command_line(arguments: list[str], word: str, shell: list[str]) -> None:
    """A usage error exits 2 with a sentence on standard error and nothing on standard output."""
    done = run(*arguments, shell=shell)
    assert (done.returncode, done.stdout) == (2, "")
    assert word in done.stderr
    assert "--help" in done.stderr


def test_help_teaches(shell: list[str]) -> None:
    """--help exits 0, names every option and every verdict, and shows commands to try."""
    done = run("--help", shell=shell)
    options = ["--profile", "--root", "--only", "--format", "--verdicts", "--list"]
    words = [*options, "pass", "fail", "manual", "not_applicable", "error", "Try:"]
    assert done.returncode == 0
    assert [word for word in words if word not in done.stdout] == []


def test_lists_profiles_and_checks(shell: list[str]) -> None:
    """--list shows the profiles, or the edition, items and checks of one, in its order, selected by --only."""
    assert run("--list", shell=shell).stdout.split() == ["finance", "kisa_unix_2021", "kisa_unix_2026", "quick"]
    first, *lines = run("--profile", "kisa_unix_2026", "--list", shell=shell).stdout.splitlines()
    assert first.endswith("(profile kisa_unix_2026), items numbered as in KISA 2026")
    assert [line.split()[2] for line in lines] == CHECKS
    chosen = run("--profile", "kisa_unix_2026", "--list", "--only", "U-02", "--only=telnet_disabled", shell=shell)
    assert [line.split()[0] for line in chosen.stdout.splitlines()[1:]] == [*["U-02"] * 4, "U-52"]


def test_only_selects_by_item_and_by_check(
    shell: list[str], make_tree: Callable[..., Any], scan: Callable[..., Any], tmp_path: Path
) -> None:
    """--only may be repeated; what is not selected is a dash among the letters."""
    tree = make_tree("typical_accounts")
    letters = tmp_path / "letters"
    arguments = ["--only", "U-05", "--only", "user_ids_unique", "--verdicts", letters]
    outcome = scan(*arguments, tree=tree, shell=shell)
    assert list(outcome.results) == ["only_root_has_uid_zero", "user_ids_unique"]
    expected = "".join("p" if check in outcome.results else "-" for check in CHECKS)
    assert letters.read_text(encoding="utf-8") == f"{expected}\n"


def test_letters_stand_for_verdicts(make_tree: Callable[..., Any], scan: Callable[..., Any], tmp_path: Path) -> None:
    """Each check of the profile has one letter, the first of its verdict, in the profile's order."""
    tree = make_tree("typical_accounts; empty_file /etc/cron.deny 0666; rm $ROOT/etc/shadow; unit telnet.socket")
    letters = tmp_path / "letters"
    outcome = scan("--verdicts", letters, tree=tree)
    verdicts = [outcome.results[check]["verdict"] for check in CHECKS]
    assert letters.read_text(encoding="utf-8") == "".join(verdict[0] for verdict in verdicts) + "\n"
    assert {"pass", "fail", "not_applicable", "error"} <= set(verdicts)
    assert outcome.status == 3


def test_takes_the_root_from_the_environment(make_tree: Callable[..., Any], scan: Callable[..., Any]) -> None:
    """Without --root the scanner looks at $FLEETDX_ROOT, and says so."""
    tree = make_tree("typical_accounts; echo host-of-a-test | file /etc/hostname")
    environment = {**tree.environment(), "FLEETDX_ROOT": str(tree.root)}
    outcome = scan("--only", "U-05", environment=environment)
    host = outcome.document["host"]
    assert (host["root"], host["live"], host["hostname"]) == (str(tree.root), False, "host-of-a-test")
    assert outcome.status == 0


def test_text_is_for_people(make_tree: Callable[..., Any], scan: Callable[..., Any]) -> None:
    """--format text begins with the edition and the totals; findings come first, with title, evidence and remedy."""
    tree = make_tree("typical_accounts; echo '127.0.0.1 localhost' | file /etc/hosts 0666")
    outcome = scan("--only", "U-16", "--only", "U-19", "--only", "U-20", "--format", "text", tree=tree)
    lines = outcome.stdout.decode().splitlines()
    assert lines[0] == "KISA critical infrastructure guide, UNIX servers, 2026 edition (profile kisa_unix_2026)"
    assert lines[1] == "Items are numbered as in KISA 2026"
    head, findings = lines[: lines.index("")], lines[lines.index("") :]
    assert head[-1].startswith("1 pass, 1 fail, 0 manual, 1 not_applicable, 0 error, in ")
    headings = [line for line in findings if line[:1].isupper() and not line.startswith("U-")]
    assert headings == ["FAIL (1)", "PASS (1)", "NOT APPLICABLE (1)"]
    assert "       /etc/hosts has mode 666, more than 0644" in lines
    assert "         | /etc/hosts: mode 666, owner UID 0" in lines
    assert any(line.startswith("       Remedy: ") for line in lines)
    assert "U-16   passwd_file_protected: owner and mode of 1 file(s) are as they should be" in lines
    assert max(map(len, findings)) <= 100


def test_an_extending_profile_shows_the_edition_it_extends(shell: list[str], scan: Callable[..., Any]) -> None:
    """Every report and list has the edition of its item numbers, also of a profile whose name has no year."""
    edition = "as in KISA 2026"
    text = scan("--only", "U-05", "--format", "text", "--root", "/etc/skel", profile="finance", shell=shell).stdout.decode()
    assert text.startswith("KISA 2026 edition as financial companies use it (profile finance)\n")
    assert text.splitlines()[1].endswith(edition)
    assert run("--profile", "finance", "--list", shell=shell).stdout.splitlines()[0].endswith(edition)
