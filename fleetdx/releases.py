"""Which bundle of checks new runs use: published, approved and rolled back, with who did it and when.

A bundle is named by its content, so that a name never means another script. What is done is written down first, as an
object that nothing overwrites; then `config/current.json` is replaced, only if nobody else has replaced it meanwhile.
"""

from __future__ import annotations

import json
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, NamedTuple, TypedDict

from fleetdx import keys
from fleetdx.bundles import read_catalog
from fleetdx.errors import BundleMissing, RecordMissing, ServiceUnavailable
from fleetdx.release_policy import approval_of
from fleetdx.signatures import sign_bundle

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from fleetdx.models import Catalog
    from fleetdx.signatures import Signer
    from fleetdx.storage import Bucket

Action = Literal["publish", "approve", "rollback"]
SHORTEST_NAME = 8
"""Of a SHA-256, so many digits are enough where they mean one bundle."""


class ReleaseRefused(Exception):
    """A bundle cannot be published, approved or rolled back as asked; nothing was changed."""


class Release(TypedDict):
    """One act: what was done with which bundle, by whom (an ARN), when, and which bundle new runs used until then.

    `takes_effect` says whether new runs use the bundle from then on; a published one may wait for its approval.
    """

    schema: Literal[1]
    action: Action
    bundle: str
    by: str
    at: str
    replaces: str | None
    takes_effect: bool


class Actor(NamedTuple):
    """Who acts: the ARN that STS names the caller by, and the moment (UTC); who signs, where bundles are signed."""

    arn: str
    at: dt.datetime
    signer: Signer | None = None


class _Current(NamedTuple):
    bundle: str | None
    etag: str | None


def history(data: Bucket) -> list[Release]:
    """Every act, the oldest first."""
    return [data.get_json(stored.key) for stored in data.keys(keys.RELEASES)]


def in_effect(data: Bucket) -> set[str]:
    """The bundle that new runs use, if there is one; it may be older than the history."""
    bundle = _current(data).bundle
    return set() if bundle is None else {bundle}


def publish(
    data: Bucket,
    digest: str,
    script: bytes,
    catalog: Catalog,
    actor: Actor,
    parts: Mapping[str, bytes] = MappingProxyType({}),
) -> Release:
    """Write a bundle and its inline parts under their hashes, with its catalog; new runs use it now or once approved.

    It is signed when it takes effect: what waits for an approval has no signature yet.

    Raises:
        ReleaseRefused: New runs use it already, it waits for its approval, or a part that its catalog names is missing.
        ServiceUnavailable: Somebody else changes what new runs use at this moment.
    """
    current = _current(data)
    if current.bundle == digest:
        raise ReleaseRefused(f"new runs use bundle {digest[:12]} already")
    missing = sorted(part_names(catalog) - set(parts))
    if missing:
        raise ReleaseRefused(f"the catalog names an inline part that is not there: {missing[0][:12]}")
    takes_effect = approval_of(data) == "none"
    if not takes_effect and waiting(history(data)).get(digest):
        raise ReleaseRefused(f"bundle {digest[:12]} waits for its approval: fleetdx bundle approve {digest[:12]}")
    for name, text in {**parts, digest: script}.items():
        data.put(keys.bundle(name), text, "text/x-shellscript")
    data.put_json(keys.catalog(digest), dict(catalog))
    if takes_effect:
        _sign(data, digest, actor)
    return _act(data, "publish", digest, actor, current, takes_effect=takes_effect)


def approve(data: Bucket, name: str, actor: Actor) -> Release:
    """Let new runs use a bundle that waits for it.

    Raises:
        ReleaseRefused: It does not wait, the one who approves it has published it, or something of it is missing.
        ServiceUnavailable: Somebody else changes what new runs use at this moment.
    """
    acts = history(data)
    digest = named(acts, name)
    published = waiting(acts).get(digest)
    if published is None:
        raise ReleaseRefused(f"bundle {digest[:12]} does not wait for an approval")
    if person_of(published["by"]) == person_of(actor.arn):
        raise ReleaseRefused(f"{actor.arn} has published bundle {digest[:12]}: another person has to approve it")
    _require_stored(data, digest)
    _sign(data, digest, actor)
    return _act(data, "approve", digest, actor, _current(data), takes_effect=True)


def rollback(data: Bucket, name: str | None, actor: Actor) -> Release:
    """Let new runs use an earlier bundle again: the one before, or the one that is named.

    It needs no approval: it was in effect before, and is needed when there is no time. It is signed anew only where
    another key signs now than then.

    Raises:
        ReleaseRefused: There is no earlier one, that one was never in effect, or something of it is missing.
        ServiceUnavailable: Somebody else changes what new runs use at this moment.
    """
    acts, current = history(data), _current(data)
    if name is None:
        digest = _before(acts, current.bundle)
    else:
        digest = named(acts, name)
        if not any(act["bundle"] == digest and act["takes_effect"] for act in acts):
            raise ReleaseRefused(f"bundle {digest[:12]} was never in effect; publish or approve it")
    if digest == current.bundle:
        raise ReleaseRefused(f"new runs use bundle {digest[:12]} already")
    _require_stored(data, digest)
    _sign(data, digest, actor)
    return _act(data, "rollback", digest, actor, current, takes_effect=True)


