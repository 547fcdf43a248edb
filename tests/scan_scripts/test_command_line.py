"""The scanner's command line: what it refuses, lists, selects and answers."""

from __future__ import annotations

import json
import os
import subprocess
import unicodedata
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
        (["--profile", "quick", "--language", "ko_KR"], "--language is en or ko"),
        (["--profile", "quick", "--language", ""], "--language needs a value"),
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
    options = ["--profile", "--root", "--only", "--format", "--language", "--verdicts", "--list"]
    words = [*options, "pass", "fail", "manual", "not_applicable", "error", "Try:"]
    assert done.returncode == 0
    assert [word for word in words if word not in done.stdout] == []


def test_lists_profiles_and_checks(shell: list[str]) -> None:
    """--list shows the profiles, or the edition, items and checks of one, in its order, selected by --only."""
    assert run("--list", shell=shell).stdout.split() == ["finance", "kisa_unix_2021", "kisa_unix_2026", "quick"]
    _, edition, *lines = run("--profile", "kisa_unix_2026", "--list", shell=shell).stdout.splitlines()
    assert edition == "Profile kisa_unix_2026, items numbered as in KISA 2026"
    assert [line.split()[2] for line in lines] == CHECKS
    chosen = run("--profile", "kisa_unix_2026", "--list", "--only", "U-02", "--only=telnet_disabled", shell=shell)
    assert [line.split()[0] for line in chosen.stdout.splitlines()[2:]] == [*["U-02"] * 4, "U-52"]


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
    outcome = scan(
        *("--only", "U-16", "--only", "U-19", "--only", "U-20", "--format", "text", "--language", "en"),
        tree=tree,
        script=SCANNER,
    )
    lines = outcome.stdout.decode().splitlines()
    assert lines[0] == "KISA critical infrastructure guide, UNIX servers, 2026 edition"
    assert lines[1] == "Profile kisa_unix_2026, items numbered as in KISA 2026"
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
    head = ["KISA 2026 edition as financial companies use it", "Profile finance, items numbered as in KISA 2026"]
    english = ["--language", "en", "--only", "U-05"]
    text = scan(*english, "--format", "text", "--root", "/etc/skel", profile="finance", shell=shell)
    assert text.stdout.decode().splitlines()[:2] == head
    assert run("--profile", "finance", "--list", *english, shell=shell).stdout.splitlines()[:2] == head


KOREAN_FINDING = """\
U-19   기준: /etc/hosts 파일의 소유자가 root이고 권한이 0644 이하로 설정되어 있음
             [hosts_file_protected]
       현황: /etc/hosts has mode 666, more than 0644
               | /etc/hosts: mode 666, owner UID 0
       조치: `chown root /etc/hosts`, `chmod 0644 /etc/hosts`를 실행한다. (2021년판의 기준은
             0600이다.)
"""


def columns(line: str) -> int:
    """How many columns of a terminal a line takes."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in line)


def test_text_in_korean(shell: list[str], make_tree: Callable[..., Any], scan: Callable[..., Any]) -> None:
    """--language ko gives headings, titles and remedies in Korean, wrapped by what a terminal shows."""
    tree = make_tree("typical_accounts; echo '127.0.0.1 localhost' | file /etc/hosts 0666")
    arguments = ["--only", "U-16", "--only", "U-19", "--only", "U-20", "--format", "text", "--language", "ko"]
    text = scan(*arguments, tree=tree, shell=shell, script=SCANNER).stdout.decode()
    lines = text.splitlines()
    assert lines[0] == "주요정보통신기반시설 기술적 취약점 분석·평가 방법 상세가이드 UNIX 서버 (2026년판)"
    assert lines[1] == "프로파일: kisa_unix_2026, 항목 번호 기준: KISA 2026"
    assert "\n점검 결과: 양호 1, 취약 1, 수동 점검 0, 해당 없음 1, 오류 0 (소요 시간 " in text
    assert f"\n취약(fail) 1건\n\n{KOREAN_FINDING}\n양호(pass) 1건\n\n" in text
    assert (
        "U-16   /etc/passwd 파일의 소유자가 root이고 권한이 0644 이하로 설정되어 있음 [passwd_file_protected]" in lines
    )
    assert "\n해당 없음(not_applicable) 1건\n\n" in text
    findings = lines[lines.index("") :]
    assert 90 < max(map(columns, findings)) <= 100


def test_text_of_much_and_long_evidence(shell: list[str], make_frame: Callable[..., Path]) -> None:
    """A finding shows 12 lines and counts all the others; a long line is parted at blanks and keeps its beginning."""
    body = (
        'evidence "$(printf "한글 %.0s" 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20)"\n'
        'i=1; while [ $i -le 69 ]; do i=$((i + 1)); evidence "line $i"; done\nfail "too many"'
    )
    script = make_frame({"one": body})
    command = [*shell, str(script), "--profile", "fake", "--root", "/etc/skel", "--format", "text", "--language", "en"]
    lines = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60).stdout.splitlines()
    first = lines.index("         | " + " ".join(["한글"] * 18))
    assert lines[first + 1 : first + 3] == ["         |   한글 한글", "         | line 2"]
    assert lines[first + 13] == "         | ... and 58 more lines (--format json shows up to 50 in all)"


def test_a_bundle_has_korean_titles(
    shell: list[str], make_tree: Callable[..., Any], scan: Callable[..., Any], bundle: Path
) -> None:
    """From a bundle the Korean report and list are those of the tree, but for the remedies."""
    tree = make_tree("typical_accounts; echo '127.0.0.1 localhost' | file /etc/hosts 0666")
    texts = []
    for path in (SCANNER, bundle):
        outcome = scan("--only", "U-19", "--format", "text", "--language", "ko", tree=tree, shell=shell, script=path)
        texts.append(outcome.stdout.decode().split("건\n", 1)[1])
    assert texts[1] == texts[0][: texts[0].index("       조치: ")] + "\n"
    lists = [scan("--list", "--language", "ko", shell=shell, script=path).stdout for path in (SCANNER, bundle)]
    assert lists[0] == lists[1]
    assert "SSH를 통한 root 직접 로그인이 차단되어 있음" in lists[0].decode()


@pytest.mark.parametrize(
    ("locale", "word"),
    [
        ({"LANG": "ko_KR.UTF-8"}, "프로파일"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ko_KR.utf8"}, "프로파일"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "Profile"),
        ({"LANG": "ko_KR.eucKR"}, "Profile"),
        ({"LANG": "kok_IN"}, "Profile"),
        ({}, "Profile"),
    ],
)
def test_the_language_is_the_callers(locale: dict[str, str], word: str) -> None:
    """Without --language a caller with a Korean locale that can show UTF-8 gets Korean, everybody else English."""
    environment = {"PATH": os.environ["PATH"], **locale}
    command = ["sh", str(SCANNER), "--profile", "quick", "--list"]
    done = subprocess.run(command, env=environment, capture_output=True, check=True, timeout=60)
    assert done.stdout.decode().splitlines()[1].startswith(word)
