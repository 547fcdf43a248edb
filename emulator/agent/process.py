"""One script of a step, run as the agent runs it: a real process, its own process group, a time limit.

Source: aws/amazon-ssm-agent, agent/plugins/runscript and agent/executers: the text is written to `_script.sh` and run
by `sh -c PATH` in a process group of its own; at the time limit or on cancellation the group is killed with SIGKILL and
the exit code is 137. The agent waits until the script's output is closed, not only until it ends.
"""

from __future__ import annotations

import contextlib
import os
import selectors
import signal
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

STOPPED_EXIT_CODE = 137
_LOOK_EVERY = 0.1  # seconds between two looks at the cancellation flag
_MOST_KEPT = 32 * 1024  # bytes kept of a stream: more than any limit on what is shown of it
_CHUNK = 64 * 1024
_FORKING = threading.Lock()
"""Held while a script is written and while a process is forked: a child forked in between would hold the script open
for writing, and the kernel refuses to execute a file that somebody may write to (ETXTBSY, exit code 126)."""


@dataclass(frozen=True)
class Finished:
    """How a script ended.

    Attributes:
        exit_code: 137 when it was stopped; minus one when a signal from elsewhere ended it, as Go reports it.
        stdout: At most 32 KiB of what it printed.
        stderr: The same of the other stream.
        problem: The agent's own words when it did not end with 0, else empty.
    """

    exit_code: int
    stdout: str
    stderr: str
    problem: str


def run_script(
    text: str, directory: Path, environment: Mapping[str, str], seconds: float, cancelled: threading.Event
) -> Finished:
    """Run a shell text in a directory; ends at the latest after `seconds`, or soon after `cancelled` is set."""
    with tempfile.TemporaryDirectory(prefix="ssm-orchestration-") as orchestration:  # mode 700
        script = Path(orchestration, "_script.sh")
        with _FORKING:
            script.write_text(text, encoding="utf-8")
            script.chmod(0o700)
        try:
            with _FORKING:
                process = _start(script, directory, environment)
        except OSError as error:
            return Finished(1, "", "", f"chdir {directory}: {error.strerror}")
        with process:
            return _supervised(process, time.monotonic() + seconds, cancelled)


def _start(script: Path, directory: Path, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        ["sh", "-c", str(script)],
        cwd=directory,
        env=dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        process_group=0,
    )


def _supervised(process: subprocess.Popen[bytes], until: float, cancelled: threading.Event) -> Finished:
    assert process.stdout is not None
    assert process.stderr is not None
    kept = {process.stdout: bytearray(), process.stderr: bytearray()}
    with selectors.DefaultSelector() as selector:
        for stream in kept:
            os.set_blocking(stream.fileno(), False)
            selector.register(stream, selectors.EVENT_READ)
        while selector.get_map() or process.poll() is None:
            if cancelled.is_set() or time.monotonic() >= until:
                return _stopped(process, kept)
            if not selector.get_map():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_LOOK_EVERY)
            for key, _ in selector.select(_LOOK_EVERY) if selector.get_map() else ():
                _read(selector, key, kept)
    code = process.wait()
    if code < 0:
        return Finished(-1, *_texts(kept), f"signal: {signal.Signals(-code).name}")
    return Finished(code, *_texts(kept), f"exit status {code}" if code else "")


def _read(selector: selectors.BaseSelector, key: selectors.SelectorKey, kept: dict[IO[bytes], bytearray]) -> None:
    chunk = os.read(key.fd, _CHUNK)
    if not chunk:
        selector.unregister(key.fileobj)
        return
    for stream, buffer in kept.items():
        if stream is key.fileobj:
            buffer.extend(chunk[: _MOST_KEPT - len(buffer)])


def _stopped(process: subprocess.Popen[bytes], kept: dict[IO[bytes], bytearray]) -> Finished:
    with contextlib.suppress(ProcessLookupError):  # it ended this moment
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return Finished(STOPPED_EXIT_CODE, *_texts(kept), "stopped")


def _texts(kept: dict[IO[bytes], bytearray]) -> tuple[str, str]:
    stdout, stderr = (bytes(buffer).decode("utf-8", "replace") for buffer in kept.values())
    return stdout, stderr