def sign_current(data: Bucket, actor: Actor) -> str:
    """Have the bundle that new runs use signed, where signing begins or another key takes over; returns its SHA-256.

    Raises:
        ReleaseRefused: There is none, something of it is missing, or the policy names no key.
    """
    current = _current(data)
    if current.bundle is None:
        raise ReleaseRefused("no bundle is published")
    if actor.signer is None:
        raise ReleaseRefused("no key is named that signs: fleetdx bundle policy --signing-key ARN")
    _require_stored(data, current.bundle)
    _sign(data, current.bundle, actor)
    return current.bundle


def waiting(acts: list[Release]) -> dict[str, Release]:
    """The bundles that wait for an approval, with the act that published them."""
    found: dict[str, Release] = {}
    for act in acts:
        if act["takes_effect"]:
            found.pop(act["bundle"], None)
        else:
            found[act["bundle"]] = act
    return found


def named(acts: list[Release], name: str) -> str:
    """The bundle that a SHA-256, or the beginning of one, means.

    Raises:
        ReleaseRefused: None was published, or several begin like that.
    """
    found = sorted({act["bundle"] for act in acts if act["bundle"].startswith(name.lower())})
    if len(name) < SHORTEST_NAME:
        raise ReleaseRefused(f"{name} is too short: give at least {SHORTEST_NAME} digits of the bundle's SHA-256")
    if len(found) != 1:
        which = "no published bundle begins" if not found else f"{len(found)} published bundles begin"
        raise ReleaseRefused(f"{which} with {name}; fleetdx bundle list shows them")
    return found[0]


def person_of(arn: str) -> str:
    """Who an ARN means: of a session of a role its name, which IAM Identity Center makes that of the person.

    Two sessions of one person have the same name there, whatever the permission set.
    """
    resource = arn.split(":", maxsplit=5)[-1]
    return resource.rpartition("/")[2] if resource.startswith("assumed-role/") else resource


def part_names(catalog: Catalog) -> set[str]:
    """SHA-256 of every inline part that a catalog names."""
    return {part["bundle"] for parts in catalog.get("inline", {}).values() for part in parts}


def _sign(data: Bucket, digest: str, actor: Actor) -> None:
    """Before new runs can be pointed at it, so that none finds a bundle without a signature."""
    if actor.signer is not None:
        sign_bundle(data, digest, {digest} | part_names(read_catalog(data, digest)), actor.signer)


def _require_stored(data: Bucket, digest: str) -> None:
    """See that a bundle's catalog and every script it names are there."""
    try:
        catalog = read_catalog(data, digest)
    except BundleMissing as missing:
        raise ReleaseRefused(str(missing)) from None
    for name in sorted({digest} | part_names(catalog)):
        if all(stored.key != keys.bundle(name) for stored in data.keys(keys.bundle(name))):
            raise ReleaseRefused(f"bundle {digest[:12]} cannot be used: {keys.bundle(name)} is missing")


def _before(acts: list[Release], current: str | None) -> str:
    for act in reversed(acts):
        if act["takes_effect"] and act["bundle"] == current:
            if act["replaces"] is None:
                break
            return act["replaces"]
    raise ReleaseRefused("there is no earlier bundle to go back to")


def _current(data: Bucket) -> _Current:
    try:
        body, etag = data.get_with_etag(keys.CURRENT_BUNDLE)
    except RecordMissing:
        return _Current(None, None)
    try:
        return _Current(str(json.loads(body)["bundle"]), etag)
    except (ValueError, KeyError, TypeError):
        return _Current(None, etag)


def _act(data: Bucket, action: Action, digest: str, actor: Actor, current: _Current, *, takes_effect: bool) -> Release:
    release: Release = {
        "schema": 1,
        "action": action,
        "bundle": digest,
        "by": actor.arn,
        "at": actor.at.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "replaces": current.bundle,
        "takes_effect": takes_effect,
    }
    body = json.dumps(release, ensure_ascii=False).encode()
    if not data.put_conditionally(keys.release(actor.at, action, digest), body):
        raise ServiceUnavailable("the same is done at this moment by somebody else")
    if takes_effect:
        pointer = json.dumps({"bundle": digest, "by": release["by"], "at": release["at"]}).encode()
        if not data.put_conditionally(keys.CURRENT_BUNDLE, pointer, replaces=current.etag):
            data.delete(keys.release(actor.at, action, digest))
            raise ServiceUnavailable("somebody else has changed what new runs use; look with fleetdx bundle list")
    return release
