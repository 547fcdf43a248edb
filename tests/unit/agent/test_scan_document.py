"""The scan document on hosts: real shell, real curl, a real HTTP server; the agent goes on after a failed step."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.hosts import FINISHES, gone, left_behind, path_without

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.agent.host import Host


def lock(host: Host, deadline: str | None, owner: str = "someone else") -> Path:
    directory = host.run_directory / "fleetdx"
    directory.mkdir(mode=0o700)
    (directory / "owner").write_text(f"{owner}\n")
    (directory / "bundle").write_text("precious")
    if deadline is not None:
        (directory / "deadline").write_text(f"{deadline}\n")
    return directory


def test_fetches_verifies_runs_and_sends(scan: Any, host: Host, store: Any, values: dict[str, str]) -> None:
    """A scan that goes well leaves one object, named by its hash, a digest line, and nothing on the host."""
    outcome = scan(host)
    assert outcome.status == "Success"
    assert [step.status for step in outcome.steps.values()] == ["Success"] * 4
    (upload,) = store.uploads
    digest = hashlib.sha256(upload["file"]).hexdigest()
    bundle = values["BundleHash"]
    assert outcome.lines("Run") == [f"fleetdx/1 kisa_unix_2026 {bundle} {digest} pfm"]
    assert upload["key"] == f"runs/{values['ScanId']}/{host.instance_id}/{digest}.json.gz"
    assert list(upload)[-1] == "file"
    assert upload["policy"] == values["UploadPolicy"]
    assert upload["x-amz-signature"] == values["UploadSignature"]
    assert upload["x-amz-credential"] == values["UploadCredential"]
    assert upload["x-amz-security-token"] == values["UploadToken"]
    assert upload["x-amz-date"] == values["UploadDate"]
    assert json.loads(gzip.decompress(upload["file"]))["profile"] == "kisa_unix_2026"
    assert store.queries == [values["BundleQuery"]]
    assert all(not step.stderr for step in outcome.steps.values())
    assert left_behind(host) == []


@pytest.mark.parametrize(
    ("checks", "only"), [("all", ""), ("U-01", " U-01"), ("U-01,root_ssh_login_denied", " U-01 root_ssh_login_denied")]
)
def test_hands_the_selection_to_the_scanner(scan: Any, host: Host, store: Any, checks: str, only: str) -> None:
    """Checks becomes one --only a check, or none for `all`."""
    assert scan(host, Checks=checks).status == "Success"
    assert json.loads(gzip.decompress(store.uploads[0]["file"]))["only"] == only


def test_takes_a_scan_with_errors_as_a_success(scan: Any, host: Host, store: Any) -> None:
    """Exit status 3, some check ended in error, is a result like any other."""
    outcome = scan(host, BundleHash=store.add(FINISHES + "exit 3\n"))
    assert outcome.status == "Success"
    assert len(store.uploads) == 1


def test_gives_the_scanner_one_private_directory_for_its_files(scan: Any, host: Host, store: Any) -> None:
    """TMPDIR lies in the scan's own directory, which only its user may enter, and what is in it is removed."""
    script = (
        'touch "$TMPDIR/x"; stat -c "%a %n" "$TMPDIR" fleetdx >"$TMPDIR/../seen"; cp fleetdx/seen seen\n' + FINISHES
    )
    assert scan(host, BundleHash=store.add(script)).status == "Success"
    assert (host.run_directory / "seen").read_text().split() == [
        "700",
        f"{host.run_directory}/fleetdx/tmp",
        "700",
        "fleetdx",
    ]
    assert left_behind(host) == ["seen"]


def test_no_list_of_processes_shows_a_signature(scan: Any, host: Host, store: Any, values: dict[str, str]) -> None:
    """While curl is at work, neither its command line nor any other holds a query, policy, token or signature."""
    assert scan(host).status == "Success"
    assert any(line.startswith("curl ") for line in store.command_lines)
    seen = "\n".join(store.command_lines)
    for secret in ("BundleQuery", "UploadPolicy", "UploadSignature", "UploadToken", "UploadCredential"):
        assert values[secret] not in seen


