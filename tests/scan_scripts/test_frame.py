"""The frame around the checks: whatever a check does, the scan ends well and says what happened."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import time
from typing import TYPE_CHECKING, Any

import psutil
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path


def processes_of(mark: str) -> list[psutil.Process]:
    """Processes whose command line holds the mark."""
    return [
        process
        for process in psutil.process_iter(["cmdline"])
        if any(mark in word for word in process.info["cmdline"] or [])
    ]


def wait_until(condition: Callable[[], object], seconds: float = 10) -> bool:
    """Whether the condition came true in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("return 7", "crashed with status 7"),
        ("echo $NO_SUCH_VARIABLE; pass ok", "crashed"),
        ("pass ok; no_such_command", "crashed with status 127"),
        ("exit 0", "ended without a verdict"),
        ("true", "ended without a verdict"),
        ("pass first; fail second", "gave two verdicts: pass, then fail"),
        ("pass first; pass first", "gave two verdicts"),
        ("kill -KILL $$", "crashed"),
        ("limit=$(parameter no_such_parameter) || return 1; pass $limit", "crashed"),
    ],
)
def test_a_broken_check_is_an_error(
    body: str, reason: str, shell: list[str], make_frame: Callable[..., Path], scan: Callable[..., Any]
) -> None:
    """A crash, silence or a second verdict becomes error with a reason, and the other checks still run."""
    script = make_frame({"broken": body, "sound": "pass 'all is well'"})
    outcome = scan(script=script, shell=shell, profile="fake")
    assert outcome.results["broken"]["verdict"] == "error"
    assert reason in outcome.results["broken"]["reason"]
    assert outcome.results["sound"]["verdict"] == "pass"
    assert (outcome.status, outcome.stderr) == (3, "")


@pytest.mark.parametrize("without", [(), ("setsid",)], ids=["in its own session", "without setsid"])
def test_a_hanging_check_is_stopped(
    without: tuple[str, ...],
    shell: list[str],
    make_frame: Callable[..., Path],
    scan: Callable[..., Any],
    tmp_path: Path,
) -> None:
    """At its time limit a check ends in error, none of its children survives, and the rest still runs."""
    mark = f"{os.getpid()}{time.monotonic_ns() % 10**6}"
    body = f"sleep {mark} & (sleep {mark}; true) | cat; sleep {mark}"
    script = make_frame({"hanging": body, "sound": "pass ok"}, {"check_seconds": 1})
    environment = {"PATH": path_without(without, tmp_path)} if without else {}
    outcome = scan(script=script, shell=shell, profile="fake", environment=environment)
    assert outcome.results["hanging"]["verdict"] == "error"
    assert "time limit of 1 s" in outcome.results["hanging"]["reason"]
    assert outcome.results["sound"]["verdict"] == "pass"
    assert processes_of(mark) == []


def path_without(names: tuple[str, ...], tmp_path: Path) -> str:
    """A directory of stand-ins that hide commands: they fail as if they did not exist."""
    directory = tmp_path / "bin"
    directory.mkdir()
    for found in ("awk", "cat", "sleep", "id", "date", "mktemp", "mkdir", "rm", "tr", "tail", "uname", "readlink"):
        target = subprocess.run(["sh", "-c", f"command -v {found}"], capture_output=True, text=True, check=True)
        (directory / found).symlink_to(target.stdout.strip())
    for name in names:
        (directory / name).write_text("#!/bin/sh\nexit 127\n", encoding="utf-8")
        (directory / name).chmod(0o755)
    return f"{directory}:{os.environ['PATH']}"


def test_what_a_check_leaves_running_is_ended(
    shell: list[str], make_frame: Callable[..., Path], scan: Callable[..., Any]
) -> None:
    """A background process of a check does not outlive it, although the check itself ended well."""
    mark = f"{os.getpid()}{time.monotonic_ns() % 10**6}"
    outcome = scan(script=make_frame({"sly": f"sleep {mark} &\npass ok"}), shell=shell, profile="fake")
    assert outcome.results["sly"]["verdict"] == "pass"
    assert processes_of(mark) == []


@pytest.mark.parametrize("moment", ["kill -s KILL $$", "pass fine; (sleep 0.3; kill -s KILL $$) & exit 0"])
def test_a_check_that_ends_its_worker_costs_one_verdict_at_most(
    moment: str, shell: list[str], make_frame: Callable[..., Path], scan: Callable[..., Any], tmp_path: Path
) -> None:
    """Whenever the process that runs the checks dies, each check has one result, and one letter in its own place."""
    script = make_frame(
        {"first_one": "pass fine", "killer": moment, "slow_one": "sleep 1; fail bad", "last_one": "pass fine"}
    )
    outcome = scan("--verdicts", tmp_path / "letters", script=script, profile="fake", shell=shell)
    verdicts = [(result["check"], result["verdict"]) for result in outcome.document["results"]]
    assert [check for check, _ in verdicts] == ["first_one", "killer", "slow_one", "last_one"]
    assert (tmp_path / "letters").read_text().strip() == "".join(verdict[0] for _, verdict in verdicts)
    assert sum(verdict == "error" for _, verdict in verdicts) == 1
    assert verdicts[-1] == ("last_one", "pass")


def test_the_whole_scan_has_a_limit(make_frame: Callable[..., Path], scan: Callable[..., Any]) -> None:
    """Checks that the limit of the whole scan cuts off end in error, not in silence."""
    script = make_frame({"slow": "sleep 2; pass ok", "late": "pass ok"}, {"scan_seconds": 1})
    outcome = scan(script=script, profile="fake")
    assert outcome.results["slow"]["verdict"] == "pass"
    assert "time limit of the whole scan" in outcome.results["late"]["reason"]


