"""What a scan leaves on its host, however it ends: no process, no file, no verdict that is not there."""

from __future__ import annotations

import gzip
import shutil
import subprocess
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from tests.fakes.hosts import FINISHES, alive, gone, in_time, left_behind, marked, path_without

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from emulator.agent.host import Host


@pytest.mark.reaches("scanner_timed_out")
def test_ends_a_scan_that_hangs_with_all_it_started(scan: Any, host: Host, store: Any) -> None:
    """At the time limit the scan and its background processes are killed, and the step still tidies up and says so."""
    script = (
        "sleep 71001 & (sleep 71002; echo x) & trap '' TERM; nohup sleep 71003 >/dev/null & sleep 71004; sleep 71005\n"
    )
    outcome = scan(host, BundleHash=store.add(script), TimeLimitSeconds="5")
    assert outcome.steps["Run"].status == "Failed"
    assert outcome.reasons() == {"Run": "scanner_timed_out", "Send": "result_not_sent"}
    assert gone("sleep 7100")
    assert left_behind(host) == []


def test_nothing_a_finished_scan_left_running_survives(scan: Any, host: Host, store: Any) -> None:
    """A scan that ends well but leaves a process behind does not leave it for long, nor does that delay the step."""
    outcome = scan(host, BundleHash=store.add("sleep 71011 &\n" + FINISHES))
    assert outcome.status == "Success"
    took = outcome.steps["Run"].finished_at - outcome.steps["Run"].started_at
    assert took.total_seconds() < 5
    assert gone("sleep 71011")
    assert left_behind(host) == []


def test_a_canceled_command_leaves_nothing(scan: Any, host: Host, store: Any) -> None:
    """The agent kills the step outright, and runs no further one: the scan ends and its directory goes all the same."""
    cancelled = threading.Event()
    digest = store.add("sleep 71021 & sleep 71022\n")
    outcomes: list[Any] = []
    thread = threading.Thread(target=lambda: outcomes.append(scan(host, cancelled, BundleHash=digest)))
    thread.start()
    assert in_time(lambda: bool(alive("sleep 71022")), 10)
    cancelled.set()
    thread.join()
    assert outcomes[0].status == "Cancelled"
    assert outcomes[0].steps["Send"].status == "Cancelled"
    assert gone("sleep 7102")
    assert in_time(lambda: not left_behind(host))


@pytest.mark.parametrize("grep", ["grep", pytest.param("busybox", marks=pytest.mark.needs_busybox)])
@pytest.mark.parametrize(("ending", "reason"), [(FINISHES, None), ("sleep 71031\n", "scanner_timed_out")])
def test_no_session_of_its_own_saves_a_child(
    scan: Any, host: Host, store: Any, tmp_path: Path, grep: str, ending: str, reason: str | None
) -> None:
    """A child that makes itself a session, and whose parent is gone, ends with the scan, at its end or time limit."""
    path = path_without(tmp_path / "bin", "grep")
    found = shutil.which(grep)
    assert found, f"{grep} is missing"
    (tmp_path / "bin" / "grep").symlink_to(found)
    script = "(setsid sh -c 'setsid sleep 71032 & sleep 71033; echo x' &)\n" + ending
    on = replace(host, environment={"PATH": path})
    outcome = scan(on, BundleHash=store.add(script), TimeLimitSeconds="5")
    assert outcome.reasons().get("Run") == reason
    assert gone("sleep 7103")
    assert marked(host.run_directory) == []
    assert left_behind(host) == []


@pytest.mark.parametrize("lacking", ["setsid", "grep"])
def test_one_of_the_two_ways_to_end_a_scan_is_enough_for_most(
    scan: Any, host: Host, store: Any, tmp_path: Path, lacking: str
) -> None:
    """Without setsid the marker, and without grep the session, still ends what a scan has left in the background."""
    bare = replace(host, environment={"PATH": path_without(tmp_path / "bin", lacking)})
    assert scan(bare, BundleHash=store.add("sleep 71034 & (sleep 71035; echo x) &\n" + FINISHES)).status == "Success"
    assert gone("sleep 7103")
    assert left_behind(host) == []


