"""`fleetdx check-configuration`: what operators write is refused, by a pointer to its fault, before it is deployed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from fleetdx.cli.problems import UsageProblem
from fleetdx.configuration import MalformedDocument, read_configuration, report_only
from fleetdx.exemptions import broken_rule, read_exemptions
from fleetdx.notification_routes import read_routes
from fleetdx.operators import read_operators, told_of
from fleetdx.run_ids import rfc3339_of
from fleetdx.windows import earliest_opening, read_windows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from fleetdx.notification_routes import Route
    from fleetdx.operators import Operator
    from fleetdx.windows import Windows


class Files(NamedTuple):
    """What an operator has written, as far as it is to be checked.

    Attributes:
        configuration: What is to go to Parameter Store.
        exemptions: What is to go to config/exemptions.json of the data bucket.
        windows: What is to go to config/windows.json of the data bucket.
        notification_routes: What is to go to config/notification-routes.json of the data bucket.
        operators: What is to go to config/operators.json of the data bucket.
    """

    configuration: Path | None
    exemptions: Path | None
    windows: Path | None
    notification_routes: Path | None
    operators: Path | None


def check(files: Files, now: dt.datetime) -> list[str]:
    """Read the documents as the functions will, and say in a sentence what each holds.

    Args:
        files: The documents.
        now: The moment (UTC) at which terms are judged, and from which openings are looked for.

    Raises:
        UsageProblem: None is given, one cannot be read, breaks its schema, or an exemption breaks a rule.
    """
    configuration, exemptions, windows, routes, operators = files
    if not any(files):
        sentence = (
            "give a file to check: --configuration, --exemptions, --windows, --notification-routes or --operators"
        )
        raise UsageProblem("--configuration", sentence)
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
    return [
        *sentences,
        *(_openings(windows, now) if windows else []),
        *(_channels(routes) if routes else []),
        *(_allowed(operators) if operators else []),
    ]


def _allowed(path: Path) -> list[str]:
    """What each rule allows whom."""
    found: list[Operator] = _read("--operators", path, read_operators)
    return [f"{path}: {len(found)} rules"] + [f"{rule.id}: {told_of(rule)}" for rule in found]


def _channels(path: Path) -> list[str]:
    """Which channel is told of how many accounts and units, and where its webhook's URL is kept."""
    found: list[Route] = _read("--notification-routes", path, read_routes)
    return [f"{path}: {len(found)} routes"] + [
        f"{route.id}: {len(route.accounts)} accounts and {len(route.organizational_units)} organizational units, by "
        f"{route.webhook_parameter}"
        for route in found
    ]


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
