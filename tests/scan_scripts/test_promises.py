"""What the scanner promises about a host: it only reads, it stays inside the root, and it never guesses."""

from __future__ import annotations

import os
import re
import shutil
import stat
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

BUSY_HOST = """
typical_accounts
echo 'ID=debian' | file /etc/os-release
give_alice_a_password
echo 'Include /etc/ssh/sshd_config.d/*.conf' | file /etc/ssh/sshd_config 0600
enabled_unit telnet.socket sockets.target
empty_file /etc/motd 0666
empty_file /srv/old 0644 4242:4242
empty_file /usr/bin/odd 4755
"""


def state_of(root: Path) -> list[tuple[str, int, int, int, bytes]]:
    """Everything a scan could have changed: names, modes, times of change and contents."""
    rows = []
    for path in sorted([root, *root.rglob("*")]):
        facts = path.lstat()
        content = path.read_bytes() if stat.S_ISREG(facts.st_mode) else b""
        rows.append((str(path), facts.st_mode, facts.st_mtime_ns, facts.st_ctime_ns, content))
    return rows


def test_a_scan_changes_nothing(
    shell: list[str], make_tree: Callable[..., Any], scan: Callable[..., Any], tmp_path: Path
) -> None:
    """After a scan the tree is what it was, and the temporary directory is empty again."""
    tree = make_tree(BUSY_HOST)
    private = tmp_path / "private"
    private.mkdir()
    before = state_of(tree.root)
    outcome = scan(tree=tree, shell=shell, environment={"TMPDIR": str(private)})
    assert outcome.status == 0
    assert state_of(tree.root) == before
    assert list(private.iterdir()) == []


def test_the_private_directory_is_private(make_frame: Callable[..., Path], scan: Callable[..., Any]) -> None:
    """What a scan keeps meanwhile is readable by its own account only."""
    body = 'evidence "$(stat -c %a "$WORK") $(find "$WORK" -type f -perm /077 | wc -l)"; pass ok'
    outcome = scan(script=make_frame({"looking": body}), profile="fake")
    assert outcome.results["looking"]["evidence"] == ["700 0"]


def test_without_root_nothing_passes_that_needs_root(make_tree: Callable[..., Any], scan: Callable[..., Any]) -> None:
    """As an ordinary user, checks that need root end in error and say why."""
    outcome = scan(tree=make_tree(BUSY_HOST), environment={"FLEETDX_UID": "1000"})
    verdicts = {check: result["verdict"] for check, result in outcome.results.items()}
    assert verdicts["shadow_file_protected"] == "error"
    assert verdicts["no_world_writable_files"] == "error"
    assert verdicts["user_ids_unique"] == "pass"
    assert "needs root" in outcome.results["shadow_file_protected"]["reason"]
    assert outcome.document["host"]["scanner_uid"] == 1000
    assert outcome.status == 3


def test_an_unpacked_root_is_never_taken_for_a_running_host(
    make_frame: Callable[..., Path], make_tree: Callable[..., Any], scan: Callable[..., Any]
) -> None:
    """A check that needs a running host is manual on a tree, and runs on the live machine."""
    script = make_frame({"living": "pass ok"}, needs_live=True)
    tree = make_tree("typical_accounts")
    assert scan(script=script, tree=tree, profile="fake").results["living"]["verdict"] == "manual"
    assert scan(script=script, profile="fake").results["living"]["verdict"] == "pass"


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("echo 'find: /data: Input/output error' >&2; exit 1", "could not be read"),
        ("exec sleep 60", "stopped at its time limit of 1 s"),
        ("exit 127", "ended with status 127"),
    ],
)
def test_an_incomplete_walk_is_an_error(
    fault: str, reason: str, make_frame: Callable[..., Path], scan: Callable[..., Any], tmp_path: Path
) -> None:
    """When the walk over the file systems fails or takes too long, what needs it ends in error, never in pass."""
    shims = tmp_path / "shims"
    shims.mkdir()
    for name, body in (("find", fault), ("id", "echo 0")):
        (shims / name).write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        (shims / name).chmod(0o755)
    root = tmp_path / "root"
    (root / "etc").mkdir(parents=True)
    (root / "etc/passwd").touch()
    (root / "etc/group").touch()
    script = make_frame({"walking": "walk_rows >/dev/null; pass ok"}, {"walk_seconds": 1}, needs_walk=True)
    environment = {"PATH": f"{shims}:{os.environ['PATH']}"}
    outcome = scan("--root", root, script=script, profile="fake", environment=environment)
    assert outcome.results["walking"]["verdict"] == "error"
    assert reason in outcome.results["walking"]["reason"]


