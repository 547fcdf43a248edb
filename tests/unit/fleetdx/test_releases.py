"""Bundles are published, approved by another person, and rolled back; who did it stands written."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import TYPE_CHECKING, Any

import pytest
from botocore.exceptions import ClientError
from hypothesis import given
from hypothesis import strategies as st

from fleetdx import keys, release_policy, releases
from fleetdx.bundles import current_bundle
from fleetdx.errors import BundleMissing, ServiceUnavailable
from fleetdx.releases import Actor, ReleaseRefused
from fleetdx.signatures import Signer
from tests.fakes.aws_errors import client_error
from tests.fakes.runs import PLAIN_CATALOG
from tests.fakes.s3 import bucket, fake

if TYPE_CHECKING:
    from fleetdx.models import Catalog, InlinePart
    from fleetdx.storage import Bucket

PUBLISHER = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Engineer_0123/jiwoo"
SAME_PERSON = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Admin_4567/jiwoo"
APPROVER = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_Engineer_0123/minseo"
BEGAN = dt.datetime(2026, 11, 26, 19, 0, tzinfo=dt.UTC)


class Clock:
    """Each act happens a second after the one before."""

    def __init__(self) -> None:
        self.at = BEGAN

    def actor(self, arn: str = PUBLISHER, signer: Signer | None = None) -> Actor:
        self.at += dt.timedelta(seconds=1)
        return Actor(arn, self.at, signer)


def digest_of(script: bytes) -> str:
    return hashlib.sha256(script).hexdigest()


def published(data: Bucket, clock: Clock, script: bytes, by: str = PUBLISHER) -> str:
    releases.publish(data, digest_of(script), script, PLAIN_CATALOG, clock.actor(by))
    return digest_of(script)


def test_a_published_bundle_is_used_at_once_where_nobody_has_to_approve() -> None:
    """Script, catalog, pointer and the act itself are there; the act says who, when and instead of what."""
    data, clock = bucket(), Clock()
    first, second = published(data, clock, b"1"), published(data, clock, b"2")
    assert current_bundle(data) == second
    assert data.get(keys.bundle(first)) == b"1"
    acts = releases.history(data)
    assert [(act["action"], act["bundle"], act["replaces"]) for act in acts] == [
        ("publish", first, None),
        ("publish", second, first),
    ]
    assert (acts[1]["by"], acts[1]["at"]) == (PUBLISHER, "2026-11-26T19:00:02Z")


def test_with_a_second_person_new_runs_keep_the_old_bundle_until_then() -> None:
    """The publisher cannot approve, whatever role he has taken; another person can, once."""
    data, clock = bucket(), Clock()
    old = published(data, clock, b"1")
    release_policy.set_policy(data, "second_person")
    new = published(data, clock, b"2")
    assert current_bundle(data) == old
    for arn in (PUBLISHER, SAME_PERSON):
        with pytest.raises(ReleaseRefused, match="another person"):
            releases.approve(data, new[:8], clock.actor(arn))
    assert current_bundle(data) == old
    assert releases.approve(data, new[:8], clock.actor(APPROVER))["replaces"] == old
    assert current_bundle(data) == new
    with pytest.raises(ReleaseRefused, match="does not wait"):
        releases.approve(data, new, clock.actor(APPROVER))


def test_an_earlier_bundle_comes_back_without_approval() -> None:
    """The one before, or a named one that was in effect; twice back and forth is no riddle."""
    data, clock = bucket(), Clock()
    first, second, third = (published(data, clock, script) for script in (b"1", b"2", b"3"))
    release_policy.set_policy(data, "second_person")
    assert releases.rollback(data, None, clock.actor())["bundle"] == second
    assert releases.rollback(data, None, clock.actor())["bundle"] == third
    assert releases.rollback(data, first[:10], clock.actor())["bundle"] == first
    assert current_bundle(data) == first


def test_what_was_never_in_effect_cannot_be_rolled_back_to() -> None:
    """A bundle that waits for its approval does not get it by a rollback."""
    data, clock = bucket(), Clock()
    published(data, clock, b"1")
    release_policy.set_policy(data, "second_person")
    waits = published(data, clock, b"2")
    with pytest.raises(ReleaseRefused, match="never in effect"):
        releases.rollback(data, waits, clock.actor())


def with_parts(*scripts: bytes) -> tuple[Catalog, dict[str, bytes]]:
    """A catalog whose one profile has these inline parts, and the parts."""
    parts = {digest_of(script): script for script in scripts}
    inline: list[InlinePart] = [{"bundle": name, "checks": []} for name in parts]
    return {**PLAIN_CATALOG, "inline": {"quick": inline}}, parts


def test_inline_parts_are_published_beside_the_bundle() -> None:
    """Each lies under its hash; one that the catalog names and nobody gives refuses the publication."""
    data, clock = bucket(), Clock()
    catalog, parts = with_parts(b"part 1", b"part 2")
    with pytest.raises(ReleaseRefused, match="inline part that is not there"):
        releases.publish(data, digest_of(b"1"), b"1", catalog, clock.actor(), {digest_of(b"part 1"): b"part 1"})
    assert (releases.history(data), list(data.keys("scripts/"))) == ([], [])
    releases.publish(data, digest_of(b"1"), b"1", catalog, clock.actor(), parts)
    assert {name: data.get(keys.bundle(name)) for name in parts} == parts


def test_a_bundle_without_its_parts_is_neither_approved_nor_gone_back_to() -> None:
    """What a run could not deliver inline is refused before it is in effect, and the missing script is named."""
    data, clock = bucket(), Clock()
    catalog, parts = with_parts(b"part 1")
    part = keys.bundle(digest_of(b"part 1"))
    releases.publish(data, digest_of(b"1"), b"1", catalog, clock.actor(), parts)
    published(data, clock, b"2")
    data.delete(part)
    with pytest.raises(ReleaseRefused, match=part):
        releases.rollback(data, None, clock.actor())
    release_policy.set_policy(data, "second_person")
    releases.publish(data, digest_of(b"3"), b"3", catalog, clock.actor(), parts)
    data.delete(part)
    with pytest.raises(ReleaseRefused, match=part):
        releases.approve(data, digest_of(b"3"), clock.actor(APPROVER))
    data.put(part, b"part 1")
    assert releases.approve(data, digest_of(b"3"), clock.actor(APPROVER))["takes_effect"]


@pytest.mark.parametrize(
    ("name", "told"), [("1234567", "too short"), ("f" * 64, "no published bundle begins"), ("zzzzzzzz", "no published")]
)
def test_a_name_that_means_no_bundle_is_refused(name: str, told: str) -> None:
    """Nothing is guessed."""
    data, clock = bucket(), Clock()
    published(data, clock, b"1")
    with pytest.raises(ReleaseRefused, match=told):
        releases.rollback(data, name, clock.actor())


def test_nothing_to_go_back_to_is_refused() -> None:
    """The first bundle has none before it; nor is there one whose catalog is gone."""
    data, clock = bucket(), Clock()
    with pytest.raises(ReleaseRefused, match="no earlier"):
        releases.rollback(data, None, clock.actor())
    first = published(data, clock, b"1")
    with pytest.raises(ReleaseRefused, match="no earlier"):
        releases.rollback(data, None, clock.actor())
    published(data, clock, b"2")
    data.delete(keys.catalog(first))
    with pytest.raises(ReleaseRefused, match="catalog"):
        releases.rollback(data, None, clock.actor())


def test_what_is_in_effect_or_waits_is_not_published_again() -> None:
    """The same content is the same bundle."""
    data, clock = bucket(), Clock()
    published(data, clock, b"1")
    with pytest.raises(ReleaseRefused, match="already"):
        published(data, clock, b"1")
    release_policy.set_policy(data, "second_person")
    published(data, clock, b"2")
    with pytest.raises(ReleaseRefused, match="waits"):
        published(data, clock, b"2", APPROVER)


@pytest.mark.parametrize("body", [b"{", b"[]", b'{"approval": "sometimes"}'])
def test_a_policy_that_cannot_be_read_asks_for_a_second_person(body: bytes) -> None:
    """Fail closed."""
    data = bucket()
    assert release_policy.approval_of(data) == "none"
    data.put(keys.RELEASE_POLICY, body)
    assert release_policy.approval_of(data) == "second_person"


def test_two_who_publish_at_once_do_not_undo_each_other() -> None:
    """Whoever has read an older pointer changes nothing, and leaves no act behind."""
    data, clock = bucket(), Clock()
    published(data, clock, b"1")
    client = fake(data)
    original = client.put_object

    def overtaken(**arguments: Any) -> Any:
        if arguments["Key"] == keys.CURRENT_BUNDLE:
            client.put_object = original  # type: ignore[method-assign]
            original(Bucket=data.name, Key=keys.CURRENT_BUNDLE, Body=b'{"bundle": "other"}')
        return original(**arguments)

    client.put_object = overtaken  # type: ignore[method-assign]
    with pytest.raises(ServiceUnavailable):
        published(data, clock, b"2")
    assert current_bundle(data) == "other"
    assert len(releases.history(data)) == 1


def test_without_any_bundle_a_run_is_told_so() -> None:
    """Nothing was ever published."""
    with pytest.raises(BundleMissing):
        current_bundle(bucket())


class Key:
    """A key that remembers what it has signed."""

    def __init__(self, arn: str = "arn:aws:kms:ap-northeast-2:111122223333:key/1") -> None:
        self.arn, self.signed = arn, list[str]()

    @property
    def signer(self) -> Signer:
        return Signer(self.arn, self._sign)

    def _sign(self, digest: str) -> str:
        self.signed.append(digest)
        return f"{self.arn} on {digest}"


def test_what_takes_effect_is_signed_before_new_runs_use_it() -> None:
    """Publishing without an approval signs the bundle and each inline part, under the key's name."""
    data, clock, key = bucket(), Clock(), Key()
    catalog, parts = with_parts(b"part 1")
    releases.publish(data, digest_of(b"1"), b"1", catalog, clock.actor(signer=key.signer), parts)
    assert sorted(key.signed) == sorted([digest_of(b"1"), digest_of(b"part 1")])
    stored = data.get_json(keys.signatures(digest_of(b"1")))
    assert (stored["key"], stored["algorithm"], sorted(stored["signatures"])) == (
        key.arn,
        "ECDSA_SHA_256",
        sorted(key.signed),
    )


