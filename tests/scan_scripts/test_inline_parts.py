"""Inline parts: a profile's checks in scripts that fit into a command, with the verdicts of the whole scanner."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from tests.scan_scripts.test_bundle import comparable
from tests.scan_scripts.test_scenarios import FOLDERS, profile_of, scenarios_of, verdict_of
from tools.bundle import Bundle, build_bundle
from tools.inline_parts import INLINE_CEILING, compressed_size, definitions_of, mentions_in, reachable
from tools.scanner_tree import DEFAULT_SOURCE, MetadataError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

BUNDLER = Path(__file__).resolve().parents[2] / "tools" / "bundle.py"
SHELLS = (["dash"], ["bash"])


class Parts(NamedTuple):
    """A built bundle, and the file of each of its parts by SHA-256."""

    bundle: Bundle
    files: Mapping[str, Path]

    def of(self, profile: str) -> list[dict[str, Any]]:
        """A profile's parts as the catalog tells them."""
        parts: list[dict[str, Any]] = self.bundle.catalog["inline"][profile]
        return parts

    def holding(self, profile: str, check: str) -> Path:
        """The script of the one part of a profile that holds a check."""
        (part,) = (part for part in self.of(profile) if check in part["checks"])
        return self.files[part["bundle"]]


@pytest.fixture(scope="module")
def parts(built: Bundle, tmp_path_factory: pytest.TempPathFactory) -> Parts:
    """The inline parts of this checkout, written as files."""
    directory = tmp_path_factory.mktemp("parts")
    for name, script in built.parts.items():
        (directory / name).write_bytes(script)
    return Parts(built, {name: directory / name for name in built.parts})


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: path.name)
def test_a_part_gives_the_verdict_that_the_scenario_is_named_for(
    folder: Path, parts: Parts, make_tree: Callable[..., Any], scan: Callable[..., Any]
) -> None:
    """Of each check one scenario a verdict, in dash and bash by turns, comes to it by the part that holds the check.

    All 714 scenarios would take three minutes; the whole scanner goes through them in test_scenarios.py.
    """
    profile = profile_of(folder)
    script = parts.holding(profile, folder.name)

    def wrong_answer(number: int, scenario: Path) -> list[object]:
        shell = SHELLS[number % len(SHELLS)]
        tree = make_tree(scenario.read_text(encoding="utf-8"), shell, scenario.name)
        outcome = scan("--only", folder.name, shell=shell, tree=tree, script=script, profile=profile)
        result = outcome.results[folder.name]
        if result["verdict"] == verdict_of(scenario) and result["reason"] and not outcome.stderr:
            return []
        return [scenario.name, result, outcome.stderr]

    scenarios = list({verdict_of(scenario): scenario for scenario in scenarios_of(folder)}.values())
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        assert [answer for answer in pool.map(wrong_answer, range(len(scenarios)), scenarios) if answer] == []


def test_the_parts_together_say_what_the_bundle_says(
    parts: Parts,
    shell: list[str],
    make_tree: Callable[..., Any],
    scan: Callable[..., Any],
    bundle: Path,
    tmp_path: Path,
) -> None:
    """Under every shell the parts' results are the bundle's, and each letter of the digest comes from one part."""
    tree = make_tree("typical_accounts; give_alice_a_password; enabled_unit telnet.socket sockets.target")
    whole = scan("--verdicts", tmp_path / "whole", tree=tree, shell=shell, script=bundle)
    results, letters = [], []
    for number, part in enumerate(parts.of("kisa_unix_2026")):
        file = tmp_path / f"part{number}"
        only = [word for check in part["checks"] for word in ("--only", check)]
        script = parts.files[part["bundle"]]
        outcome = scan("--verdicts", file, *only, tree=tree, shell=shell, script=script)
        results += comparable(outcome.document)["results"]
        letters.append(file.read_text(encoding="utf-8").strip())
    assert len(letters) > 1
    assert results == comparable(whole.document)["results"]
    told = ["".join(own).replace("-", "") for own in zip(*letters, strict=True)]
    assert told == list((tmp_path / "whole").read_text(encoding="utf-8").strip())


def test_every_part_fits_and_every_check_is_in_one(parts: Parts) -> None:
    """At the ceiling or below, in the profile's order, nothing twice; the catalog's names are the scripts' hashes."""
    for name, profile in parts.bundle.catalog["profiles"].items():
        assert [check for part in parts.of(name) for check in part["checks"]] == profile["checks"]
    named = {part["bundle"] for found in parts.bundle.catalog["inline"].values() for part in found}
    assert named == set(parts.bundle.parts)
    assert {name: size for name, size in sizes(parts.bundle).items() if size > INLINE_CEILING} == {}