def test_a_chain_of_children_is_outrun(scan: Any, host: Host, store: Any) -> None:
    """Processes of which each starts the next in a session of its own, and ends, are looked for until none is found."""
    link = 'sleep 0.1; setsid sh -c "$0" "$0" & sleep 0.05'
    script = f'link=\'{link}\'\n(setsid sh -c "$link" "$link" &)\nsleep 0.5\n' + FINISHES
    outcome = scan(host, BundleHash=store.add(script), TimeLimitSeconds="20")
    assert outcome.status == "Success"
    assert marked(host.run_directory) == []
    assert left_behind(host) == []


def test_a_canceled_command_leaves_no_session_behind(scan: Any, host: Host, store: Any) -> None:
    """The watch finds what made itself a session too, when the agent has killed the step."""
    cancelled = threading.Event()
    digest = store.add("(setsid sleep 71041 &)\nsleep 71042\n")
    thread = threading.Thread(target=lambda: scan(host, cancelled, BundleHash=digest))
    thread.start()
    assert in_time(lambda: bool(alive("sleep 71042")), 10)
    cancelled.set()
    thread.join()
    assert gone("sleep 7104")
    assert in_time(lambda: not left_behind(host))
    assert marked(host.run_directory) == []


def test_a_step_that_is_killed_alone_leaves_nothing(scan: Any, host: Host, store: Any) -> None:
    """Where the kernel kills the step Run, say for want of memory, scan and directory go, and there is no digest."""
    script = 'read -r _ _ _ step _ <"/proc/$PPID/stat"\nkill -s KILL "$step"\n(setsid sleep 71043 &)\nsleep 71044\n'
    outcome = scan(host, BundleHash=store.add(script))
    assert outcome.steps["Run"].status == "TimedOut"  # all that an agent makes of exit status 137
    assert outcome.lines("Run") == []
    assert gone("sleep 7104")
    assert in_time(lambda: not left_behind(host))
    assert store.uploads == []


HANGS_ON_UPLOAD = """\
settings=$(cat)
case $settings in *file=@*) exec /bin/sleep 71048 ;; esac
printf '%s' "$settings" | /usr/bin/curl "$@"
"""


@pytest.mark.parametrize(
    ("program", "hangs", "words"),
    [
        ("curl", "exec /bin/sleep 71045", "sleep 71045"),
        ("sha256sum", "exec /bin/sleep 71046", "sleep 71046"),
        ("gzip", "exec /bin/sleep 71047", "sleep 71047"),
        ("curl", HANGS_ON_UPLOAD, "sleep 71048"),
    ],
    ids=["Fetch", "Verify", "Run", "Send"],
)
def test_a_command_canceled_in_any_step_leaves_nothing(
    scan: Any, host: Host, store: Any, tmp_path: Path, program: str, hangs: str, words: str
) -> None:
    """A step that the agent kills in the middle leaves its directory to the watch."""
    path = path_without(tmp_path / "bin", program, "sleep")
    for name, text in {
        program: f"{hangs}\n",
        "sleep": '[ "$1" != 1 ] || set 0.1\nexec /bin/sleep "$@"\n',
    }.items():
        (tmp_path / "bin" / name).write_text("#!/bin/sh\n" + text)
        (tmp_path / "bin" / name).chmod(0o700)
    on = replace(host, environment={"PATH": path})
    cancelled = threading.Event()
    thread = threading.Thread(target=lambda: scan(on, cancelled))
    thread.start()
    assert in_time(lambda: bool(alive(words)), 60)
    assert left_behind(host) != []
    cancelled.set()
    thread.join()
    assert in_time(lambda: not left_behind(host), 30)
    assert gone(words)


def test_a_scan_whose_directory_is_gone_tells_nothing(scan: Any, host: Host, store: Any) -> None:
    """A scan that loses its directory, as to one that takes it for abandoned, has failed, and touches no other's."""
    script = "mv fleetdx taken\nmkdir fleetdx fleetdx/scanning\necho other >fleetdx/owner\n" + FINISHES
    outcome = scan(host, BundleHash=store.add(script))
    assert outcome.reasons() == {"Run": "scanner_failed", "Send": "result_not_sent"}
    assert "fleetdx/scanning" in left_behind(host)


