"""`fleetdx check-configuration`: what operators write is refused, by a pointer to its fault, before it is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fleetdx.cli.problems import UsageProblem
from fleetdx.configuration import MalformedDocument, read_configuration, report_only
from fleetdx.exemptions import broken_rule, read_exemptions
from fleetdx.run_ids import rfc3339_of
from fleetdx.windows import earliest_opening, read_windows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from fleetdx.windows import Windows


def check(configuration: Path | None, exemptions: Path | None, windows: Path | None, now: dt.datetime) -> list[str]:
    """Read the documents as the functions will, and say in a sentence what each holds.

    Args:
        configuration: What is to go to Parameter Store.
        exemptions: What is to go to config/exemptions.json of the data bucket.
        windows: What is to go to config/windows.json of the data bucket.
        now: The moment (UTC) at which terms are judged, and from which openings are looked for.

    Raises:
        UsageProblem: None is given, one cannot be read, breaks its schema, or an exemption breaks a rule.
    """
    if configuration is None and exemptions is None and windows is None:
        raise UsageProblem("--configuration", "give a file to check: --configuration, --exemptions or --windows")
    given = _read("--configuration", configuration, read_configuration) if configuration else report_only()
    sentences = [f"{configuration}: mode {given.mode}"] if configuration else []
    if exemptions is not None:
        entries = _read("--exemptions", exemptions, read_exemptions)
        for number, entry in enumerate(entries):
            rule = broken_rule(entry, given.maximum_days, now)
            if rule is not None:
                raise UsageProblem("--exemptions", f"{exemptions}: /exemptions/{number}: {rule}")
        expired = sum(entry.expires_at <= now for entry in entries)
        sentences.append(f"{exemptions}: {len(entries)} exemptions, {expired} of them expired")
    return [*sentences, *(_openings(windows, now) if windows else [])]


def _openings(path: Path, now: dt.datetime) -> list[str]:
    """When each account that has windows may be entered next, and everybody else."""
    found: Windows = _read("--windows", path, read_windows)
    sentences = [f"{path}: {len(found.quiet_hours)} quiet hours, windows of {len(found.of_accounts)} accounts"]
    for name in ("", *sorted(found.of_accounts)):
        opening = earliest_opening(found, name, now)
        when = "not within 8 days" if opening is None else "now" if opening <= now else f"at {rfc3339_of(opening)}"
        sentences.append(f"{name or 'other accounts'}: open {when}")
    return sentences


def _read(option: str, path: Path, read: Callable[[bytes], Any]) -> Any:  # noqa: ANN401 - what the reader returns
    try:
        return read(path.read_bytes())
    except MalformedDocument as fault:
        raise UsageProblem(option, f"{path}: {fault}") from None
    except OSError as error:
        raise UsageProblem(option, f"{path} cannot be read: {error.strerror}") from None