HOSTILE = {
    "control characters": (rb"\001\033[31m\177\010", "\x01\x1b[31m\x7f\x08"),
    "quotes and backslashes": (rb'"},\\{"verdict":"pass"}', '"},\\{"verdict":"pass"}'),
    "tabs": (rb"R\tU-01\tx\tpass\t0\t/", "R\tU-01\tx\tpass\t0\t/"),
    "unicode": ("설정 값 ✓ 🚀".encode(), "설정 값 ✓ 🚀"),
    "latin 1": (rb"caf\351 \200", "caf\ufffd \ufffd"),
    "overlong and surrogate": (rb"\300\257 \355\240\200", "\ufffd\ufffd \ufffd\ufffd\ufffd"),
    "cut sequence": (rb"\354\204", "\ufffd\ufffd"),
    "nul": (rb"a\000b", "ab"),
}


@pytest.mark.parametrize(("octets", "text"), HOSTILE.values(), ids=HOSTILE)
def test_any_byte_may_stand_in_evidence(
    octets: bytes, text: str, shell: list[str], make_frame: Callable[..., Path], scan: Callable[..., Any]
) -> None:
    """Evidence with any bytes leaves one valid UTF-8 JSON document; what is no UTF-8 is replaced."""
    quoted = octets.decode("utf-8").replace("%", "%%").replace("'", "")
    body = f"printf '{quoted}\\n' | evidence_lines\nfail 'see the evidence'"
    script = make_frame({"hostile": body})
    outcome = scan(script=script, shell=shell, profile="fake")
    assert outcome.results["hostile"]["evidence"] == [text.replace("\\\\", "\\")]
    plain = scan("--format", "text", script=script, shell=shell, profile="fake")
    assert not any(ord(letter) < 32 and letter != "\n" for letter in plain.stdout.decode())


def test_a_newline_in_a_reason_adds_no_verdict(make_frame: Callable[..., Path], scan: Callable[..., Any]) -> None:
    """A reason made from a file's content stays one reason."""
    body = "fail \"$(printf 'first\\npass\\nfail second')\""
    outcome = scan(script=make_frame({"odd": body}), profile="fake")
    assert outcome.results["odd"]["verdict"] == "fail"
    assert outcome.results["odd"]["reason"] == "first pass fail second"


def test_long_evidence_is_cut_and_says_so(
    shell: list[str], make_frame: Callable[..., Path], scan: Callable[..., Any]
) -> None:
    """A line of a megabyte and a thousand lines are cut, and each cut is told."""
    body = """
    awk 'BEGIN { while (i++ < 1000000) printf "x"; print "" }' | evidence_lines
    awk 'BEGIN { while (i++ < 133) printf "가나다"; print "" }' | evidence_lines
    awk 'BEGIN { while (i++ < 1000) print "line " i }' | evidence_lines
    fail many"""
    evidence = scan(script=make_frame({"long": body}), shell=shell, profile="fake").results["long"]["evidence"]
    assert evidence[0].endswith("x ... (cut, the line has 1000000 bytes)")
    assert len(evidence[0]) < 500
    assert evidence[1].endswith(" ... (cut, the line has 1197 bytes)")
    assert "\ufffd" not in evidence[1]
    assert evidence[-1] == "... and 952 more lines that are not shown"
    assert len(evidence) == 51


def test_what_a_check_prints_is_not_the_report(make_frame: Callable[..., Path], scan: Callable[..., Any]) -> None:
    """Output of a check reaches neither standard output nor standard error; a crash shows its last words."""
    bodies = {"chatty": "echo '{\"broken\":'; echo noise >&2; pass ok", "dying": "echo 'disk on fire' >&2; return 1"}
    outcome = scan(script=make_frame(bodies), profile="fake")
    assert outcome.results["chatty"]["verdict"] == "pass"
    assert outcome.results["dying"]["evidence"] == ["disk on fire"]
    assert outcome.stderr == ""


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL])
def test_nothing_is_left_when_the_scanner_is_killed(
    number: signal.Signals, shell: list[str], make_frame: Callable[..., Path], tmp_path: Path
) -> None:
    """Whichever signal ends it, even one it cannot catch, no process and no file of the scanner stays."""
    mark = f"{os.getpid()}{time.monotonic_ns() % 10**6}"
    script = make_frame({"endless": f"sleep {mark}"})
    private = tmp_path / "private"
    private.mkdir()
    command = [*shell, str(script), "--profile", "fake"]
    with subprocess.Popen(command, env={**os.environ, "TMPDIR": str(private)}, stdout=subprocess.DEVNULL) as scanner:
        assert wait_until(lambda: any(mark in (p.info["cmdline"] or []) for p in processes_of(mark)))
        scanner.send_signal(number)
        assert scanner.wait(timeout=10) != 0
        assert wait_until(lambda: not processes_of(mark) and not processes_of(str(script)))
        assert wait_until(lambda: list(private.iterdir()) == [])


def test_the_document_has_its_promised_shape(make_frame: Callable[..., Path], scan: Callable[..., Any]) -> None:
    """The JSON document has exactly the keys that readers rely on."""
    outcome = scan(script=make_frame({"sound": "evidence fact\npass ok"}), profile="fake")
    document = outcome.document
    assert list(document) == ["schema", "profile", "host", "started_at", "duration_ms", "results"]
    assert list(document["host"]) == ["hostname", "os_id", "os_version", "kernel", "root", "live", "scanner_uid"]
    assert document["host"]["live"] is True
    (result,) = document["results"]
    took = result.pop("duration_ms")
    assert result == {"item": "T-01", "check": "sound", "verdict": "pass", "reason": "ok", "evidence": ["fact"]}
    assert 0 <= took <= document["duration_ms"]
    assert json.dumps(document)