def sizes(bundle: Bundle) -> dict[str, int]:
    """Bytes of gzip -9 of each part."""
    return {name: compressed_size(script) for name, script in bundle.parts.items()}


def test_same_tree_same_parts(parts: Parts, tmp_path: Path) -> None:
    """From a copy of the tree the parts are the same to the byte."""
    copy = tmp_path / "copy"
    shutil.copytree(DEFAULT_SOURCE, copy)
    assert build_bundle(copy) == parts.bundle


def test_the_bundle_names_its_parts(parts: Parts) -> None:
    """A part that is another makes another bundle: who approves the one approves the other."""
    script = parts.bundle.script.decode()
    assert set(re.findall(r"^# inline part of \w+: ([0-9a-f]{64})$", script, re.MULTILINE)) == set(parts.bundle.parts)


def test_a_part_that_is_asked_for_what_it_lacks_fails_closed(
    parts: Parts, scan: Callable[..., Any], tmp_path: Path
) -> None:
    """A check of another part ends in error, never in a pass; text and lists are refused."""
    first, second = parts.of("kisa_unix_2026")
    script = parts.files[first["bundle"]]
    outcome = scan("--root", tmp_path, "--only", second["checks"][0], script=script)
    assert outcome.results[second["checks"][0]]["verdict"] == "error"
    for arguments in (["--list"], ["--format", "text", "--only", first["checks"][0]]):
        outcome = scan("--root", tmp_path, *arguments, script=script)
        assert (outcome.status != 0, outcome.stdout) == (True, b"")


def test_a_lower_ceiling_makes_more_parts(parts: Parts) -> None:
    """The ceiling is a setting: below it, each profile is cut into more parts, each of which fits."""
    low = build_bundle(inline_ceiling=24_000)
    assert max(sizes(low).values()) <= 24_000
    assert len(low.catalog["inline"]["kisa_unix_2026"]) > len(parts.of("kisa_unix_2026"))


def test_a_check_that_does_not_fit_is_named(tmp_path: Path) -> None:
    """The bundler ends with 1 and a sentence with the check and the sizes; nothing is written."""
    command = [sys.executable, str(BUNDLER), "--output", str(tmp_path / "out"), "--inline-ceiling", "12000"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, (tmp_path / "out").exists()) == (1, "", False)
    assert re.search(r"the check root_ssh_login_denied alone .* \d+ bytes of gzip; at most 12000 travel", done.stderr)


def test_a_part_has_no_comments_and_no_texts_of_reports(parts: Parts) -> None:
    """What only a reader of the tree or of a text report needs does not travel."""
    unwanted = ("shellcheck", "set_korean", "compile_profile", "Usage: sh scan.sh", "standard input:")
    for script in parts.bundle.parts.values():
        text = script.decode()
        assert [word for word in unwanted if word in text] == []
        assert "print_json" in text


def test_names_that_are_put_together_are_kept() -> None:
    """Of a name only its end, or its beginning, may be written: the function is kept where the other half occurs."""
    texts = {
        "judge": '"$1_products" | sort',
        "caller": "judge web",
        "web_products": "echo apache",
        "ftp_products": "echo vsftpd",
        "chooser": '"${kind}_products"; kind=ftp',
        "stop_now": "echo",
        "stopper": 'stop_$1 "$way"; way=now',
    }
    mentions = {name: mentions_in(text) for name, text in texts.items()}
    nothing = mentions_in("")
    assert reachable(mentions, ["caller"], nothing) == ["caller", "judge", "web_products"]
    assert reachable(mentions, ["chooser"], nothing) == ["chooser", "ftp_products"]
    assert reachable(mentions, ["stopper"], nothing) == ["stop_now", "stopper"]
    assert reachable(mentions, ["ftp_products"], mentions_in("stopper")) == ["ftp_products", "stop_now", "stopper"]


def test_code_outside_of_functions_is_refused() -> None:
    """A library that does something while it is read would lose it in a part: it is refused by name."""
    text = "# words\nLIMIT='1 2'\n\ndo_it() { # <what>\n  echo \"$1\"\n}\n"
    assert list(definitions_of(Path("a.sh"), text)) == ["LIMIT", "do_it"]
    with pytest.raises(MetadataError, match=r"a\.sh: only functions and constants may stand here, not: do_it now"):
        definitions_of(Path("a.sh"), text + "do_it now\n")
