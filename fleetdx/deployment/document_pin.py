"""To which hashes the central stack pins the SSM document, before and after the members have the release's.

Systems Manager refuses a command where the document has another hash, so that no member's administrator can put a
script of his own into it. The text of a document is AWS's rendering of the template: docs/adr/0018 says why its hash is
known for certain only when AWS has made it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, Protocol

from botocore.exceptions import ClientError

if TYPE_CHECKING:
    from collections.abc import Mapping

PARAMETER: Final = "DocumentHashes"
NOTHING: Final = "none"
MOST_PINS: Final = 2
"""The parameter takes two: the newer one and, until every member has it, the older."""
DEFAULT_NAME: Final = "fleetdx-scan"


class ReleasedDocument(Protocol):
    """What this release knows of its SSM document, by the parameters of the stack that makes it."""

    def expected_hash(self, parameters: Mapping[str, str]) -> str:
        """The hash, where AWS spells the text as its published handler does."""

    def hash_of_rendered(self, text: str, parameters: Mapping[str, str]) -> str:
        """The hash of a text that AWS has rendered; DocumentNotReleased where it says anything else."""


def pins_of(stack: Mapping[str, Any]) -> tuple[str, ...]:
    """The hashes that a central stack pins, the newer one first; none where it pins nothing."""
    given = {one["ParameterKey"]: one["ParameterValue"] for one in stack.get("Parameters", [])}
    return tuple(one for one in given.get(PARAMETER, NOTHING).split(",") if one not in {"", NOTHING})


def pins_meanwhile(coming: str, pinned: tuple[str, ...]) -> str:
    """The parameter's value while members go over to a document: what they have runs, and what they will have.

    A stack that has pinned nothing yet goes on so: whether AWS spells the text as expected shows at the end.
    """
    return ",".join(list(dict.fromkeys((coming, *pinned)))[:MOST_PINS]) if pinned else NOTHING


def rendered_text(ssm: Any, name: str) -> str | None:  # noqa: ANN401 - boto3's
    """The text of an account's document as AWS has made it; None where it has none of this name."""
    try:
        return str(ssm.get_document(Name=name)["Content"])
    except ClientError as error:
        if error.response["Error"]["Code"] == "InvalidDocument":
            return None
        raise