@pytest.mark.reaches("bundle_hash_mismatch", "no_verified_bundle")
def test_runs_nothing_of_a_changed_bundle(scan: Any, host: Host, store: Any, values: dict[str, str]) -> None:
    """A bundle that is not the one asked for is not run, even by an agent that goes on after the failed Verify."""
    store.bundles[values["BundleHash"]] = b"touch ran\n"
    outcome = scan(host)
    assert outcome.status == "Failed"
    assert outcome.reasons() == {
        "Verify": "bundle_hash_mismatch",
        "Run": "no_verified_bundle",
        "Send": "result_not_sent",
    }
    assert left_behind(host) == []
    assert store.uploads == []


def test_ends_at_the_failed_step_where_the_agent_can(scan: Any, host: Host, store: Any, values: dict[str, str]) -> None:
    """An agent that knows onFailure skips what comes after the failed step."""
    store.bundles[values["BundleHash"]] = b"touch ran\n"
    outcome = scan(replace(host, honors_on_failure=True))
    assert outcome.status == "Failed"
    assert [step.status for step in outcome.steps.values()] == ["Success", "Failed", "Skipped", "Skipped"]
    assert left_behind(host) == []


@pytest.mark.reaches("bundle_not_fetched")
def test_says_why_a_bundle_was_not_fetched(scan: Any, host: Host, store: Any, values: dict[str, str]) -> None:
    """A bundle that is not there fails Fetch with the HTTP status, and never with the signed URL."""
    store.bundles.clear()
    outcome = scan(host)
    assert outcome.reasons()["Fetch"] == "bundle_not_fetched"
    assert "HTTP status 404" in outcome.lines("Fetch")[0]
    assert "X-Amz" not in outcome.steps["Fetch"].output
    assert left_behind(host) == []


def test_refuses_a_bundle_that_is_too_large(scan: Any, host: Host, store: Any) -> None:
    """No more than 4 MiB are taken from the network."""
    outcome = scan(host, BundleHash=store.add("#" * (5 * 1024 * 1024)))
    assert outcome.reasons()["Fetch"] == "bundle_not_fetched"
    assert left_behind(host) == []


def test_does_without_what_a_small_host_may_lack(scan: Any, host: Host, store: Any, tmp_path: Path) -> None:
    """Without nice, ionice and setsid the scan runs all the same."""
    bare = replace(host, environment={"PATH": path_without(tmp_path / "bin", "nice", "ionice", "setsid")})
    assert scan(bare).status == "Success"
    assert len(store.uploads) == 1
    assert left_behind(host) == []


@pytest.mark.parametrize("shell", ["dash", "bash", pytest.param("busybox", marks=pytest.mark.needs_busybox)])
def test_runs_under_the_shells_of_the_distributions(
    scan: Any, host: Host, store: Any, tmp_path: Path, shell: str
) -> None:
    """With dash, bash and busybox as sh, a scan goes well and a hanging one is ended."""
    path = path_without(tmp_path / "bin", "sh")
    found = shutil.which(shell)
    assert found, f"{shell} is missing"
    (tmp_path / "bin" / "sh").symlink_to(found)
    on = replace(host, environment={"PATH": path})
    assert scan(on).status == "Success"
    assert len(store.uploads) == 1
    hanging = scan(on, BundleHash=store.add("sleep 71077\n"), TimeLimitSeconds="5")
    assert hanging.reasons()["Run"] == "scanner_timed_out"
    assert gone("sleep 71077")
    assert left_behind(host) == []


