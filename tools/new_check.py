"""Write the folder of a new check: a check that works, its metadata and a scenario for each verdict.

What it writes judges the owner and mode of one file. Replace that with what the new check is about;
docs/adding-a-check.md says how.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from pathlib import Path

DEFAULT_SOURCE = Path(__file__).resolve().parent.parent / "scan_scripts"
AREAS = ("accounts", "files", "services", "sshd", "logs", "patches")

CHECK = """\
# shellcheck shell=dash
# /etc/example.conf belongs to root and nobody else may write it.
check_@NAME@() {
  local limit
  # A threshold comes from the profile, never from the check.
  limit=$(parameter @NAME@_mode_limit) || return 1
  # Gives exactly one verdict: not_applicable without the file, else pass or fail, with evidence.
  judge_protection root "$limit" /etc/example.conf
}
"""

SCENARIOS = {
    "closed.pass": ("Owner and mode are just as asked.", "typical_accounts\nempty_file /etc/example.conf 0644\n"),
    "open.fail": ("Everybody may write it.", "typical_accounts\nempty_file /etc/example.conf 0666\n"),
    "absent.not_applicable": ("Nothing to judge.", "typical_accounts\n"),
}


class NewCheckError(Exception):
    """The folder cannot be written; the message says why."""


def write_check(name: str, area: str, source: Path = DEFAULT_SOURCE) -> Path:
    """Write checks/<area>/<name>/ and return it.

    Args:
        name: The compliant state in snake_case, for example `root_ssh_login_denied`.
        area: One of AREAS.
        source: The scanner's tree.

    Raises:
        NewCheckError: The name or the area is no good, or a check of this name exists.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)+", name):
        raise NewCheckError(f"a name is snake_case and says the compliant state, for example motd_protected: {name!r}")
    if area not in AREAS:
        raise NewCheckError(f"the area is one of {', '.join(AREAS)}, not {area!r}")
    existing = sorted((source / "checks").glob(f"*/{name}"))
    if existing:
        raise NewCheckError(f"there is such a check already: {existing[0]}")
    folder = source / "checks" / area / name
    (folder / "scenarios").mkdir(parents=True)
    (folder / "check.sh").write_text(CHECK.replace("@NAME@", name), encoding="utf-8")
    text = json.dumps(_metadata(name, area), ensure_ascii=False, indent=2) + "\n"
    (folder / "check.json").write_text(text, encoding="utf-8")
    for scenario, (sentence, body) in SCENARIOS.items():
        path = folder / "scenarios" / f"{scenario}.sh"
        path.write_text(f"# shellcheck shell=dash\n# {sentence}\n{body}", encoding="utf-8")
    return folder


def _metadata(name: str, area: str) -> dict[str, object]:
    """Metadata that fits the check that is written."""
    return {
        "id": name,
        "title": {
            "en": "/etc/example.conf belongs to root and is no wider than 0644",
            "ko": "/etc/example.conf 파일의 소유자가 root이고 권한이 0644 이하로 설정되어 있음",
        },
        "category": area,
        "severity": "medium",
        "rationale": {
            "en": "Whoever can write this file decides what the service does.",
            "ko": "이 파일이 변조되면 서비스가 의도하지 않게 동작할 수 있다.",
        },
        "check_by_hand": {
            "en": 'Run `stat -L -c "%a %U" /etc/example.conf`.',
            "ko": '`stat -L -c "%a %U" /etc/example.conf`을 실행하여 확인한다.',
        },
        "remediation": {
            "en": "Run `chown root /etc/example.conf` and `chmod 0644 /etc/example.conf`.",
            "ko": "`chown root /etc/example.conf`, `chmod 0644 /etc/example.conf`을 적용한다.",
        },
        "needs_root": True,
        "needs_live": False,
        "needs_walk": False,
        "parameters": {
            f"{name}_mode_limit": {"default": "0644", "description": "The widest mode of /etc/example.conf."},
        },
        "references": [{"scheme": "kisa_unix", "edition": "2026", "id": "U-16"}],
    }


def main(arguments: list[str] | None = None) -> int:
    """Run the command line: print the folder and what to do next; 1 when it cannot be written."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--name", required=True, help="the compliant state in snake_case: root_ssh_login_denied")
    parser.add_argument("--area", required=True, help=", ".join(AREAS))
    parser.add_argument("--source", type=Path, default=DEFAULT_SOURCE, help="the scanner's tree")
    options = parser.parse_args(arguments)
    try:
        folder = write_check(options.name, options.area, options.source)
    except NewCheckError as error:
        print(f"new_check: {error}", file=sys.stderr)
        return 1
    print(folder)
    print("It works as it is. Now make it yours: docs/adding-a-check.md")
    return 0


if __name__ == "__main__":
    sys.exit(main())
