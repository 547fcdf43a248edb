"""`fleetdx event` refuses what it cannot use before anything is started: one sentence, exit code 2."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typer.testing import CliRunner

from fleetdx.cli import event_files
from fleetdx.cli.main import app
from fleetdx.cli.problems import UsageProblem

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (None, "cannot be read: No such file"),
        (b"", "is empty"),
        (b"  \n", "is empty"),
        (b"\xff\xfe", "is no UTF-8 text"),
    ],
)
def test_a_file_that_holds_no_text_is_refused(tmp_path: Path, content: bytes | None, complaint: str) -> None:
    """The complaint names the file and what is wrong with it."""
    path = tmp_path / "event.json"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageProblem, match=complaint) as refused:
        event_files.read_event_file(path)
    assert str(path) in str(refused.value)


def test_a_file_larger_than_a_message_is_refused(tmp_path: Path) -> None:
    """SQS takes at most 1 MiB, so more is never sent."""
    path = tmp_path / "event.json"
    path.write_bytes(b" {}" + b" " * event_files.MOST_EVENT_BYTES)
    with pytest.raises(UsageProblem, match="more than 1,048,576 bytes"):
        event_files.read_event_file(path)


def test_what_is_no_event_is_for_receive_event_to_judge(tmp_path: Path) -> None:
    """Text that is no event is fed all the same: the dead-letter queue is part of what can be tried."""
    path = tmp_path / "event.json"
    path.write_text("no JSON {", encoding="utf-8")
    assert event_files.read_event_file(path) == "no JSON {"


@pytest.mark.parametrize(
    ("text", "pointer"),
    [
        ('{"mode": "on"}', "/mode"),
        ('{"mode": "enforce", "required_policies": ["AmazonSSMManagedInstanceCore"]}', "/required_policies/0"),
        ("{", "/"),
    ],
)
def test_a_bad_configuration_is_refused_with_the_pointer_of_its_fault(tmp_path: Path, text: str, pointer: str) -> None:
    """The sentence names the option, the file and the JSON pointer."""
    path = tmp_path / "configuration.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(UsageProblem, match=f"--configuration .*configuration.json: {pointer}"):
        event_files.read_configuration_file(path)


def test_help_tells_shapes_outcomes_and_exit_codes() -> None:
    """Whoever asks for help learns what FILE may hold, what is told, and what the exit codes mean."""
    output = CliRunner().invoke(app, ["event", "--help"], env={"COLUMNS": "200"}).output
    told = " ".join(output.replace("│", " ").split())
    for taught in ("SNS notification", "forwarder", "SQS message", "refused", "Exit codes: 0 done", "emulator/events"):
        assert taught in told
