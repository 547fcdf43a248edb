"""ProveRequester: write down who asks for an execution that is about to be started, by AWS's own word.

Invoked directly by who asks, with a signed question to STS; what proves it is in this call alone and is kept nowhere.
Raises RequesterNotProven.
"""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from fleetdx import keys
from fleetdx.entrypoint import entrypoint
from fleetdx.errors import RequesterNotProven
from fleetdx.identities import identity_behind
from fleetdx.organizations import account_named
from fleetdx.proofs import Proof, question_of
from fleetdx.run_ids import rfc3339_of
from fleetdx.sessions import own_session
from fleetdx.settings import setting
from fleetdx.storage import Bucket

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_organizations.client import OrganizationsClient

    from fleetdx.identities import Identity
    from fleetdx.proofs import Question
    from fleetdx.requesters import Proven


class Input(Proof):
    """What somebody hands in; it is not believed to be a proof before it has been looked at."""


class Output(TypedDict):
    """Who it is: the ARN of a user or of a role's session."""

    requester: str


class Place(NamedTuple):
    """Where the function runs, and the moment (UTC)."""

    region: str
    now: dt.datetime


def run(
    event: Input, data: Bucket, place: Place, ask: Callable[[Question], Identity], organization: OrganizationsClient
) -> Output:
    """Ask STS whose signature it is, and write that down for the execution; once.

    Raises:
        RequesterNotProven: It is nobody's, or of nobody in the organization; or somebody else has asked for it.
    """
    identity = ask(question_of(event, place.region, place.now))
    account = account_named(organization, identity.account)
    if account is None or account.status != "ACTIVE":
        raise RequesterNotProven(f"account {identity.account} is no active account of the organization")
    proven: Proven = {
        "schema": 1,
        "execution": event["execution"],
        "request_sha256": event["request_sha256"],
        "arn": identity.arn,
        "user_id": identity.user_id,
        "at": rfc3339_of(place.now),
    }
    key = keys.requester(event["execution"].rpartition(":")[2])
    if not data.put_conditionally(key, json.dumps(proven).encode()):
        held = data.get_json(key)
        if any(held.get(name) != value for name, value in proven.items() if name != "at"):
            raise RequesterNotProven("an execution of that name is asked for by somebody else, or for something else")
    return {"requester": identity.arn}


@entrypoint
def lambda_handler(event: Input, context: object) -> Output:  # noqa: D103 - see the module
    session = own_session()
    data = Bucket(own_session().client("s3"), setting("DATA_BUCKET"))
    sts = session.client("sts")
    place = Place(setting("AWS_REGION"), dt.datetime.now(dt.UTC))
    return run(event, data, place, lambda question: identity_behind(question, sts), session.client("organizations"))
