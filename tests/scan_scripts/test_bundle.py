"""The bundle: one script that does what the tree does, named by its hash, refused when metadata is wrong."""

from __future__ import annotations

import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from tools.bundle import Bundle

PROJECT = Path(__file__).resolve().parents[2]
SOURCE = PROJECT / "scan_scripts"
BUNDLER = PROJECT / "tools" / "bundle.py"


@pytest.fixture(scope="module")
def bundler() -> ModuleType:
    """tools/bundle.py, imported from its file as other tools do."""
    spec = importlib.util.spec_from_file_location("bundle", BUNDLER)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["bundle"] = module
    spec.loader.exec_module(module)
    return module


def comparable(document: dict[str, Any]) -> dict[str, Any]:
    """A document without what differs between two runs."""
    results = [{**result, "duration_ms": 0} for result in document["results"]]
    return {**document, "started_at": "", "duration_ms": 0, "results": results}


def test_does_what_the_tree_does(
    bundle: Path, shell: list[str], make_tree: Callable[..., Any], scan: Callable[..., Any], tmp_path: Path
) -> None:
    """Under every shell the bundle's document and letters equal those of scan.sh, for the whole profile."""
    tree = make_tree("typical_accounts; give_alice_a_password; enabled_unit telnet.socket sockets.target")
    runs = []
    for path in (SOURCE / "scan.sh", bundle):
        letters = tmp_path / "letters"
        outcome = scan("--verdicts", letters, tree=tree, shell=shell, script=path)
        runs.append((outcome.status, comparable(outcome.document), letters.read_text(encoding="utf-8")))
    assert runs[0] == runs[1]


def test_same_tree_same_bytes(bundler: ModuleType, built: Bundle, tmp_path: Path) -> None:
    """Built from two copies of the tree, the bundles are equal, and the name is the hash of the script."""
    copy = tmp_path / "copy"
    shutil.copytree(SOURCE, copy)
    second = bundler.build_bundle(copy)
    assert (built.script, built.catalog, built.parts) == (second.script, second.catalog, second.parts)
    assert built.sha256 == second.sha256 == hashlib.sha256(built.script).hexdigest()


def test_profiles_compile_the_same_with_and_without_python(bundler: ModuleType) -> None:
    """The scanner's awk and the bundler make the same table of every profile."""
    checks = bundler.read_checks(SOURCE)
    program = '. "$0/lib/json.sh"; compile_profile "$0/profiles/$1.json" "$0"/checks/*/*/check.json'
    for name, profile in bundler.read_profiles(SOURCE, checks).items():
        command = ["sh", "-c", program, str(SOURCE), name]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
        assert done.stdout == bundler.profile_table(profile, checks)


def test_writes_bundle_and_catalog(tmp_path: Path) -> None:
    """The command line writes <sha256>, <sha256>.json and each inline part by its hash, and prints the bundle's."""
    command = [sys.executable, str(BUNDLER), "--output", str(tmp_path / "out")]
    digest = subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()
    catalog = json.loads((tmp_path / "out" / f"{digest}.json").read_text(encoding="utf-8"))
    parts = {part["bundle"] for found in catalog["inline"].values() for part in found}
    assert {path.name for path in (tmp_path / "out").iterdir()} == {digest, f"{digest}.json", *parts}
    hashes = {hashlib.sha256((tmp_path / "out" / name).read_bytes()).hexdigest() for name in parts}
    assert hashes == parts
    profile = catalog["profiles"]["kisa_unix_2026"]
    assert (catalog["schema"], catalog["bundle"]) == (1, digest)
    assert (profile["edition"], profile["items_in_edition"]) == ("KISA 2026", 67)
    assert profile["checks"] == [check for item in profile["items"] for check in item["checks"]]
    assert set(profile["checks"]) <= set(catalog["checks"])


@pytest.mark.parametrize("edition", ["2021", "2026"])
def test_every_check_refers_to_the_item_that_asks_for_it(bundler: ModuleType, edition: str) -> None:
    """A check that stands under U-NN in an edition's profile names U-NN of it among its references."""
    checks = bundler.read_checks(SOURCE)
    profile = bundler.read_profiles(SOURCE, checks)[f"kisa_unix_{edition}"]
    missing = [
        (item["item"], name)
        for item in profile["items"]
        for name in item["checks"]
        if {"scheme": "kisa_unix", "edition": edition, "id": item["item"]} not in checks[name].metadata["references"]
    ]
    assert missing == []


@pytest.mark.parametrize("edition", ["2021", "2026"])
def test_every_item_of_an_edition_is_there(bundler: ModuleType, edition: str) -> None:
    """The profile of an edition has each of its items, numbered without a gap."""
    checks = bundler.read_checks(SOURCE)
    profile = bundler.read_profiles(SOURCE, checks)[f"kisa_unix_{edition}"]
    items = [item["item"] for item in profile["items"]]
    assert items == [f"U-{number:02}" for number in range(1, profile["items_in_edition"] + 1)]


