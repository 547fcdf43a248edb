"""A run whose process is killed outright goes on when it is resumed, and ends as if nothing had happened."""

from __future__ import annotations

import datetime as dt
import json
import os
import random
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

import pytest

from tests.forked import fork

if TYPE_CHECKING:
    from multiprocessing.context import ForkServerProcess

FLEETDX = Path(sys.executable).with_name("fleetdx")
KILLS = 5
"""For each of the two tests, so that neither comes near the limit of a test (faulthandler_timeout)."""
SECONDS_TO_END = 200
SCOPE = ("--account", "333333333333", "--account", "444444444444", "--check", "U-01", "--check", "U-16")


class Killable(NamedTuple):
    """A directory with an embedded AWS of its own, in which runs are killed and resumed."""

    directory: Path

    def environment(self) -> dict[str, str]:
        """All that `fleetdx` finds in its environment."""
        return {
            "PATH": os.environ["PATH"],
            "HOME": str(self.directory),
            "FLEETDX_EMULATOR_DIRECTORY": str(self.directory / "emulator"),
        }

    def start(self, *arguments: str) -> tuple[ForkServerProcess, TextIO]:
        """Start `fleetdx scan`, and read its standard error line by line."""
        pipe = self.directory / "standard-error"
        pipe.unlink(missing_ok=True)
        os.mkfifo(pipe)
        process = fork(self.directory, ("scan", *arguments), self.environment(), pipe)
        return process, pipe.open(encoding="utf-8")

    def killed(self, seconds: float) -> str:
        """The id of a run whose process was killed so many seconds after it began."""
        process, errors = self.start(*SCOPE)
        with errors:
            run = next(found.group(1) for line in errors if (found := re.match(r"Run (\S+)", line)))
            time.sleep(seconds)
            process.kill()
            process.join()
        return run

    def objects(self) -> dict[str, bytes]:
        """Every object of the embedded S3, as it lies on disk, by its key."""
        found = {}
        for path in (self.directory / "emulator" / "s3").glob("*/*.object"):
            line, _, body = path.read_bytes().partition(b"\n")
            found[json.loads(line)["key"]] = body
        return found

    def verified(self, run: str) -> set[str]:
        """The instances that a run's records call scanned."""
        parts = [body for key, body in self.objects().items() if key.startswith(f"runs/{run}/ledger/")]
        lines = [json.loads(line) for body in parts for line in body.splitlines()]
        return {line["instance"] for line in lines if line["instance"] and line["state"] == "scanned"}

    def evidence(self, run: str, instance: str) -> set[str]:
        """The results that a host has sent in a run: one a scan, since each has another time in it."""
        prefix = re.compile(rf"runs/{run}/\d{{12}}/[^/]+/[^/]+/{instance}/")
        return {key for key in self.objects() if prefix.match(key)}

    def ledger(self, run: str) -> list[dict[str, Any]]:
        """The run's ledger without what differs from run to run."""
        lines = (self.directory / "out" / run / "ledger.jsonl").read_text(encoding="utf-8").splitlines()
        return [
            {name: value for name, value in json.loads(line).items() if name not in {"run", "at"}} for line in lines
        ]

    def seconds_of(self, run: str) -> float:
        """How long a run took on this machine; whoever kills one within that time kills it in its midst."""
        summary = json.loads((self.directory / "out" / run / "summary.json").read_text(encoding="utf-8"))
        started, finished = (dt.datetime.fromisoformat(summary[name]) for name in ("started_at", "finished_at"))
        return (finished - started).total_seconds()

    def ended(self, *arguments: str) -> tuple[str, int]:
        """Run `fleetdx scan` to its end; its run and its exit code."""
        process, errors = self.start(*arguments)
        with errors:
            told = errors.read()
        process.join(SECONDS_TO_END)
        assert process.exitcode is not None, told
        found = re.search(r"^Run (\S+)", told, re.MULTILINE)
        assert found, told
        return found.group(1), process.exitcode

    def undisturbed(self) -> str:
        """A run of the installed program that nobody has disturbed."""
        done = subprocess.run(
            [FLEETDX, "scan", *SCOPE, "--json"],
            cwd=self.directory,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
            timeout=SECONDS_TO_END,
        )
        assert done.returncode == 0, done.stderr
        return str(json.loads(done.stdout)["run"])


@pytest.mark.timeout(400)
@pytest.mark.parametrize("part", ["first five", "second five"])
def test_ten_killed_runs_end_as_an_undisturbed_one(part: str, tmp_path: Path) -> None:
    """Killed at random moments and resumed, each has an undisturbed run's ledger; nothing verified is rescanned."""
    place = Killable(tmp_path)
    undisturbed = place.undisturbed()
    longest = place.seconds_of(undisturbed)
    expected = place.ledger(undisturbed)
    seed = int(os.environ.get("KILL_SEED") or time.time())
    moments = random.Random(f"{seed} {part}")  # noqa: S311 - moments, not secrets
    for _ in range(KILLS):
        seconds = moments.uniform(0, longest)
        told = f"killed after {seconds:.2f} s (KILL_SEED={seed})"
        run = place.killed(seconds)
        verified = place.verified(run)
        before = {instance: place.evidence(run, instance) for instance in verified}
        if f"runs/{run}/request.json" not in place.objects():
            assert place.ended("--resume", run)[1] == 2, told
            continue
        assert place.ended("--resume", run) == (run, 0), told
        assert place.ledger(run) == expected, told
        assert {instance: place.evidence(run, instance) for instance in verified} == before, told
