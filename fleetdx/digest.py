"""The digest: the one line of a host's standard output that SSM authenticates as that host's.

Form, at most 1,500 bytes: `fleetdx/1 PROFILE BUNDLE_SHA256 RESULT_SHA256 LETTERS`, one letter a check of the profile.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from fleetdx.models import NOT_SELECTED, VERDICT_OF_LETTER

if TYPE_CHECKING:
    from fleetdx.models import Verdict

MAXIMUM_DIGEST_BYTES = 1_500
DIGEST_PATTERN = re.compile(r"fleetdx/1 ([a-z0-9_]{1,64}) ([0-9a-f]{64}) ([0-9a-f]{64}) ([pfmne-]+)")
ANOTHER_DIGEST = re.compile(r"^fleetdx/", re.MULTILINE)


class BadDigest(ValueError):
    """A digest line that cannot be believed; the text says why."""


@dataclass(frozen=True)
class Digest:
    """What a host says it found.

    Attributes:
        profile: The profile that was run.
        bundle: SHA-256 of the bundle that was run.
        result: SHA-256 of the compressed result that the host sends to the intake.
        verdicts: Check to verdict, without the checks that were not selected.
    """

    profile: str
    bundle: str
    result: str
    verdicts: dict[str, Verdict]


def parse_digest(output: str, checks: list[str]) -> Digest:
    """Read the digest from the output of the step Run.

    Args:
        output: Standard output as SSM returns it; only its first line counts, and it must be the only digest.
        checks: The profile's checks in the order of the letters.

    Raises:
        BadDigest: There is none, or it does not fit the profile.
    """
    first, _, rest = output.partition("\n")
    line = first.rstrip("\r")
    if len(line.encode(errors="surrogatepass")) > MAXIMUM_DIGEST_BYTES:
        raise BadDigest(f"its first line has more than {MAXIMUM_DIGEST_BYTES:,} bytes")
    match = DIGEST_PATTERN.fullmatch(line)
    if match is None:
        raise BadDigest("its first line is not a digest")
    if ANOTHER_DIGEST.search(rest):
        raise BadDigest("there are several digests")
    profile, bundle, result, letters = match.groups()
    if len(letters) != len(checks):
        raise BadDigest(f"it has {len(letters)} verdicts where the profile has {len(checks)} checks")
    verdicts = {
        check: VERDICT_OF_LETTER[letter]
        for check, letter in zip(checks, letters, strict=True)
        if letter != NOT_SELECTED
    }
    return Digest(profile, bundle, result, verdicts)
