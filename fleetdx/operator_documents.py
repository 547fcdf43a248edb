"""What the operator wrote: the configuration in Parameter Store and the register of exemptions and waivers in S3.

Fail closed: a configuration that cannot be read allows nothing but reporting, a register that cannot be read exempts
and waives nothing, and both are to be told.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple

from botocore.exceptions import ClientError

from fleetdx import keys
from fleetdx.configuration import Configuration, MalformedDocument, read_configuration, report_only
from fleetdx.errors import RecordMissing
from fleetdx.exemptions import Exemption, Rules, read_exemptions
from fleetdx.readiness import Announcement

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_ssm.client import SSMClient

    from fleetdx.storage import Bucket

ABSENT_CODES = frozenset({"ParameterNotFound", "ParameterVersionNotFound"})


class Documents(NamedTuple):
    """What the operator wrote, and what is wrong with it."""

    configuration: Configuration
    exemptions: list[Exemption]
    why_report_only: str
    announcements: list[Announcement]


def read_documents(ssm: SSMClient, parameter: str, data: Bucket) -> Documents:
    """Read configuration and exemptions; what cannot be read leaves nothing but reporting."""
    text = _parameter(ssm, parameter)
    try:
        configuration = read_configuration(text)
    except MalformedDocument as fault:
        sentence = f"The configuration in {parameter} cannot be read ({fault}); until it can, fleetdx only reports."
        announcement = Announcement("configuration_unreadable", sentence, f"configuration-{digest_of(text.encode())}")
        return Documents(report_only(), [], str(fault), [announcement])
    body = b""
    try:
        body = data.get(keys.EXEMPTIONS)
        return Documents(configuration, read_exemptions(body), "", [])
    except (MalformedDocument, RecordMissing) as fault:
        # Who only reports needs no exemptions; who mends must have said that there are none.
        if configuration.mode == "report_only":
            return Documents(configuration, [], "", [])
        sentence = f"Exemptions cannot be read ({fault}); until they can, fleetdx only reports."
        announcement = Announcement("exemptions_unreadable", sentence, f"exemptions-{digest_of(body)}")
        return Documents(configuration, [], f"exemptions cannot be read: {fault}", [announcement])


def read_register(ssm: SSMClient, parameter: str, data: Bucket) -> tuple[list[Exemption], int, str]:
    """Read what findings are accepted, and the entries beside them.

    Returns:
        The register's entries, the longest term in days, and a sentence where it cannot be read: then there are none.
        Without a register nothing is waived, and nothing is wrong.
    """
    maximum_days = _rules(ssm, parameter).maximum_days
    try:
        return read_exemptions(data.get(keys.EXEMPTIONS)), maximum_days, ""
    except RecordMissing:
        return [], maximum_days, ""
    except MalformedDocument as fault:
        return [], maximum_days, f"s3://{data.name}/{keys.EXEMPTIONS} cannot be read ({fault}): nothing is waived"


class Exclusions(NamedTuple):
    """What instances are not scanned.

    Attributes:
        entries: The register's entries that apply to scans.
        rules: What they are judged by.
        unreadable: A sentence where the register cannot be read: then there are none.
    """

    entries: list[Exemption]
    rules: Rules
    unreadable: str


def read_exclusions(ssm: Callable[[], SSMClient], parameter: str, data: Bucket) -> Exclusions:
    """Read what instances are not scanned; the configuration is asked for only where there is such an entry.

    Args:
        ssm: Makes a client of the central account's Systems Manager.
        parameter: Name of the configuration's parameter.
        data: The data bucket. Without a register nothing is excluded, and nothing is wrong.
    """
    unreadable, entries = "", []
    try:
        entries = [entry for entry in read_exemptions(data.get(keys.EXEMPTIONS)) if entry.applies_to == "scan"]
    except RecordMissing:
        pass
    except MalformedDocument as fault:
        unreadable = f"The register s3://{data.name}/{keys.EXEMPTIONS} cannot be read ({fault}): nothing is excluded."
    return Exclusions(entries, _rules(ssm(), parameter) if entries else _rules_of(report_only()), unreadable)


def _rules(ssm: SSMClient, parameter: str) -> Rules:
    """What the configuration says of entries; where it cannot be read, what is shipped: no tag is protected."""
    try:
        return _rules_of(read_configuration(_parameter(ssm, parameter)))
    except MalformedDocument:
        return _rules_of(report_only())


def _rules_of(configuration: Configuration) -> Rules:
    return Rules(configuration.protected_tag_prefix, configuration.maximum_days)


def _parameter(ssm: SSMClient, name: str) -> str:
    """The parameter's text; empty where there is no such parameter."""
    try:
        return ssm.get_parameter(Name=name)["Parameter"]["Value"]
    except ClientError as error:
        if error.response["Error"]["Code"] in ABSENT_CODES:
            return ""
        raise


def digest_of(content: bytes) -> str:
    """A short name for a content: what is announced once of it is announced anew of another."""
    return hashlib.sha256(content).hexdigest()[:16]
