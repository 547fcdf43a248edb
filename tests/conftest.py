"""What every test shares: tools that a machine may lack are asked for by marker, and a missing one is never silent."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest
from filelock import FileLock
from xdist.scheduler import LoadScopeScheduling

from emulator.garbage import collect_seldom
from tools.sources import PROJECT

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TOOLS: dict[str, Callable[[], bool]] = {
    "needs_root": lambda: os.geteuid() == 0,
    "needs_chromium": lambda: shutil.which("chromium") is not None,
    "needs_node": lambda: (
        shutil.which("node") is not None and (PROJECT / "console" / "node_modules" / "typescript").is_dir()
    ),
    "needs_busybox": lambda: shutil.which("busybox") is not None,
    "needs_wget": lambda: shutil.which("wget", path="/usr/bin:/bin") is not None,
    "needs_libreoffice": lambda: shutil.which("soffice") is not None,
    "needs_strace": lambda: shutil.which("strace") is not None,
    "needs_sshd": lambda: shutil.which("sshd", path="/usr/sbin") is not None and os.geteuid() == 0,
    "needs_debootstrap": lambda: shutil.which("debootstrap") is not None and os.geteuid() == 0,
}
AWS = "aws"
"""The mark of tests for a real account; pyproject.toml leaves them out unless `-m aws` asks for them."""
FIRST = "e2e"
SPREAD = ("scan_scripts", "test_fault_matrix.py", "test_killed_runs.py", "test_own_embedded_aws.py")
TOGETHER = (
    # The three shells scan the same hosts.
    re.compile(r"(.*/test_scenarios\.py::\w+)\[(?:dash|bash|busybox)(-\w+)\]"),
    # Who waits for a release to be unpacked keeps nobody else waiting.
    re.compile(r"(.*/test_real_roots\.py::)\w+\[(trixie).*\]"),
)
"""Names of tests that are not spread: those whose groups are the same stay in one process."""
LEFT_OUT = pytest.StashKey[Counter[str]]()
LAST_LINES = pytest.StashKey[list[str]]()


@pytest.fixture(scope="session")
def debian_root(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Callable[[str], Path]:
    """The root of a Debian release as debootstrap unpacks it, once for all processes; tests copy what they change."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent

    def unpacked(release: str) -> Path:
        root = shared / release
        with FileLock(shared / f"{release}.lock"):
            if not (shared / f"{release}.done").exists():
                command = ["debootstrap", "--variant=minbase", release, str(root)]
                subprocess.run(command, check=True, capture_output=True, timeout=280)
                (shared / f"{release}.done").touch()
        return root

    return unpacked


def missing_tool(item: pytest.Item) -> str | None:
    """The marker of a tool that the test needs and this machine lacks."""
    return next((name for name, present in TOOLS.items() if item.get_closest_marker(name) and not present()), None)


def is_spread(nodeid: str) -> bool:
    """Whether a test may run in another process than the others of its file."""
    return not set(SPREAD).isdisjoint(nodeid.partition("::")[0].split("/"))


class FileByFile(LoadScopeScheduling):  # type: ignore[misc] # untyped
    """On several processes the tests of one file stay together, for the embedded AWS or the browser that they share.

    The scanner's share little, and those of the fault matrix and of killed runs are long: they are spread one by one,
    but for those that TOGETHER names. (The groups of pytest-xdist 3.8 have no effect with pytest 9.2, whose tests
    cannot be renamed.)
    """

    def _split_scope(self, nodeid: str) -> str:
        if not is_spread(nodeid):
            return nodeid.partition("::")[0]
        found = next((match for pattern in TOGETHER if (match := pattern.fullmatch(nodeid))), None)
        return "".join(found.groups()) if found else nodeid


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> FileByFile:
    """How tests are dealt to processes."""
    return FileByFile(config, log)


def in_ci() -> bool:
    """Whether this runs where every tool must be there."""
    return os.environ.get("CI", "") not in {"", "false", "0"}


def pytest_configure() -> None:
    """Look for garbage seldom: the objects that thousands of tests and AWS models are stay to the end."""
    collect_seldom()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out tests whose tool is missing, except in CI, and those for a real account unless asked for; count all.

    Those of the longest files come first and those that are spread over processes last, so that no process is left
    alone with a long file at the end.
    """
    items.sort(key=lambda item: (is_spread(item.nodeid), FIRST not in item.path.parts))
    left_out = {item: name for item in items if (name := reason_to_leave_out(item, config))}
    config.stash[LEFT_OUT] = Counter(left_out.values())
    if left_out:
        config.hook.pytest_deselected(items=list(left_out))
        items[:] = [item for item in items if item not in left_out]


def reason_to_leave_out(item: pytest.Item, config: pytest.Config) -> str | None:
    """The marker for which a test is left out here."""
    if item.get_closest_marker(AWS) is not None:
        return AWS if f"not {AWS}" in config.option.markexpr else None
    return None if in_ci() else missing_tool(item)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail a test whose tool is missing; only CI gets here with one."""
    name = missing_tool(item)
    if name is not None:
        pytest.fail(f"{name}: this machine lacks what the test needs, and CI leaves nothing out")


def pytest_sessionfinish(session: pytest.Session) -> None:
    """On several processes: hand counts and last lines to the one that prints."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["left_out"] = dict(session.config.stash.get(LEFT_OUT, Counter()))
        session.config.workeroutput["last_lines"] = session.config.stash.get(LAST_LINES, [])


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    """On several processes: take counts and lines; each process has collected, and left out, the same."""
    told = getattr(node, "workeroutput", {})
    node.config.stash[LEFT_OUT] = Counter(told.get("left_out", {})) | node.config.stash.get(LEFT_OUT, Counter())
    node.config.stash.setdefault(LAST_LINES, []).extend(told.get("last_lines", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say in the last lines what tests have counted, and name what was left out."""
    for line in config.stash.get(LAST_LINES, []):
        terminalreporter.write_line(line)
    for name, count in sorted(config.stash.get(LEFT_OUT, Counter()).items()):
        terminalreporter.write_line(f"left out: {count} tests that are marked {name}")


@pytest.fixture(scope="session")
def last_lines(pytestconfig: pytest.Config) -> list[str]:
    """Lines for the end of pytest's output: what a module has counted and a reader should see."""
    return pytestconfig.stash.setdefault(LAST_LINES, [])


@pytest.fixture(autouse=True)
def _no_credentials_from_outside(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test may use what the environment holds of AWS, but one for a real account."""
    if request.node.get_closest_marker(AWS) is not None:
        return
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