def test_with_a_second_person_the_approver_signs() -> None:
    """What waits for its approval has no signature: the publisher's right to sign is not needed, and of no use."""
    data, clock, publishers, approvers = bucket(), Clock(), Key("publishers"), Key("approvers")
    release_policy.set_policy(data, "second_person", approvers.arn)
    releases.publish(data, digest_of(b"1"), b"1", PLAIN_CATALOG, clock.actor(signer=publishers.signer))
    assert publishers.signed == []
    releases.approve(data, digest_of(b"1"), clock.actor(APPROVER, approvers.signer))
    assert approvers.signed == [digest_of(b"1")]
    assert release_policy.signing_key_of(data) == approvers.arn


def test_going_back_needs_no_new_signature_unless_the_key_is_another() -> None:
    """An earlier bundle keeps the signature that it has; after a change of keys it is signed anew."""
    data, clock, old, new = bucket(), Clock(), Key("old"), Key("new")
    for script in (b"1", b"2"):
        releases.publish(data, digest_of(script), script, PLAIN_CATALOG, clock.actor(signer=old.signer))
    releases.rollback(data, None, clock.actor(signer=old.signer))
    assert old.signed == [digest_of(b"1"), digest_of(b"2")]
    releases.rollback(data, digest_of(b"2"), clock.actor(signer=new.signer))
    assert new.signed == [digest_of(b"2")]


