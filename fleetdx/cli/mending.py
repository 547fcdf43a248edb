"""`fleetdx check-configuration`: documents of mending are refused, by a pointer to their fault, before deployment."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fleetdx.cli.problems import UsageProblem
from fleetdx.configuration import MalformedDocument, read_configuration, report_only
from fleetdx.exemptions import broken_rule, read_exemptions

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path


def check(configuration: Path | None, exemptions: Path | None, now: dt.datetime) -> list[str]:
    """Read both documents as the functions will, and say in a sentence what each holds.

    Args:
        configuration: What is to go to Parameter Store.
        exemptions: What is to go to config/exemptions.json of the data bucket.
        now: The moment (UTC) at which terms are judged.

    Raises:
        UsageProblem: None is given, one cannot be read, breaks its schema, or an exemption breaks a rule.
    """
    if configuration is None and exemptions is None:
        raise UsageProblem("--configuration", "give a file to check, with --configuration, --exemptions, or both")
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
    return sentences


def _read(option: str, path: Path, read: Callable[[bytes], Any]) -> Any:  # noqa: ANN401 - what the reader returns
    try:
        return read(path.read_bytes())
    except MalformedDocument as fault:
        raise UsageProblem(option, f"{path}: {fault}") from None
    except OSError as error:
        raise UsageProblem(option, f"{path} cannot be read: {error.strerror}") from None
