"""Roots rebuilt from what distributions ship: every item has a verdict, no error, defaults are judged right."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from emulator.hosts.materialize import materialize
from tests.scan_scripts.conftest import SCANNER, Tree
from tests.scan_scripts.expected_verdicts import DISTRIBUTIONS

if TYPE_CHECKING:
    from collections.abc import Callable

BUILDERS = Path(__file__).with_name("distributions")
PROFILES = ("kisa_unix_2026", "kisa_unix_2021")
AS_SHIPPED = [
    ("ubuntu_2004", "shadow_file_protected"),
    ("ubuntu_2004", "at_files_protected"),
    ("ubuntu_2204", "cron_files_protected"),
    ("ubuntu_2204", "log_files_protected"),
    ("amazon_linux_2", "at_files_protected"),
    ("centos_7", "mail_queue_commands_restricted"),
    ("enterprise_linux_8/rhel", "syslog_configuration_protected"),
]
"""(distribution, check): a default that breaks the guide's letter."""
LIKE_ROCKY_9 = {
    "rhel_9": ("rhel", "9.4", "Red Hat Enterprise Linux 9.4 (Plow)"),
    "almalinux_9": ("almalinux", "9.4", "AlmaLinux 9.4 (Seafoam Ocelot)"),
}
"""Rebuilds of one release: the example host rocky_9_default under another name (ID, VERSION_ID, PRETTY_NAME)."""


def tree_of(name: str, make_tree: Callable[..., Any], directory: Path) -> Tree:
    """The root of a distribution as its EC2 image starts."""
    if name in LIKE_ROCKY_9:
        host = materialize("rocky_9_default", directory / name)
        identity = 'ID="{}"\nVERSION_ID="{}"\nPRETTY_NAME="{}"\n'.format(*LIKE_ROCKY_9[name])
        (host.root / "usr/lib/os-release").write_text(identity, encoding="utf-8")
        return Tree(host.root, host.metadata)
    builder, _, release = name.partition("/")
    files = [*sorted((BUILDERS / "parts").glob("*.sh")), BUILDERS / f"{builder}.sh"]
    script = "\n".join([f"RELEASE='{release}'", *(f". '{path}'" for path in files)])
    built: Tree = make_tree(script, name=name.replace("/", "_"))
    return built


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("name", DISTRIBUTIONS)
def test_every_item_of_a_distribution_has_a_verdict(
    name: str, profile: str, make_tree: Callable[..., Any], scan: Callable[..., Any], tmp_path: Path
) -> None:
    """The whole profile runs: no error, nothing left out, and the known defaults get the verdicts they deserve."""
    outcome = scan(tree=tree_of(name, make_tree, tmp_path), profile=profile)
    verdicts = {check: result["verdict"] for check, result in outcome.results.items()}
    items = json.loads((SCANNER.parent / f"profiles/{profile}.json").read_text(encoding="utf-8"))["items"]
    wanted = {check for item in items for check in item["checks"]}
    expected = {check: verdict for check, verdict in DISTRIBUTIONS[name].items() if check in wanted}
    assert set(verdicts) == wanted
    assert "error" not in verdicts.values()
    assert {check: verdicts[check] for check in expected} == expected
    assert outcome.stderr == ""


@pytest.mark.parametrize(("name", "check"), AS_SHIPPED)
def test_a_default_that_breaks_the_letter_says_that_it_is_one(
    name: str, check: str, make_tree: Callable[..., Any], scan: Callable[..., Any], tmp_path: Path
) -> None:
    """The finding is noted as the distribution's own, so that a waiver can be decided once."""
    result = scan("--only", check, tree=tree_of(name, make_tree, tmp_path)).results[check]
    assert result["verdict"] == "fail"
    assert "(as distributions ship it)" in result["reason"]


def test_enough_is_expected_of_each_distribution() -> None:
    """Twelve checks at least, derived from what the distribution ships."""
    assert {name: len(expected) for name, expected in DISTRIBUTIONS.items() if len(expected) < 12} == {}
