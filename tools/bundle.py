"""Join the scanner's frame, libraries, checks and profiles into one self-contained shell script.

The script's SHA-256 is its name. Beside it goes a catalog (titles, remedies, references) that reports
read and hosts never see, and inline parts: the same checks in scripts that fit into a command. Same tree, same bytes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tools.inline_parts import INLINE_CEILING, Frame, Part, cut_profiles
from tools.scanner_tree import (
    DEFAULT_SOURCE,
    Check,
    MetadataError,
    Profile,
    checks_in_order,
    korean_titles,
    profile_table,
    read_checks,
    read_profiles,
    read_text,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

BEGIN_PARTS = "# --- parts"
END_PARTS = "# --- end of parts ---\n"
GUARD = "guard.sh"
"""The library that comes first, as the watchdog needs no other."""
BEGIN_EARLY = '{ do_what_was_asked "$@"; exit; }\n'
AFTER_GUARD = f'# The watchdog reads no further.\n[ "${{1-}}" != __watch ] || {BEGIN_EARLY}'
BEFORE_CHECKS = f'# Only who runs the checks reads them.\n[ "${{1-}}" = __checks ] || {BEGIN_EARLY}'
"""Each process of a scan reads no more of the script than it needs."""


@dataclass(frozen=True)
class Bundle:
    """What a host runs, and what a report says about it.

    Attributes:
        script: The whole scanner as one POSIX shell script.
        sha256: Lower-case hexadecimal SHA-256 of the script; the bundle's name.
        catalog: Profiles, their inline parts and check metadata, JSON types only.
        parts: The inline parts' scripts by their SHA-256.
    """

    script: bytes
    sha256: str
    catalog: dict[str, Any]
    parts: dict[str, bytes]


def build_bundle(source: Path = DEFAULT_SOURCE, inline_ceiling: int = INLINE_CEILING) -> Bundle:
    """Read a scanner tree and join it.

    Args:
        source: The folder that holds scan.sh, lib/, checks/ and profiles/.
        inline_ceiling: Most bytes of gzip -9 an inline part.

    Raises:
        MetadataError: A check or profile is malformed, or a check is too large for an inline part of its own.
    """
    checks = read_checks(source)
    profiles = read_profiles(source, checks)
    frame = _read_frame(source)
    libraries = {path: read_text(path) for path in sorted((source / "lib").glob("*.sh"))}
    bodies = {source / "checks" / check.area / name / "check.sh": check.body for name, check in checks.items()}
    sources = libraries | bodies
    inline = cut_profiles(frame, sources, checks, profiles, inline_ceiling)
    own = _profile_functions(checks, profiles) + _names_of_parts(inline)
    script = _join_script(frame, libraries, own, bodies.values()).encode()
    sha256 = hashlib.sha256(script).hexdigest()
    scripts = {part.sha256: part.script for parts in inline.values() for part in parts}
    return Bundle(script, sha256, _catalog(sha256, checks, profiles, inline), scripts)


def write_bundle(bundle: Bundle, directory: Path) -> None:
    """Write `<sha256>`, `<sha256>.json` and each inline part by its own SHA-256 into a directory, which is created."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, script in {bundle.sha256: bundle.script, **bundle.parts}.items():
        (directory / name).write_bytes(script)
    text = json.dumps(bundle.catalog, ensure_ascii=False, indent=1) + "\n"
    (directory / f"{bundle.sha256}.json").write_text(text, encoding="utf-8")


def _read_frame(source: Path) -> Frame:
    """Read what stands around the two marks of scan.sh."""
    head, rest = read_text(source / "scan.sh").split(BEGIN_PARTS, 1)
    return Frame(head, rest.split(END_PARTS, 1)[1])


def _join_script(frame: Frame, libraries: Mapping[Path, str], own: str, checks: Iterable[str]) -> str:
    """Put every library and check, and what is the bundle's own, between the two marks of scan.sh."""
    first = [text for path, text in libraries.items() if path.name == GUARD]
    others = [text for path, text in libraries.items() if path.name != GUARD]
    parts = [*first, AFTER_GUARD, *others, own, BEFORE_CHECKS, *checks]
    return frame.head + "\n".join(text.replace("# shellcheck shell=dash\n", "", 1) for text in parts) + frame.tail


def _names_of_parts(inline: dict[str, list[Part]]) -> str:
    """Name the inline parts in a comment: the bundle's hash stands for them too, so who approves it approves them."""
    return "".join(
        f"# inline part of {profile}: {part.sha256}\n" for profile, parts in inline.items() for part in parts
    )


def _profile_functions(checks: dict[str, Check], profiles: dict[str, Profile]) -> str:
    """Write the functions that scan.sh defines for itself when it runs from the tree."""
    # The shell's own printf, so that no process is started for them.
    cases = "".join(
        f"    {name})\n      printf %s {shlex.quote(profile_table(profile, checks))}\n      ;;\n"
        for name, profile in profiles.items()
    )
    return (
        f"SCRIPTS=''\n\nprofile_names() {{\n  printf '%s\\n' {shlex.join(profiles)}\n}}\n\n"
        f"profile_table() {{ # <profile>\n  case $1 in\n{cases}  esac\n}}\n\n"
        f"titles_in_korean() {{\n  cat <<'TITLES'\n{korean_titles(checks)}TITLES\n}}\n\n"
        "load_check() { # <check>\n  return 0\n}\n"
    )


def _catalog(
    sha256: str, checks: dict[str, Check], profiles: dict[str, Profile], inline: dict[str, list[Part]]
) -> dict[str, Any]:
    """Collect what reports need to know about the bundle."""
    kept = ("title", "edition", "items_in_edition", "note", "parameters", "items")
    return {
        "schema": 1,
        "bundle": sha256,
        "profiles": {
            name: {**{key: profile[key] for key in kept}, "checks": checks_in_order(profile)}
            for name, profile in profiles.items()
        },
        "inline": {
            name: [{"bundle": part.sha256, "checks": part.checks} for part in parts] for name, parts in inline.items()
        },
        "checks": {name: check.metadata for name, check in checks.items()},
    }


def main(arguments: list[str] | None = None) -> int:
    """Run the command line: print the bundle's SHA-256; 1 when metadata is malformed."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--output", type=Path, required=True, help="the folder for <sha256> and <sha256>.json")
    parser.add_argument("--source", type=Path, default=DEFAULT_SOURCE, help="the scanner's tree")
    parser.add_argument(
        "--inline-ceiling",
        type=int,
        default=INLINE_CEILING,
        metavar="BYTES",
        help="how much gzip -9 makes of an inline part at most (default: %(default)s)",
    )
    options = parser.parse_args(arguments)
    try:
        bundle = build_bundle(options.source, options.inline_ceiling)
    except MetadataError as error:
        print(f"bundle: {error}", file=sys.stderr)
        return 1
    write_bundle(bundle, options.output)
    print(bundle.sha256)
    return 0


if __name__ == "__main__":
    sys.exit(main())
