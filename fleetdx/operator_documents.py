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
from fleetdx.exemptions import Exemption, read_exemptions
from fleetdx.readiness import Announcement

if TYPE_CHECKING:
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


def read_waivers(ssm: SSMClient, parameter: str, data: Bucket) -> tuple[list[Exemption], int, str]:
    """Read what findings are accepted.

    Returns:
        The register's entries, the longest term in days, and a sentence where it cannot be read: then there are none.
        Without a register nothing is waived, and nothing is wrong.
    """
    try:
        maximum_days = read_configuration(_parameter(ssm, parameter)).maximum_days
    except MalformedDocument:
        maximum_days = report_only().maximum_days
    try:
        return read_exemptions(data.get(keys.EXEMPTIONS)), maximum_days, ""
    except RecordMissing:
        return [], maximum_days, ""
    except MalformedDocument as fault:
        return [], maximum_days, f"s3://{data.name}/{keys.EXEMPTIONS} cannot be read ({fault}): nothing is waived"


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
