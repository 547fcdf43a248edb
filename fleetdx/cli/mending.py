"""`fleetdx check-configuration`: what operators write is refused, by a pointer to its fault, before it is deployed."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING, Any, NamedTuple

from fleetdx import keys
from fleetdx.cli.problems import UsageProblem
from fleetdx.configuration import MalformedDocument, read_configuration, report_only
from fleetdx.errors import RecordMissing
from fleetdx.exemptions import broken_rule, read_exemptions
from fleetdx.notification_routes import read_routes
from fleetdx.run_ids import rfc3339_of
from fleetdx.windows import earliest_opening, read_windows

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable
    from pathlib import Path

    from fleetdx.cli.deployments import Deployment
    from fleetdx.configuration import Configuration
    from fleetdx.notification_routes import Route
    from fleetdx.windows import Windows


class Files(NamedTuple):
    """What an operator has written, as far as it is to be checked.

    Attributes:
        configuration: What is to go to Parameter Store.
        exemptions: What is to go to config/exemptions.json of the data bucket.
        windows: What is to go to config/windows.json of the data bucket.
        notification_routes: What is to go to config/notification-routes.json of the data bucket.
    """

    configuration: Path | None
    exemptions: Path | None
    windows: Path | None
    notification_routes: Path | None


class Document(NamedTuple):
    """A document to be checked: the option that stands for its kind, where it lies, and its bytes."""

    option: str
    name: str
    content: bytes


Documents = dict[str, Document]
"""What is to be checked, by its option."""
CONFIGURATION, EXEMPTIONS, WINDOWS, ROUTES = "--configuration", "--exemptions", "--windows", "--notification-routes"
IN_THE_BUCKET = {EXEMPTIONS: keys.EXEMPTIONS, WINDOWS: keys.WINDOWS, ROUTES: keys.NOTIFICATION_ROUTES}


def read_files(files: Files) -> Documents:
    """What lies in the files that are given.

    Raises:
        UsageProblem: One cannot be read.
    """
    given = zip((CONFIGURATION, EXEMPTIONS, WINDOWS, ROUTES), files, strict=True)
    return {option: _file(option, path) for option, path in given if path is not None}


def _file(option: str, path: Path) -> Document:
    try:
        return Document(option, str(path), path.read_bytes())
    except OSError as error:
        raise UsageProblem(option, f"{path} cannot be read: {error.strerror}") from None


def in_force(deployment: Deployment) -> Documents:
    """What is deployed; of a kind of which nothing is there is nothing to check."""
    found = {}
    ssm, name = deployment.session.client("ssm"), deployment.events.configuration
    with contextlib.suppress(ssm.exceptions.ParameterNotFound):
        value = ssm.get_parameter(Name=name)["Parameter"]["Value"]
        found[CONFIGURATION] = Document(CONFIGURATION, f"parameter {name}", value.encode())
    for option, key in IN_THE_BUCKET.items():
        with contextlib.suppress(RecordMissing):
            place = f"s3://{deployment.data_bucket}/{key}"
            found[option] = Document(option, place, deployment.data.get(key))
    return found


def completed(given: Documents, others: Documents) -> Documents:
    """What is given, and of what is not given the others."""
    return others | given


def check(documents: Documents, now: dt.datetime) -> list[str]:
    """Read the documents as the functions will, and say in a sentence what each holds.

    Args:
        documents: The documents.
        now: The moment (UTC) at which terms are judged, and from which openings are looked for.

    Raises:
        UsageProblem: There is none, one breaks its schema, or an exemption breaks a rule.
    """
    if not documents:
        sentence = "give a file to check: --configuration, --exemptions, --windows or --notification-routes"
        raise UsageProblem(CONFIGURATION, sentence)
    configuration, exemptions = documents.get(CONFIGURATION), documents.get(EXEMPTIONS)
    given: Configuration = _read(configuration, read_configuration) if configuration else report_only()
    sentences = [f"{configuration.name}: mode {given.mode}"] if configuration else []
    if exemptions is not None:
        entries = _read(exemptions, read_exemptions)
        for number, entry in enumerate(entries):
            rule = broken_rule(entry, given.maximum_days, now)
            if rule is not None:
                raise UsageProblem(EXEMPTIONS, f"{exemptions.name}: /exemptions/{number}: {rule}")
        expired = sum(entry.expires_at <= now for entry in entries)
        sentences.append(f"{exemptions.name}: {len(entries)} exemptions, {expired} of them expired")
    windows, routes = documents.get(WINDOWS), documents.get(ROUTES)
    return [*sentences, *(_openings(windows, now) if windows else []), *(_channels(routes) if routes else [])]


def _channels(document: Document) -> list[str]:
    """Which channel is told of how many accounts and units, and where its webhook's URL is kept."""
    found: list[Route] = _read(document, read_routes)
    return [f"{document.name}: {len(found)} routes"] + [
        f"{route.id}: {len(route.accounts)} accounts and {len(route.organizational_units)} organizational units, by "
        f"{route.webhook_parameter}"
        for route in found
    ]


def _openings(document: Document, now: dt.datetime) -> list[str]:
    """When each account that has windows may be entered next, and everybody else."""
    found: Windows = _read(document, read_windows)
    sentences = [f"{document.name}: {len(found.quiet_hours)} quiet hours, windows of {len(found.of_accounts)} accounts"]
    for name in ("", *sorted(found.of_accounts)):
        opening = earliest_opening(found, name, now)
        when = "not within 8 days" if opening is None else "now" if opening <= now else f"at {rfc3339_of(opening)}"
        sentences.append(f"{name or 'other accounts'}: open {when}")
    return sentences


def _read(document: Document, read: Callable[[bytes], Any]) -> Any:  # noqa: ANN401 - what the reader returns
    try:
        return read(document.content)
    except MalformedDocument as fault:
        raise UsageProblem(document.option, f"{document.name}: {fault}") from None
