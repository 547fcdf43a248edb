"""The agent's way through a document: statuses, exit conditions, output, time limits."""

from __future__ import annotations

import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from emulator.agent import output
from emulator.agent.document import Document, parse
from emulator.agent.process import run_script
from emulator.agent.runner import StepResult, overall_status, run_document, time_limit

if TYPE_CHECKING:
    from pathlib import Path

    from emulator.agent.host import Host

EMPTY = {"PATH": "/usr/bin:/bin"}


def steps(*scripts: str, **inputs: Any) -> Document:
    return parse(
        {
            "schemaVersion": "2.2",
            "mainSteps": [
                {
                    "name": f"Step{number}",
                    "action": "aws:runShellScript",
                    "precondition": {"StringEquals": ["platformType", "Linux"]},
                    "inputs": {"runCommand": [script], "workingDirectory": "/run", **inputs},
                }
                for number, script in enumerate(scripts, 1)
            ],
        }
    )


def run(document: Document, host: Host, cancelled: threading.Event | None = None) -> tuple[str, list[StepResult]]:
    results: list[StepResult] = []
    status = run_document(document, host, {}, "command", cancelled or threading.Event(), results.append)
    return status, results


def test_goes_on_after_a_failed_step(host: Host) -> None:
    """An agent that does not know onFailure runs every step; one failed step fails the document."""
    status, results = run(steps("exit 1", "echo on", onFailure="exit"), host)
    assert status == "Failed"
    assert [result.status for result in results] == ["Failed", "Success"]
    assert results[0].stderr == "failed to run commands: exit status 1"


@pytest.mark.parametrize(
    ("script", "on_failure", "statuses", "whole"),
    [
        ("exit 1", "exit", ["Failed", "Skipped"], "Failed"),
        ("exit 1", "successAndExit", ["Success", "Skipped"], "Success"),
        ("exit 0", "exit", ["Success", "Success"], "Success"),
        ("exit 168", "", ["Success", "Skipped"], "Success"),
        ("exit 169", "", ["Failed", "Skipped"], "Failed"),
        ("exit 137", "exit", ["TimedOut", "Success"], "TimedOut"),
        ("exit 1", "", ["Failed", "Success"], "Failed"),
    ],
)
def test_knows_exit_conditions_where_the_agent_does(
    host: Host, script: str, on_failure: str, statuses: list[str], whole: str
) -> None:
    """A step that says onFailure, or exits with 168 or 169, ends a document; one that timed out (137) does not."""
    status, results = run(steps(script, "true", onFailure=on_failure), replace(host, honors_on_failure=True))
    assert [result.status for result in results] == statuses
    assert status == whole


def test_an_older_agent_knows_no_exit_codes(host: Host) -> None:
    """To an agent without exit conditions, 168 is a failure like any other."""
    status, results = run(steps("exit 168", "true"), host)
    assert (status, [result.status for result in results]) == ("Failed", ["Failed", "Success"])


def test_skips_steps_for_another_platform(host: Host) -> None:
    """A step whose precondition the host does not meet is skipped, which is a form of success."""
    status, results = run(steps("echo never"), replace(host, platform_type="MacOS"))
    assert (status, results[0].status) == ("Success", "Skipped")
    assert "unsatisfied preconditions" in results[0].output


def test_skips_plugins_it_does_not_have(host: Host) -> None:
    """A plugin that is not the shell's is skipped."""
    document = parse(
        {"schemaVersion": "2.2", "mainSteps": [{"name": "Say", "action": "aws:runDocument", "inputs": {}}]}
    )
    assert run(document, host)[1][0].output.startswith("Step execution skipped due to unsupported plugin")


def test_runs_in_the_hosts_own_directory(host: Host) -> None:
    """/run of a pretend host is a directory of its own; one that is missing fails the step."""
    status, results = run(steps("pwd"), host)
    assert (status, results[0].stdout) == ("Success", f"{host.run_directory}\n")
    host.run_directory.rmdir()
    status, results = run(steps("pwd"), host)
    assert status == "Failed"
    assert "No such file" in results[0].stderr


def test_agents_tell_what_they_know(host: Host) -> None:
    """Agents before 3.0.284 do not tell a script the command's id."""
    script = 'echo "${SSM_COMMAND_ID-none} $AWS_SSM_REGION_NAME"'
    assert run(steps(script), host)[1][0].stdout == f"command {host.region}\n"
    old = replace(host, agent_version="2.3.1319.0")
    assert run(steps(script), old)[1][0].stdout == f"none {host.region}\n"


def test_checks_values_itself(host: Host) -> None:
    """The agent refuses a value that its own engine does not match, and runs nothing."""
    document = parse(
        {
            "schemaVersion": "2.2",
            "parameters": {"Word": {"type": "String", "allowedPattern": "^[a-z]+$"}},
            "mainSteps": [{"name": "Say", "action": "aws:runShellScript", "inputs": {"runCommand": ["touch ran"]}}],
        }
    )
    results: list[StepResult] = []
    status = run_document(document, host, {"Word": "hello\n"}, "command", threading.Event(), results.append)
    assert (status, results[0].stderr) == ("Failed", "invalid parameter Word")