def test_a_profile_changes_only_what_differs(bundler: ModuleType) -> None:
    """The finance profile is the profile that it extends, with another number of failures before a lockout."""
    checks = bundler.read_checks(SOURCE)
    profiles = bundler.read_profiles(SOURCE, checks)
    base = bundler.profile_table(profiles["kisa_unix_2026"], checks).splitlines()
    finance = bundler.profile_table(profiles["finance"], checks).splitlines()
    line = "parameter\taccounts_locked_after_failures\tlockout_failures_limit\t"
    changed = [pair for pair in zip(base, finance, strict=True) if pair[0] != pair[1]]
    assert [pair for pair in changed if not pair[0].startswith("title\t")] == [(line + "10", line + "5")]


def test_an_item_takes_the_place_of_the_same_item(bundler: ModuleType, tmp_path: Path) -> None:
    """An item that the extended profile has too stands where that one stood, a new one comes last; awk agrees."""
    source = tmp_path / "source"
    shutil.copytree(SOURCE, source)
    quick = json.loads((source / PROFILE).read_text(encoding="utf-8"))
    first, last = quick["items"][0], quick["items"][-1]
    own = {
        **{key: quick[key] for key in ("schema", "title", "note")},
        "id": "own",
        "extends": "quick",
        "limits": {"check_seconds": 7},
        "items": [{**first, "importance": "low"}, {**last, "item": "U-99", "checks": ["user_ids_unique"]}],
    }
    (source / "profiles" / "own.json").write_text(json.dumps(own, ensure_ascii=False), encoding="utf-8")
    checks = bundler.read_checks(source)
    profile = bundler.read_profiles(source, checks)["own"]
    assert [item["item"] for item in profile["items"]] == [*(item["item"] for item in quick["items"]), "U-99"]
    assert (profile["items"][0]["importance"], profile["limits"]["check_seconds"]) == ("low", 7)
    program = '. "$0/lib/json.sh"; compile_profile "$0/profiles/own.json" "$0"/checks/*/*/check.json'
    done = subprocess.run(["sh", "-c", program, str(source)], capture_output=True, text=True, check=True)
    assert done.stdout == bundler.profile_table(profile, checks)


def edit(path: Path, change: Callable[[dict[str, Any]], object]) -> None:
    """Change a JSON file in place."""
    document = json.loads(path.read_text(encoding="utf-8"))
    change(document)
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


CHECK = "checks/accounts/user_ids_unique/check.json"
PROFILE = "profiles/quick.json"


@pytest.mark.parametrize(
    ("file", "change", "words"),
    [
        (CHECK, lambda d: d.pop("severity"), "severity"),
        (CHECK, lambda d: d.update(severity="terrible"), "/severity: 'terrible'"),
        (CHECK, lambda d: d["title"].pop("ko"), "/title: 'ko'"),
        (CHECK, lambda d: d["title"].update(ko="Unique"), "/title/ko"),
        (CHECK, lambda d: d.update(id="other_name"), "folders' names"),
        (CHECK, lambda d: d.update(title={"en": "two\nlines", "ko": "두 줄"}), "/title/en"),
        (CHECK, lambda d: d.update(surprise=1), "surprise"),
        (PROFILE, lambda d: d["items"][0]["checks"].append("no_such_check"), "no such check: no_such_check"),
        (PROFILE, lambda d: d["items"].append(d["items"][0]), "listed twice"),
        (PROFILE, lambda d: d["parameters"].update(no_such_parameter=1), "no_such_parameter"),
        (PROFILE, lambda d: d["parameters"].update(passwd_file_mode_limit="0644; reboot"), "passwd_file_mode_limit"),
        (PROFILE, lambda d: d["limits"].update(check_seconds=0), "/limits/check_seconds"),
        (PROFILE, lambda d: d.pop("items"), "'items' is a required property"),
        (PROFILE, lambda d: d.update(extends="no_such_profile"), "no_such_profile"),
        (PROFILE, lambda d: d.update(extends="quick"), "extends this one"),
    ],
)
def test_refuses_bad_metadata(
    bundler: ModuleType,
    file: str,
    change: Callable[[dict[str, Any]], object],
    words: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Malformed metadata is refused with a sentence that names the file and the fault, and nothing is written."""
    source = tmp_path / "source"
    shutil.copytree(SOURCE, source)
    edit(source / file, change)
    status = bundler.main(["--source", str(source), "--output", str(tmp_path / "out")])
    said = capsys.readouterr()
    assert (status, said.out) == (1, "")
    assert str(source / file) in said.err
    assert words in said.err
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("file", "text", "words"),
    [
        (CHECK, "{", "Expecting property name"),
        ("checks/accounts/user_ids_unique/check.sh", "pass ok\n", "does not define check_user_ids_unique"),
    ],
)
def test_refuses_broken_files(bundler: ModuleType, file: str, text: str, words: str, tmp_path: Path) -> None:
    """A file that is no JSON, or a check without its function, is refused by name."""
    source = tmp_path / "source"
    shutil.copytree(SOURCE, source)
    (source / file).write_text(text, encoding="utf-8")
    with pytest.raises(bundler.MetadataError, match=words) as caught:
        bundler.build_bundle(source)
    assert str(source / file) in str(caught.value)