@pytest.mark.reaches("host_busy")
def test_a_host_scans_once_at_a_time(scan: Any, host: Host, store: Any) -> None:
    """A lock that another scan holds fails Fetch with host_busy, and every step leaves it alone."""
    directory = lock(host, str(int(time.time()) + 600))
    outcome = scan(host)
    assert outcome.reasons() == {"Fetch": "host_busy", "Run": "no_verified_bundle", "Send": "result_not_sent"} | {
        "Verify": "no_verified_bundle"
    }
    assert store.queries == []
    assert (directory / "bundle").read_text() == "precious"
    assert left_behind(host) == ["fleetdx", "fleetdx/bundle", "fleetdx/deadline", "fleetdx/owner"]


def test_a_repeated_command_does_not_take_the_lock_of_the_first(scan: Any, host: Host, values: dict[str, str]) -> None:
    """The same batch sent twice has the same scan id: the command's id tells the two apart."""
    lock(host, str(int(time.time()) + 600), owner=f"{values['ScanId']} another-command")
    assert scan(host).reasons()["Fetch"] == "host_busy"
    assert "fleetdx/bundle" in left_behind(host)


@pytest.mark.parametrize(
    "deadline",
    ["1", "99999999999", "", None, "nonsense"],
    ids=["past", "absurdly far ahead", "empty", "absent", "no number"],
)
def test_takes_over_what_a_dead_scan_left(scan: Any, host: Host, store: Any, deadline: str | None) -> None:
    """A lock whose deadline is past, absurd or missing is reclaimed, and nothing of it remains."""
    lock(host, deadline)
    assert scan(host).status == "Success"
    assert len(store.uploads) == 1
    assert left_behind(host) == []


def test_takes_over_from_one_that_died_taking_over(scan: Any, host: Host, store: Any) -> None:
    """A reclaimer that was killed half-way does not lock the host for ever."""
    (lock(host, "1") / "reclaimed").mkdir()
    assert scan(host).status == "Success"
    assert left_behind(host) == []


@pytest.mark.parametrize("stale", [False, True])
def test_of_several_scans_at_once_only_one_runs_at_a_time(scan: Any, host: Host, store: Any, stale: bool) -> None:  # noqa: FBT001 - a table's column
    """Commands that meet on a host, with or without an old lock, never run two scans at the same time."""
    if stale:
        lock(host, "1")
    script = "mkdir at_work || touch collision\nsleep 1\nrmdir at_work\n" + FINISHES
    digest = store.add(script)
    outcomes: list[Any] = []
    threads = [
        threading.Thread(
            target=lambda number=number: outcomes.append(scan(host, command_id=str(number), BundleHash=digest))
        )
        for number in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    finished = [outcome for outcome in outcomes if outcome.status == "Success"]
    assert 1 <= len(finished) == len(store.uploads)
    assert {outcome.reasons()["Fetch"] for outcome in outcomes if outcome.status != "Success"} <= {"host_busy"}
    assert left_behind(host) == []


@pytest.mark.reaches("directory_unavailable")
def test_says_that_its_directory_cannot_be_made(scan: Any, host: Host) -> None:
    """Something else in the directory's place is reported and left alone, a link above all."""
    elsewhere = host.run_directory / "elsewhere"
    elsewhere.mkdir()
    (host.run_directory / "fleetdx").symlink_to(elsewhere)
    assert scan(host).reasons()["Fetch"] == "directory_unavailable"
    assert left_behind(host) == ["elsewhere", "fleetdx"]


@pytest.mark.reaches("scanner_failed")
@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("exit 2\n", "exit status 2"),
        ("kill -9 $$\n", "exit status 137"),
        ("echo '{}'\n", "verdicts"),
        ('while [ "$1" != --verdicts ]; do shift; done; echo "pfx" >"$2"\n', "verdicts"),
        ('while [ "$1" != --verdicts ]; do shift; done; printf "pf\\nm\\n" >"$2"\n', "verdicts"),
        ('while [ "$1" != --verdicts ]; do shift; done; printf "%01300d" 0 | tr 0 p >"$2"\n', "1200"),
    ],
    ids=["usage", "killed", "no verdicts", "unknown verdict", "two lines", "too many"],
)
def test_says_how_a_scan_failed(scan: Any, host: Host, store: Any, script: str, words: str) -> None:
    """A scan that ends otherwise, or tells no verdicts, fails Run without a digest."""
    outcome = scan(host, BundleHash=store.add(script))
    assert outcome.reasons() == {"Run": "scanner_failed", "Send": "result_not_sent"}
    assert words in outcome.lines("Run")[0]
    assert left_behind(host) == []


