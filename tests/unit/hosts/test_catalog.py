"""Example hosts are read, inherited from and refused as their folders say."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import pytest

from emulator.hosts.catalog import HostError, host_names, load_host
from emulator.hosts.roots import parse_os_release

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

HARDENED: dict[str, Any] = {"schema": 1, "extends": "base", "variant": "hardened", "description": "the same, better"}
PASSWORD_HASH = re.compile(
    r"[*!]+|!\*|\*LOCK\*"
    r"|\$y\$j9T\$[./0-9A-Za-z]{1,86}\$[./0-9A-Za-z]{42}[./0-9A-D]"
    r"|\$6\$[./0-9A-Za-z]{1,16}\$[./0-9A-Za-z]{85}[./01]"
    r"|\$1\$[./0-9A-Za-z]{1,8}\$[./0-9A-Za-z]{21}[./01]"
    r"|[./0-9A-Za-z]{13}"
    r"|"
)


def test_there_are_four_distributions_in_three_variants() -> None:
    """Each of the four distributions comes as a default, a hardened and a neglected host, named after both."""
    distributions = ("amazon_linux_2023", "debian_12", "rocky_9", "ubuntu_2404")
    variants = ("default", "hardened", "neglected")
    assert host_names() == tuple(f"{name}_{variant}" for name in distributions for variant in variants)
    assert all(name.endswith("_" + load_host(name).variant) for name in host_names())


@pytest.mark.parametrize("name", host_names())
def test_platform_is_what_the_host_itself_says(name: str) -> None:
    """What Systems Manager is to report about a host equals NAME and VERSION_ID of its own os-release."""
    host = load_host(name)
    release = parse_os_release(host.tree["/usr/lib/os-release"].content.decode())
    assert (host.platform_name, host.platform_version) == (release["NAME"], release["VERSION_ID"])
    assert host.tree["/etc/os-release"].target == "../usr/lib/os-release"


@pytest.mark.parametrize("name", host_names())
def test_shadow_has_a_well_formed_line_for_each_account(name: str) -> None:
    """Each account of passwd has one shadow line whose password field a real host could hold."""
    host = load_host(name)
    accounts = [line.split(":")[0] for line in host.tree["/etc/passwd"].content.decode().splitlines()]
    shadow = [line.split(":") for line in host.tree["/etc/shadow"].content.decode().splitlines()]
    in_shadow = [fields[0] for fields in shadow]
    assert set(in_shadow) <= set(accounts)
    assert set(accounts) - set(in_shadow) <= {"contractor"}, "only one account keeps its hash in passwd"
    assert all(len(fields) == 9 and PASSWORD_HASH.fullmatch(fields[1]) for fields in shadow)


@pytest.mark.parametrize("name", host_names())
def test_account_files_have_the_right_number_of_fields(name: str) -> None:
    """Every passwd line has seven fields and every group line four, and homes are absolute."""
    tree = load_host(name).tree
    passwd = [line.split(":") for line in tree["/etc/passwd"].content.decode().splitlines()]
    groups = [line.split(":") for line in tree["/etc/group"].content.decode().splitlines()]
    assert all(len(fields) == 7 and fields[5].startswith("/") for fields in passwd)
    assert all(len(fields) == 4 for fields in groups)
    assert len({fields[0] for fields in groups}) == len(groups)


@pytest.mark.parametrize("name", host_names())
def test_links_lead_to_something_inside_the_host(name: str) -> None:
    """No symbolic link of an example host dangles, read as from inside that host."""
    tree = load_host(name).tree
    for path, entry in tree.items():
        if entry.kind == "symlink":
            target = _inside(str(PurePosixPath(path).parent), entry.target)
            target = target.replace("/lib/systemd", "/usr/lib/systemd") if target.startswith("/lib/") else target
            assert target in tree, f"{path} -> {entry.target}"


def _inside(directory: str, target: str) -> str:
    """Return where a link in `directory` leads, as an absolute path."""
    parts: list[str] = []
    for part in (PurePosixPath(directory) / target).parts[1:]:
        parts = parts[:-1] if part == ".." else [*parts, part]
    return "/" + "/".join(parts)


def test_variant_takes_over_replaces_and_removes(add_host: Callable[..., Path]) -> None:
    """A variant keeps what it does not name, replaces content under the same mode, and drops what it lists."""
    base = {"etc/kept": "old", "etc/changed": "old", "etc/d/gone": "x", "etc/dd": "x"}
    add_host("base", files=base, owners="/etc/changed 0600 root 42\n")
    variant = HARDENED | {"removes": ["/etc/d"]}
    examples = add_host("better", variant, files={"etc/changed": "new"}, owners="/etc/kept 0400 root root\n")
    host = load_host("better", examples)
    assert (host.variant, host.platform_name) == ("hardened", "Test Linux")
    assert (host.tree["/etc/kept"].content, host.tree["/etc/kept"].mode) == (b"old", 0o400)
    changed = host.tree["/etc/changed"]
    assert (changed.content, changed.mode, changed.gid) == (b"new", 0o600, 42)
    assert "/etc/d/gone" not in host.tree
    assert "/etc/dd" in host.tree


def test_variant_of_a_variant(add_host: Callable[..., Path]) -> None:
    """Hosts may extend a host that extends another; the nearest one counts."""
    add_host("base", files={"etc/a": "1", "etc/b": "1", "etc/c": "1"})
    add_host("better", HARDENED, files={"etc/b": "2", "etc/c": "2"})
    examples = add_host("best", HARDENED | {"extends": "better"}, files={"etc/c": "3"})
    tree = load_host("best", examples).tree
    assert [tree[f"/etc/{name}"].content for name in "abc"] == [b"1", b"2", b"3"]


def test_names_are_looked_up_in_the_variants_own_account_files(add_host: Callable[..., Path]) -> None:
    """An owner is the number that the finished host's passwd gives, not the extended host's."""
    add_host(
        "base", files={"etc/passwd": "root:x:0:0::/root:\nweb:x:30:30::/:\n"}, owners="/etc/passwd 0644 web root\n"
    )
    examples = add_host("better", HARDENED, files={"etc/passwd": "root:x:0:0::/root:\nweb:x:77:77::/:\n"})
    assert load_host("base", examples).tree["/etc/passwd"].uid == 30
    assert load_host("better", examples).tree["/etc/passwd"].uid == 77


@pytest.mark.parametrize(
    ("owners", "fault"),
    [
        ("/etc/nothing 0644 root root", "line 1: /etc/nothing is no file of this host"),
        ("/etc 0755 root root", "line 1: /etc is no file of this host"),
        ("# comment\n\n/etc/group 644 root root", "line 3: the mode 644 is not four octal digits"),
        ("/etc/group 0648 root root", "the mode 0648 is not four octal digits"),
        ("/etc/group 0644 root", "expected: path mode owner group"),
        ("/etc/group 0644 root root full", "expected: path mode owner group"),
        ("etc/group 0644 root root", "etc/group is not an absolute path"),
        ("/etc/../group 0644 root root", "is not an absolute path"),
        ("/etc/ 0755 root root empty", "only a file can be made empty"),
        ("/etc/group 0644 webmaster root", "no account 'webmaster'"),
        ("/etc/group 0644 root webmasters", "no group 'webmasters'"),
        ("/etc/group/x 0644 root root empty", "/etc/group, which is no directory"),
        ("/lib -> usr/lib\n/lib/x 0644 root root empty", "/lib, which is no directory"),
    ],
)
def test_faulty_owner_lines_are_refused(add_host: Callable[..., Path], owners: str, fault: str) -> None:
    """A line of owners_and_modes.txt that makes no sense is refused with the host, the line and the reason."""
    examples = add_host("base", owners=owners)
    with pytest.raises(HostError, match=re.escape(fault)) as caught:
        load_host("base", examples)
    assert str(examples / "base") in str(caught.value)


@pytest.mark.parametrize(
    ("document", "fault"),
    [
        ("{", "is not JSON"),
        ("[]", "is not of type 'object'"),
        ({"schema": 1, "variant": "default", "description": "x"}, "'platform_name' is a required property"),
        (HARDENED | {"variant": "shiny"}, "/variant: 'shiny' is not one of"),
        (HARDENED | {"colour": "red"}, "'colour' was unexpected"),
        (HARDENED | {"removes": ["etc"]}, "/removes/0"),
        (HARDENED | {"removes": ["/etc/none"]}, "removes /etc/none, which the extended host does not have"),
        (HARDENED | {"extends": "nobody"}, "there is no example host 'nobody'; there are: base, faulty"),
        (HARDENED | {"extends": "faulty"}, "the host extends itself"),
    ],
)
def test_faulty_descriptions_are_refused(add_host: Callable[..., Path], document: object, fault: str) -> None:
    """A host.json that is malformed or leads nowhere is refused with its fault."""
    add_host("base")
    examples = add_host("faulty", document)
    with pytest.raises(HostError, match=re.escape(fault)):
        load_host("faulty", examples)


@pytest.mark.parametrize("name", ["", "..", "../base", "base/../base", "Base", "/etc"])
def test_names_cannot_lead_out_of_the_folder(add_host: Callable[..., Path], name: str) -> None:
    """A host's name is a plain folder name; anything else is unknown."""
    examples = add_host("base")
    with pytest.raises(HostError, match="there is no example host"):
        load_host(name, examples)


def test_links_in_the_files_folder_are_kept(add_host: Callable[..., Path]) -> None:
    """A symbolic link below files/, to a file or to a directory, becomes a link of the host and is not followed."""
    examples = add_host("base", files={"usr/bin/tool": "x"})
    (examples / "base" / "files" / "bin").symlink_to("usr/bin")
    (examples / "base" / "files" / "etc" / "hosts").symlink_to("/run/hosts")
    tree = load_host("base", examples).tree
    assert (tree["/bin"].kind, tree["/bin"].target) == ("symlink", "usr/bin")
    assert tree["/etc/hosts"].target == "/run/hosts"
    assert "/bin/tool" not in tree