def test_links_never_lead_out_of_the_root(
    shell: list[str], make_tree: Callable[..., Any], scan: Callable[..., Any]
) -> None:
    """Absolute and climbing links of an unpacked root are followed inside of it, and loops end."""
    tree = make_tree("""
    directory /etc
    link /etc/passwd /../../../../../../../etc/passwd
    link /etc/os-release ../usr/lib/os-release
    echo 'ID=inside' | file /usr/lib/os-release
    link /etc/shadow /etc/shadow
    """)
    outcome = scan("--only", "U-05", "--only", "U-18", tree=tree, shell=shell)
    assert outcome.document["host"]["os_id"] == "inside"
    assert outcome.results["only_root_has_uid_zero"]["verdict"] == "error"
    assert outcome.results["shadow_file_protected"]["verdict"] == "fail"


def test_commands_come_from_absolute_directories_only(make_frame: Callable[..., Path], tmp_path: Path) -> None:
    """The caller's PATH comes first, but an entry that depends on where the caller stands is dropped."""
    script = make_frame({"path": 'evidence "$PATH"; pass ok'})
    (tmp_path / "id").write_text("#!/bin/sh\ntouch touched\n", encoding="utf-8")
    (tmp_path / "id").chmod(0o755)
    environment = {**os.environ, "PATH": f".::relative/bin:/first:{os.environ['PATH']}"}
    command = ["/bin/sh", str(script), "--profile", "fake"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert '"evidence":["/first:' in done.stdout
    assert "relative/bin" not in done.stdout
    assert not (tmp_path / "touched").exists()


@pytest.mark.needs_root
def test_a_name_with_newlines_is_one_name(
    shell: list[str], make_tree: Callable[..., Any], scan: Callable[..., Any]
) -> None:
    """On a real tree a file whose name has a newline is found, and its name cannot pretend to be a row."""
    tree = make_tree("typical_accounts; directory /srv")
    for path in tree.root.rglob("*"):
        path.chmod(0o755)
    odd = tree.root / "srv" / "bad\nf 4777 0 0 " / "tool"
    odd.parent.mkdir()
    odd.touch()
    odd.chmod(0o666)
    outcome = scan("--only", "U-25", "--only", "U-23", "--root", tree.root, shell=shell)
    assert outcome.results["no_world_writable_files"]["evidence"] == ["file 666 /srv/bad?f 4777 0 0 /tool"]
    assert outcome.results["setuid_files_reviewed"]["evidence"] == []


@pytest.mark.needs_root
def test_this_machine_can_be_scanned_as_it_is(scan: Callable[..., Any]) -> None:
    """On the running host every check ends in a verdict other than error, and nothing stands on standard error."""
    outcome = scan()
    assert [name for name, result in outcome.results.items() if result["verdict"] == "error"] == []
    assert outcome.document["host"]["live"] is True
    assert outcome.stderr == ""


SYSTEM_CALLS = (
    "openat,open,creat,mkdir,mkdirat,rename,renameat2,unlink,unlinkat,chmod,fchmodat,chown,fchownat,"
    "socket,connect,sendto,sendmsg,sendmmsg"
)
CHANGING = re.compile(
    r"^\d+ +(mkdir|mkdirat|rename|renameat2|unlink|unlinkat|chmod|fchmodat|chown|fchownat|creat)\(.* = 0$"
)
OPENED_TO_WRITE = re.compile(r"^\d+ +open(at)?\(.*O_(WRONLY|RDWR|CREAT).* = \d+<(?P<path>[^>]*)>")
NETWORK_SOCKET = re.compile(r"^\d+ +socket\(AF_INET.* = \d+<(?P<socket>socket:\[\d+\])>")
USED_SOCKET = re.compile(r"(connect|send[a-z]*)\(\d+<(?P<socket>socket:\[\d+\])>")
CONNECTS_TO_EVERY_ADDRESS = re.compile(r' connect\(.*("::"|"0\.0\.0\.0"|AF_UNSPEC)')
HARMLESS = {"/dev/null", "/dev/tty"}


@pytest.mark.needs_root
@pytest.mark.needs_strace
def test_what_passwords_were_made_into_is_written_into_no_file(
    make_tree: Callable[..., Any], scan: Callable[..., Any], tmp_path: Path
) -> None:
    """Of /etc/shadow, traced, whole lines go through pipes alone: a scan that is killed leaves no hash behind."""
    tree, trace = make_tree(BUSY_HOST), tmp_path / "trace"
    shadow = (tree.root / "etc/shadow").read_text(encoding="utf-8")
    (hashed,) = re.findall(r"^alice:([^:]+):", shadow, re.MULTILINE)
    tracer = ["strace", "-f", "-y", "--seccomp-bpf", "-s", "65536", "-e", "trace=write", "-o", str(trace), "dash"]
    assert scan(tree=tree, shell=tracer, patience=280).status == 0
    lines = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    written = [line for line in lines if hashed in line]
    assert written
    assert [line for line in written if "<pipe:" not in line] == []


@pytest.mark.needs_strace
def test_live_it_writes_nothing_elsewhere_and_asks_nobody(scan: Callable[..., Any], tmp_path: Path) -> None:
    """Traced on the running host, the whole profile writes in its private directory only and opens no network socket.

    Where sshd is installed it is given the directory it wants, so that it is asked and answers. The tracer itself ends
    only when every process it followed has ended, so none is left either.
    """
    private, trace = tmp_path / "private", tmp_path / "trace"
    private.mkdir()
    tracer = ["strace", "-f", "-y", "--seccomp-bpf", "-e", f"trace={SYSTEM_CALLS}", "-o", str(trace), "dash"]
    prepare = 'mount -t tmpfs tmpfs /run && mkdir -m 0755 /run/sshd && exec "$@"'
    shell = ["unshare", "--mount", "sh", "-c", prepare, "-", *tracer]
    # A tracer on a machine with many files and much else to do takes minutes.
    outcome = scan(shell=shell, environment={"TMPDIR": str(private)}, patience=280)
    assert outcome.document["host"]["live"] is True
    lines = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    opened = [match["path"] for line in lines if (match := OPENED_TO_WRITE.match(line))]
    changed = [line for line in lines if CHANGING.match(line) and str(private) not in line]
    assert opened
    if shutil.which("sshd", path="/usr/sbin"):
        evidence = outcome.results["root_ssh_login_denied"]["evidence"]
        assert any(line.startswith("sshd -T: PermitRootLogin") for line in evidence)
    assert {path for path in opened if not path.startswith(f"{private}/")} <= HARMLESS
    assert changed == []
    assert network_lines(lines) == []


def network_lines(lines: list[str]) -> list[str]:
    """Lines of a trace that open a connection or send something over a network.

    The C library, asked by sshd for the address that means every address, compares routes with a datagram socket that
    it connects to that address; nothing is sent by it.
    """
    opened = [(line, match["socket"]) for line in lines if (match := NETWORK_SOCKET.match(line))]
    sockets = {socket for _, socket in opened}
    streams = [line for line, _ in opened if "SOCK_DGRAM" not in line]
    used = [line for line in lines if (match := USED_SOCKET.search(line)) and match["socket"] in sockets]
    return streams + [line for line in used if not CONNECTS_TO_EVERY_ADDRESS.search(line)]