def test_keeps_the_verdicts_of_a_result_too_large_to_send(scan: Any, host: Host, store: Any) -> None:
    """Over the limit, the digest line is printed first all the same, then the reason; nothing is sent."""
    outcome = scan(host, ResultSizeLimit="10")
    lines = outcome.lines("Run")
    assert lines[0].startswith("fleetdx/1 ")
    assert lines[0].endswith(" pfm")
    assert lines[1].startswith("fleetdx: result_too_large: ")
    assert outcome.reasons()["Send"] == "result_not_sent"
    assert store.uploads == []
    assert left_behind(host) == []


@pytest.mark.reaches("result_too_large")
def test_bounds_what_a_scan_writes(scan: Any, host: Host, store: Any) -> None:
    """A scan cannot fill the host's memory file system: it ends at 32 MiB of output."""
    outcome = scan(host, BundleHash=store.add("head -c 80000000 /dev/zero\n" + FINISHES))
    assert outcome.reasons()["Run"] == "result_too_large"
    assert left_behind(host) == []


@pytest.mark.reaches("result_not_sent")
@pytest.mark.parametrize("answer", [403, 400, 200, 301])
def test_says_why_a_result_was_not_sent(scan: Any, host: Host, store: Any, answer: int) -> None:
    """A refused upload fails Send with the HTTP status; the verdicts went out with the digest, the host is clean."""
    store.answer = answer
    outcome = scan(host)
    assert outcome.reasons() == {"Send": "result_not_sent"}
    assert f"HTTP status {answer}" in outcome.lines("Send")[0]
    assert outcome.lines("Run")[0].endswith(" pfm")
    assert left_behind(host) == []


def test_a_hosts_own_curl_settings_change_nothing(scan: Any, host: Host, store: Any, tmp_path: Path) -> None:
    """A .curlrc of root's, say with another proxy or output, is not read."""
    (tmp_path / ".curlrc").write_text(f'proxy = "http://127.0.0.1:9"\ntrace = "{tmp_path}/trace"\n')
    assert scan(replace(host, environment={"HOME": str(tmp_path)})).status == "Success"
    assert not (tmp_path / "trace").exists()


def test_nothing_of_this_process_reaches_the_host(
    scan: Any, host: Host, store: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A script sees its host's environment and the agent's variables, not ours, let alone credentials."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "ours")
    monkeypatch.setenv("FLEETDX_ANYTHING", "ours")
    scan(replace(host, environment={"FLEETDX_ROOT": "/tree"}), BundleHash=store.add("env >../environment\nexit 2\n"))
    text = (host.run_directory.parent / "environment").read_text()
    names = {line.partition("=")[0] for line in text.splitlines()}
    assert names - {"PWD", "OLDPWD", "SHLVL", "_"} == {
        "AWS_SSM_INSTANCE_ID",
        "AWS_SSM_PLATFORM_NAME",
        "AWS_SSM_PLATFORM_VERSION",
        "AWS_SSM_REGION_NAME",
        "FLEETDX_ROOT",
        "FLEETDX_SCAN",
        "LC_ALL",
        "PATH",
        "SSM_COMMAND_ID",
        "TMPDIR",
    }
    assert os.environ["FLEETDX_ANYTHING"] == "ours"
