"""The scan document with Delivery inline: the bundle in the command, the result on standard output, no network."""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from emulator.agent.document import InvalidParametersError
from tests.fakes.hosts import FINISHES, left_behind, path_without
from tests.unit.agent.conftest import BUNDLE, packed
from tools.bundle import build_bundle

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from emulator.agent.host import Host
    from tests.unit.agent.conftest import Scan

NOTHING_SIGNED = dict.fromkeys(
    ("BundleQuery", "UploadPolicy", "UploadSignature", "UploadCredential", "UploadDate", "UploadToken")
)
MOST_OUTPUT = 24_000
"""GetCommandInvocation's limit on standard output."""


def digest_of(script: str) -> str:
    return hashlib.sha256(script.encode()).hexdigest()


@pytest.fixture
def scan_inline(scan: Any) -> Callable[..., Scan]:
    """Runs a script as an inline part on a host; nothing signed is given."""

    def run(on: Host, script: str = BUNDLE, **changed: str) -> Scan:
        inline = {"Delivery": "inline", "InlineBundle": packed(script), "BundleHash": digest_of(script)}
        outcome: Scan = scan(on, **{**NOTHING_SIGNED, **inline, **changed})
        return outcome

    return run


def sent(outcome: Scan) -> dict[str, Any]:
    """The result on Send's standard output, which has to be the one that the digest line tells of."""
    text = outcome.steps["Send"].stdout
    assert len(text) < MOST_OUTPUT
    compressed = base64.b64decode(text, validate=True)
    assert hashlib.sha256(compressed).hexdigest() == outcome.lines("Run")[0].split()[3]
    return dict(json.loads(gzip.decompress(compressed)))


def test_needs_no_network_and_no_tool_for_it(scan_inline: Any, host: Host, store: Any, tmp_path: Path) -> None:
    """A host with no path to S3 and neither curl, wget nor python3 is scanned; nothing is asked of any server."""
    bare = replace(host, environment={"PATH": path_without(tmp_path / "bin", "curl", "wget", "python3")})
    outcome = scan_inline(bare, Checks="U-01")
    assert {name: step.output for name, step in outcome.steps.items() if step.status != "Success"} == {}
    assert outcome.lines("Run") == [
        f"fleetdx/1 kisa_unix_2026 {digest_of(BUNDLE)} {outcome.lines('Run')[0].split()[3]} pfm"
    ]
    assert (sent(outcome)["profile"], sent(outcome)["only"]) == ("kisa_unix_2026", " U-01")
    assert (store.queries, store.uploads) == ([], [])
    assert left_behind(host) == []


@pytest.mark.parametrize("missing", [("base64",), ("base64", "openssl")], ids=["openssl decodes", "python3 decodes"])
def test_decodes_with_what_a_host_has(scan_inline: Any, host: Host, tmp_path: Path, missing: tuple[str, ...]) -> None:
    """Without base64, openssl does it, a line at a time; without both, python3, for bundle and result alike."""
    on = replace(host, environment={"PATH": path_without(tmp_path / "bin", *missing)})
    long = "".join(f"# {hashlib.sha512(bytes(number)).hexdigest()}\n" for number in range(100))
    outcome = scan_inline(on, BUNDLE + long)
    assert outcome.status == "Success"
    assert sent(outcome)["schema"] == 1


def test_says_that_nothing_decodes(scan_inline: Any, host: Host, tmp_path: Path) -> None:
    """A host with none of the three fails Fetch with a reason."""
    bare = replace(host, environment={"PATH": path_without(tmp_path / "bin", "base64", "openssl", "python3")})
    assert scan_inline(bare).reasons()["Fetch"] == "bundle_not_fetched"
    assert left_behind(bare) == []


@pytest.mark.parametrize("shell", ["dash", "bash", pytest.param("busybox", marks=pytest.mark.needs_busybox)])
def test_runs_a_real_part(scan_inline: Any, host: Host, tmp_path: Path, shell: str) -> None:
    """The largest part of the shipped profile, near the ceiling, gives one letter a check of the whole profile."""
    bundle = build_bundle()
    part = bundle.catalog["inline"]["kisa_unix_2026"][0]
    root = tmp_path / "root"
    (root / "etc").mkdir(parents=True)
    path = path_without(tmp_path / "bin", "sh")
    for tool in ("sh", shell):
        (tmp_path / "bin" / tool).unlink(missing_ok=True)
    (tmp_path / "bin" / "sh").symlink_to(f"/bin/{shell}")
    environment = {"PATH": f"{path}:/usr/bin:/bin", "FLEETDX_ROOT": str(root)}
    script = bundle.parts[part["bundle"]].decode()
    outcome = scan_inline(replace(host, environment=environment), script, Checks=",".join(part["checks"]))
    assert {name: step.output for name, step in outcome.steps.items() if step.status != "Success"} == {}
    letters = outcome.lines("Run")[0].split()[4]
    checks = bundle.catalog["profiles"]["kisa_unix_2026"]["checks"]
    assert [check for check, letter in zip(checks, letters, strict=True) if letter != "-"] == part["checks"]
    assert [result["check"] for result in sent(outcome)["results"]] == part["checks"]
    assert left_behind(host) == []


NOISE = "head -c 300 /dev/urandom | od -An -tx1 | tr -d ' \\n'"
"""Evidence that gzip cannot make small, as a long list of paths nearly is."""