def test_who_may_not_sign_changes_nothing() -> None:
    """KMS refuses: new runs keep their bundle, and no act is written."""
    data, clock = bucket(), Clock()
    old = published(data, clock, b"1")

    def refuse(_: str) -> str:
        raise client_error("AccessDeniedException", "Sign")

    with pytest.raises(ClientError):
        releases.publish(data, digest_of(b"2"), b"2", PLAIN_CATALOG, clock.actor(signer=Signer("key", refuse)))
    assert (current_bundle(data), len(releases.history(data))) == (old, 1)


@pytest.mark.parametrize("policy", [None, [], {"signing_key": 7}, {"approval": "none"}])
def test_a_policy_that_names_no_key_signs_nothing(policy: Any) -> None:
    """Whatever else stands there; hosts that want a signature then refuse, and nobody signs by mistake."""
    data = bucket()
    if policy is not None:
        data.put_json(keys.RELEASE_POLICY, policy)
    assert release_policy.signing_key_of(data) is None


ACTS = st.lists(
    st.tuples(st.sampled_from(["publish", "approve", "rollback", "policy"]), st.integers(0, 3), st.booleans()),
    max_size=12,
)


@given(acts=ACTS)
def test_whatever_is_done_new_runs_use_what_the_history_says(acts: list[tuple[str, int, bool]]) -> None:
    """The pointer is the last act that took effect, every such bundle has its script, and no publisher approved."""
    data, clock = bucket(), Clock()
    for action, number, is_other in acts:
        script, actor = str(number).encode(), clock.actor(APPROVER if is_other else PUBLISHER)
        try:
            if action == "publish":
                releases.publish(data, digest_of(script), script, PLAIN_CATALOG, actor)
            elif action == "approve":
                releases.approve(data, digest_of(script), actor)
            elif action == "rollback":
                releases.rollback(data, digest_of(script) if is_other else None, actor)
            else:
                release_policy.set_policy(data, "second_person" if is_other else "none")
        except ReleaseRefused:
            continue
    told = releases.history(data)
    in_effect = [act["bundle"] for act in told if act["takes_effect"]]
    if in_effect:
        assert current_bundle(data) == in_effect[-1]
    for act in told:
        assert data.get(keys.bundle(act["bundle"]))
        if act["action"] == "approve":
            publishers = [one["by"] for one in told if one["action"] == "publish" and one["bundle"] == act["bundle"]]
            assert act["by"] != publishers[-1] or len(set(publishers)) > 1