def test_a_canceled_document_ends(host: Host) -> None:
    """Cancellation kills the step at work and begins no other."""
    cancelled = threading.Event()
    threading.Timer(0.3, cancelled.set).start()
    began = time.monotonic()
    status, results = run(steps("sleep 71041", "touch ran"), host, cancelled)
    assert time.monotonic() - began < 5
    assert (status, [result.status for result in results]) == ("Cancelled", ["Cancelled", "Cancelled"])
    assert list(host.run_directory.iterdir()) == []


def test_the_whole_takes_the_worst_status() -> None:
    """Failed before timed out before canceled; skipped counts as success."""
    assert overall_status(["Success", "TimedOut", "Failed", "Cancelled"]) == "Failed"
    assert overall_status(["Success", "TimedOut", "Cancelled"]) == "TimedOut"
    assert overall_status(["Success", "Cancelled"]) == "Cancelled"
    assert overall_status(["Success", "Skipped"]) == "Success"


@pytest.mark.parametrize(
    ("given", "seconds"),
    [("60", 60), (60, 60), ("60.9", 60), ("5", 5), ("4", 3600), ("172801", 3600), ("soon", 3600), (None, 3600)],
)
def test_reads_time_limits_as_the_agent_does(given: object, seconds: int) -> None:
    """What is no number from 5 to 172,800 counts as an hour."""
    assert time_limit(given) == seconds


def test_kills_the_process_group_at_the_time_limit(tmp_path: Path) -> None:
    """At the limit the script and its children are killed; what they printed until then is kept."""
    began = time.monotonic()
    finished = run_script("echo so far; sleep 71051 & sleep 71052", tmp_path, EMPTY, 0.5, threading.Event())
    assert time.monotonic() - began < 5
    assert (finished.exit_code, finished.stdout) == (137, "so far\n")


def test_waits_until_the_output_is_closed(tmp_path: Path) -> None:
    """Like the agent, it waits for a background process that still holds the script's output."""
    finished = run_script("(sleep 0.5; echo late) & echo early", tmp_path, EMPTY, 20, threading.Event())
    assert (finished.exit_code, finished.stdout) == (0, "early\nlate\n")


def test_waits_for_a_script_that_closed_its_output(tmp_path: Path) -> None:
    """A script that closes both streams is still waited for, and its exit status told."""
    assert run_script("exec >&- 2>&-; sleep 0.3; exit 4", tmp_path, EMPTY, 20, threading.Event()).exit_code == 4


def test_a_script_killed_by_others_has_no_exit_status(tmp_path: Path) -> None:
    """Go tells minus one for a process that a signal ended."""
    assert run_script("kill -TERM 0", tmp_path, EMPTY, 20, threading.Event()).exit_code == -1


def test_leaves_no_script_behind(tmp_path: Path) -> None:
    """The file with the script, which holds signatures, is readable by its owner only and removed afterwards."""
    finished = run_script(
        "stat -c '%a' \"$0\"; stat -c '%a' \"${0%/*}\"; echo $0", tmp_path, EMPTY, 20, threading.Event()
    )
    script_mode, directory_mode, path = finished.stdout.split()
    assert (script_mode, directory_mode) == ("700", "700")
    assert not (tmp_path / path).exists()


def test_drains_more_output_than_is_kept(tmp_path: Path) -> None:
    """A script that prints a great deal is not blocked; what is kept of it is bounded."""
    finished = run_script("head -c 3000000 /dev/zero | tr '\\0' x", tmp_path, EMPTY, 20, threading.Event())
    assert finished.exit_code == 0
    assert len(finished.stdout) == 32 * 1024


def test_shows_as_much_output_as_the_service() -> None:
    """24,000 of standard output, 8,000 of standard error, 2,500 of both, each with the agent's mark of a cut."""
    assert output.stdout("x" * 23_999) == "x" * 23_999
    assert len(output.stdout("x" * 30_000)) == 24_000
    assert output.stdout("x" * 30_000).endswith("x--output truncated--")
    assert len(output.stderr("x" * 30_000)) == 8_000
    assert output.combined("out", "") == "out"
    assert output.combined("out", "err") == "out\n----------ERROR-------\nerr"
    for out, err in ((9_000, 0), (0, 9_000), (9_000, 9_000), (100, 9_000), (9_000, 100), (1_300, 1_300)):
        shown = output.combined("o" * out, "e" * err)
        assert len(shown) <= 2_500
        assert ("---Output truncated---" in shown) is (out > 1_238)
        assert ("---Error truncated----" in shown) is (err > 1_238)


def test_cuts_between_characters() -> None:
    """A cut through a character of several bytes drops it whole."""
    assert "\ufffd" not in output.stdout("가" * 20_000)
    assert len(output.stdout("가" * 20_000).encode()) <= 24_000