def large_result(results: int, lines: int, reason: str = "because") -> str:
    """A bundle whose result has so many results with so many lines of 600 signs; of its letters one a result."""
    return (
        f'r=0\necho \'{{"schema":1,"results":[\'\nwhile [ $r -lt {results} ]; do\n'
        f"  [ $r -eq 0 ] || echo ,\n"
        f'  printf \'{{"item":"U-%02d","verdict":"fail","reason":"{reason}","evidence":[\' $r\n'
        f"  l=0\n  while [ $l -lt {lines} ]; do\n    [ $l -eq 0 ] || printf ,\n"
        f'    printf \'"\\\\"%s %s\\\\\\\\"\' $l "$({NOISE})"\n    l=$((l + 1))\n  done\n'
        "  printf '],\"duration_ms\":7}'\n  r=$((r + 1))\ndone\nprintf '\\n]}\\n'\n"
        'while [ "$1" != --verdicts ]; do shift; done\n'
        f"printf '%0{results}d\\n' 0 | tr 0 f >\"$2\"\n"
    )


@pytest.mark.parametrize(("results", "lines", "kept"), [(4, 14, 10), (6, 14, 3), (30, 2, 1), (70, 2, 0)], ids=str)
def test_cuts_evidence_that_does_not_fit(
    scan_inline: Any, host: Host, tmp_path: Path, results: int, lines: int, kept: int
) -> None:
    """Fewer lines a result, or none, and each says so itself; verdicts, reasons and what stands behind stay."""
    path = path_without(tmp_path / "bin", "curl")
    outcome = scan_inline(replace(host, environment={"PATH": f"{path}:/usr/bin:/bin"}), large_result(results, lines))
    document = sent(outcome)
    assert outcome.lines("Run")[0].split()[4] == "f" * results
    assert len(document["results"]) == results
    for result in document["results"]:
        assert (result["verdict"], result["reason"], result["duration_ms"]) == ("fail", "because", 7)
        *lines_kept, note = result["evidence"]
        assert note == f"[cut: {lines - kept} of {lines} lines: the result came in the output of a command]"
        assert [line.split()[0] for line in lines_kept] == [f'"{number}' for number in range(kept)]
        assert all(line.endswith("\\") for line in lines_kept)


def test_cuts_nothing_that_fits(scan_inline: Any, host: Host) -> None:
    """A result that fits arrives with all of its evidence."""
    document = sent(scan_inline(host, large_result(2, 14)))
    assert [len(result["evidence"]) for result in document["results"]] == [14, 14]


def test_keeps_the_verdicts_of_a_result_that_cannot_be_cut_enough(scan_inline: Any, host: Host) -> None:
    """Where reasons alone are too large, the digest came all the same, and then the reason why nothing is sent."""
    outcome = scan_inline(host, large_result(90, 1, reason=f"'\"$({NOISE})\"'"))
    assert outcome.lines("Run")[0].endswith(" " + "f" * 90)
    assert outcome.reasons() == {"Run": "result_too_large", "Send": "result_not_sent"}
    assert left_behind(host) == []


def test_a_result_by_s3_is_not_cut(scan: Any, host: Host, store: Any) -> None:
    """The limit is that of a command's output alone."""
    assert scan(host, BundleHash=store.add(large_result(6, 14))).status == "Success"
    document = json.loads(gzip.decompress(store.uploads[0]["file"]))
    assert [len(result["evidence"]) for result in document["results"]] == [14] * 6


@pytest.mark.parametrize(
    "broken",
    ["none", "AAAA", packed(BUNDLE)[:-8], packed(BUNDLE)[:40] + "AAAA" + packed(BUNDLE)[44:], "A" + packed(BUNDLE)],
    ids=["left out", "no gzip", "cut off", "changed", "shifted"],
)
def test_runs_nothing_of_a_broken_bundle(scan_inline: Any, host: Host, broken: str) -> None:
    """What does not unpack, or to something else, is not run."""
    outcome = scan_inline(host, InlineBundle=broken)
    reasons = outcome.reasons()
    assert reasons.get("Fetch", reasons["Verify"]) in {"bundle_not_fetched", "bundle_hash_mismatch"}
    assert reasons["Run"] == "no_verified_bundle"
    assert left_behind(host) == []


def test_runs_nothing_of_another_bundle(scan_inline: Any, host: Host) -> None:
    """A sound bundle that is not the one of the hash is not run."""
    outcome = scan_inline(host, InlineBundle=packed("touch ran\n"))
    assert outcome.reasons()["Verify"] == "bundle_hash_mismatch"
    assert left_behind(host) == []


def test_unpacks_no_more_than_four_mebibytes(scan_inline: Any, host: Host) -> None:
    """A small command cannot fill a host's memory."""
    outcome = scan_inline(host, FINISHES + "#" * (5 * 1024 * 1024))
    assert outcome.reasons()["Fetch"] == "bundle_not_fetched"
    assert left_behind(host) == []


def test_a_host_scans_once_at_a_time_whatever_the_delivery(scan_inline: Any, host: Host) -> None:
    """An inline command takes the same lock, and leaves another's alone."""
    directory = host.run_directory / "fleetdx"
    directory.mkdir()
    (directory / "owner").write_text("someone else\n")
    (directory / "deadline").write_text(f"{int(time.time()) + 600}\n")
    assert scan_inline(host).reasons()["Fetch"] == "host_busy"
    assert left_behind(host) == ["fleetdx", "fleetdx/deadline", "fleetdx/owner"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Delivery", "inline'; touch pwned; '"),
        ("Delivery", "both"),
        ("InlineBundle", "AAAA'; touch pwned; '"),
        ("InlineBundle", "AAAA\nAAAA"),
        ("InlineBundle", "AAAA $(id)"),
        ("InlineBundle", "A" * 65_537),
    ],
)
def test_a_hostile_value_never_reaches_a_host(scan_inline: Any, host: Host, name: str, value: str) -> None:
    """What a pattern or the limit refuses is not sent at all."""
    with pytest.raises(InvalidParametersError, match=name):
        scan_inline(host, **{name: value})
