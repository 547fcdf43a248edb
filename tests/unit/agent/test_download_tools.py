"""The scan document on hosts without curl: GNU wget or python3 do the same, with the same care."""

from __future__ import annotations

import gzip
import json
import shutil
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.hosts import left_behind, path_without

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from emulator.agent.host import Host

WITHOUT = {"curl": (), "wget": ("curl",), "python3": ("curl", "wget")}
"""What a host lacks that uses each tool."""

TOOLS = ["curl", pytest.param("wget", marks=pytest.mark.needs_wget), "python3"]
each_tool = pytest.mark.parametrize("tool", TOOLS)
SIGNED = ("BundleQuery", "UploadPolicy", "UploadSignature", "UploadToken", "UploadCredential")


@pytest.fixture
def host_with(host: Host, tmp_path: Path) -> Callable[[str], Host]:
    """A host whose best tool for downloads is this one."""

    def build(tool: str) -> Host:
        path = path_without(tmp_path / "bin", *WITHOUT[tool])
        return replace(host, environment={"PATH": path, "HOME": str(tmp_path / "home")})

    (tmp_path / "home").mkdir()
    return build


@each_tool
def test_fetches_and_sends(
    scan: Any, host_with: Any, store: Any, values: dict[str, str], tool: str, tmp_path: Path
) -> None:
    """One object, with the fields of the signed policy and the result's bytes; nothing remains on the host."""
    on = host_with(tool)
    outcome = scan(on)
    assert {name: step.stdout for name, step in outcome.steps.items() if step.status != "Success"} == {}
    (upload,) = store.uploads
    digest = outcome.lines("Run")[0].split()[3]
    assert list(upload) == [
        *("key", "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-security-token", "policy"),
        *("x-amz-signature", "file"),
    ]
    assert upload["key"] == f"runs/{values['ScanId']}/{on.instance_id}/{digest}.json.gz"
    assert [upload[name] for name in ("policy", "x-amz-signature", "x-amz-security-token")] == [
        *(values["UploadPolicy"], values["UploadSignature"], values["UploadToken"])
    ]
    assert json.loads(gzip.decompress(upload["file"]))["profile"] == "kisa_unix_2026"
    assert store.queries == [values["BundleQuery"]]
    assert left_behind(on) == []
    assert list((tmp_path / "home").iterdir()) == []


@each_tool
def test_no_list_of_processes_shows_a_signature(
    scan: Any, host_with: Any, store: Any, values: dict[str, str], tool: str
) -> None:
    """While the tool is at work, no command line holds a query, policy, token or signature."""
    assert scan(host_with(tool)).status == "Success"
    assert any(f"{tool} " in line for line in store.command_lines)
    seen = "\n".join(store.command_lines)
    assert [name for name in SIGNED if values[name] in seen] == []


@each_tool
def test_says_why_a_bundle_was_not_fetched(scan: Any, host_with: Any, store: Any, tool: str) -> None:
    """The tool, how it ended and the HTTP status, and never the signed URL."""
    store.bundles.clear()
    outcome = scan(host_with(tool))
    assert outcome.reasons()["Fetch"] == "bundle_not_fetched"
    assert f"({tool} exit " in outcome.lines("Fetch")[0]
    assert "HTTP status 404" in outcome.lines("Fetch")[0]
    assert "X-Amz" not in outcome.steps["Fetch"].output


@each_tool
def test_refuses_a_bundle_that_is_too_large(scan: Any, host_with: Any, store: Any, tool: str) -> None:
    """No more than 4 MiB are taken from the network."""
    on = host_with(tool)
    outcome = scan(on, BundleHash=store.add("#" * (5 * 1024 * 1024)))
    assert outcome.reasons()["Fetch"] == "bundle_not_fetched"
    assert left_behind(on) == []


@each_tool
@pytest.mark.parametrize("answer", [403, 200, 301])
def test_says_why_a_result_was_not_sent(scan: Any, host_with: Any, store: Any, tool: str, answer: int) -> None:
    """Only what S3 answers to a stored object counts as sent; a redirection is not followed."""
    store.answer = answer
    on = host_with(tool)
    outcome = scan(on)
    assert outcome.reasons() == {"Send": "result_not_sent"}
    assert f"HTTP status {answer}" in outcome.lines("Send")[0]
    assert len(store.uploads) == 1
    assert left_behind(on) == []


@pytest.mark.parametrize("tool", TOOLS[1:])
def test_tries_again_what_may_pass_by_itself(scan: Any, host_with: Any, store: Any, tool: str) -> None:
    """A service that is busy for a moment is asked a second time, and no third."""
    store.answer = 503
    outcome = scan(host_with(tool))
    assert outcome.reasons() == {"Send": "result_not_sent"}
    assert len(store.uploads) == 2


@pytest.mark.needs_wget
def test_a_hosts_own_wget_settings_change_nothing(scan: Any, host_with: Any, tmp_path: Path) -> None:
    """A .wgetrc of root's, say with a proxy or a log, is not read."""
    on = host_with("wget")
    (tmp_path / "home" / ".wgetrc").write_text(f"http_proxy = http://127.0.0.1:9\nlogfile = {tmp_path}/log\n")
    assert scan(on).status == "Success"
    assert not (tmp_path / "log").exists()


def test_a_hosts_own_python_settings_change_nothing(scan: Any, host_with: Any, tmp_path: Path) -> None:
    """A module of the host's in PYTHONPATH is not taken for the library's."""
    on = host_with("python3")
    (tmp_path / "urllib.py").write_text(f"open('{tmp_path}/taken', 'w')\n")
    on = replace(on, environment={**on.environment, "PYTHONPATH": str(tmp_path)})
    assert scan(on).status == "Success"
    assert not (tmp_path / "taken").exists()


@pytest.mark.needs_busybox
def test_busybox_wget_is_not_used(scan: Any, host_with: Any, store: Any, tmp_path: Path) -> None:
    """It takes an address from its command line only: python3 is asked instead."""
    on = host_with("python3")
    busybox = shutil.which("busybox")
    assert busybox
    (tmp_path / "bin" / "wget").symlink_to(busybox)
    assert scan(on).status == "Success"
    assert not any("wget" in line for line in store.command_lines if str(on.run_directory) in line)
    assert any("python3 " in line for line in store.command_lines)


def test_another_program_that_is_called_wget_is_not_used(scan: Any, host_with: Any, store: Any, tmp_path: Path) -> None:
    """What calls itself otherwise is asked its name, and nothing else; python3 does the work."""
    on = host_with("python3")
    other = tmp_path / "bin" / "wget"
    other.write_text(f'#!/bin/sh\necho "$*" >>{tmp_path}/asked\necho "GNU Wget2 2.1.0 - multithreaded downloader"\n')
    other.chmod(0o755)
    assert scan(on).status == "Success"
    assert set((tmp_path / "asked").read_text().split("\n")) == {"--version", ""}
    assert len(store.uploads) == 1


@pytest.mark.reaches("no_download_tool")
def test_says_that_there_is_no_tool(scan: Any, host: Host, store: Any, tmp_path: Path) -> None:
    """A host with none of the three says so, and is not touched."""
    bare = replace(host, environment={"PATH": path_without(tmp_path / "bin", *WITHOUT)})
    outcome = scan(bare)
    assert outcome.reasons()["Fetch"] == "no_download_tool"
    assert store.queries == []
    assert left_behind(host) == []
