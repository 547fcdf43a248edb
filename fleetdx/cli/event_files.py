"""The files that `fleetdx event` and `fleetdx coverage` are given: one event, and a configuration of mending."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from fleetdx.cli.problems import UsageProblem
from fleetdx.configuration import MAXIMUM_BYTES, MalformedDocument, read_configuration

if TYPE_CHECKING:
    from pathlib import Path

    from fleetdx.cli.deployments import Deployment

MOST_EVENT_BYTES = 1_048_576
"""SQS takes no larger message (its quotas)."""


def read_event_file(path: Path) -> str:
    """The text of the file, or of standard input for `-`; what stands in it is for receive_event to judge.

    Raises:
        UsageProblem: It cannot be read, is empty, is no text, or is larger than a message may be.
    """
    return _read(path, "FILE", MOST_EVENT_BYTES)


def read_configuration_file(path: Path) -> str:
    """The text of a configuration of mending.

    Raises:
        UsageProblem: It cannot be read, or breaks its schema; then with the JSON pointer of the fault.
    """
    text = _read(path, "--configuration", MAXIMUM_BYTES)
    try:
        read_configuration(text)
    except MalformedDocument as malformed:
        raise UsageProblem(f"--configuration {path}", str(malformed)) from None
    return text


def _read(path: Path, place: str, most_bytes: int) -> str:
    try:
        content = sys.stdin.buffer.read(most_bytes + 1) if str(path) == "-" else path.read_bytes()
        text = content.decode("utf-8")
    except OSError as error:
        raise UsageProblem(place, f"{path} cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise UsageProblem(place, f"{path} is no UTF-8 text") from None
    if not text.strip():
        raise UsageProblem(place, f"{path} is empty")
    if len(content) > most_bytes:
        raise UsageProblem(place, f"{path} has more than {most_bytes:,} bytes")
    return text


def apply_configuration(deployment: Deployment, text: str) -> None:
    """Put a configuration of mending in the place of the one in force."""
    deployment.session.client("ssm").put_parameter(Name=deployment.events.configuration, Value=text, Overwrite=True)