def test_ends_no_other_hosts_scan(scan: Any, host: Host, store: Any, tmp_path: Path) -> None:
    """Hosts of one batch that share a kernel, as containers do, have markers of their own."""
    (tmp_path / "other").mkdir()
    other = replace(host, instance_id="i-0fedcba9876543210", run_directory=tmp_path / "other")
    slow = store.add("sleep 3\n" + FINISHES)
    outcomes: list[Any] = []
    thread = threading.Thread(target=lambda: outcomes.append(scan(other, BundleHash=slow)))
    thread.start()
    assert in_time(lambda: bool(alive("sleep 3")), 10)
    assert scan(host, BundleHash=store.add(FINISHES)).status == "Success"
    thread.join()
    assert outcomes[0].status == "Success"


@pytest.mark.parametrize(
    "filling",
    [
        'while :; do n=$((n + 1)); head -c 8000000 /dev/zero >"$TMPDIR/$n"; sleep 0.1; done\n',
        "while :; do n=$((n + 1)); head -c 8000000 /dev/zero >fleetdx/$n; sleep 0.1; done\n",
        'while :; do n=$((n + 1)); : >"$TMPDIR/$n"; done\n',
    ],
    ids=["large files", "beside its own directory", "many files"],
)
@pytest.mark.reaches("directory_filled")
def test_a_scan_that_fills_its_directory_is_ended(scan: Any, host: Host, store: Any, filling: str) -> None:
    """More than 64 MiB or 10,000 files end the scan within about a second, long before its time limit."""
    outcome = scan(host, BundleHash=store.add(filling), TimeLimitSeconds="60")
    assert outcome.reasons() == {"Run": "directory_filled", "Send": "result_not_sent"}
    assert "64 MiB" in outcome.lines("Run")[0]
    took = outcome.steps["Run"].finished_at - outcome.steps["Run"].started_at
    assert took.total_seconds() < 20
    assert left_behind(host) == []
    assert marked(host.run_directory) == []


@pytest.fixture
def small_memory(tmp_path: Path) -> Iterator[Path]:
    """A real file system in memory of 8 MiB, as /run is on a small host."""
    place = tmp_path / "small"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)], check=True)
    yield place
    # The watch works in there for up to a second longer.
    assert in_time(lambda: subprocess.run(["umount", str(place)], capture_output=True, check=False).returncode == 0)


@pytest.mark.needs_root
def test_a_scan_never_takes_more_than_half_of_what_is_free(
    scan: Any, host: Host, store: Any, small_memory: Path
) -> None:
    """Where /run is small, the limit is half of what is free in it."""
    on = replace(host, run_directory=small_memory)
    outcome = scan(on, BundleHash=store.add('head -c 5000000 /dev/zero >"$TMPDIR/x"\nsleep 30\n' + FINISHES))
    assert outcome.reasons()["Run"] == "directory_filled"
    assert left_behind(on) == []


@pytest.mark.needs_root
@pytest.mark.parametrize(
    "writing",
    ["head -c 1000000 /dev/urandom || exit 1\n", 'head -c 1000000 /dev/urandom; rm "$TMPDIR/x"; verdicts\n'],
    ids=["a scanner that says so", "a scanner that goes on"],
)
def test_no_result_is_cut_off_for_want_of_room(
    scan: Any, host: Host, store: Any, small_memory: Path, writing: str
) -> None:
    """With no room left for the result there is no digest, even from a scanner that does not heed a failed write."""
    verdicts = 'verdicts() { while [ "$1" != --verdicts ]; do shift; done; printf \'pfm\\n\' >"$2"; }\n'
    filling = 'head -c 80000000 /dev/zero >"$TMPDIR/x"\n'
    on = replace(host, run_directory=small_memory)
    script = verdicts + filling + writing.replace("verdicts", 'verdicts "$@"')
    outcome = scan(on, BundleHash=store.add(script))
    assert outcome.reasons() == {"Run": "scanner_failed", "Send": "result_not_sent"}
    assert len(outcome.lines("Run")) == 1
    assert left_behind(on) == []


def test_noise_goes_nowhere(scan: Any, host: Host, store: Any) -> None:
    """10 MB on standard error reach neither the step's output nor the host's disk; 10 MB of output are the result."""
    noise = "head -c 10000000 /dev/zero | tr '\\0' x"
    outcome = scan(host, BundleHash=store.add(f"{noise} >&2\n{noise}\n" + FINISHES))
    assert outcome.status == "Success"
    assert [len(outcome.lines(step)) for step in outcome.steps] == [0, 0, 1, 0]
    assert all(not step.stderr for step in outcome.steps.values())
    assert len(gzip.decompress(store.uploads[0]["file"])) > 10_000_000
    assert left_behind(host) == []
