"""Buckets, keys, bundles and settings: written and read back, or missing by name."""

from __future__ import annotations

import gzip

import pytest
from botocore.exceptions import ClientError

from fleetdx import keys
from fleetdx.bundles import current_bundle, profile_of, read_catalog
from fleetdx.errors import BundleMissing, Misconfigured, RecordMissing
from fleetdx.export_files import ALL_FILES
from fleetdx.settings import setting
from fleetdx.storage import Bucket, StoredObject
from fleetdx.streams import put_packed, spooled
from tests.fakes.aws_errors import client_error
from tests.fakes.runs import ACCOUNT, BUNDLE, CATALOG, PROFILE, PROFILE_NAME, REGION, RUN, SCRIPT, publish_bundle
from tests.fakes.s3 import bucket, fake


def test_documents_and_lines_come_back() -> None:
    """JSON documents and lines are read as written, line separators of Unicode included."""
    data = bucket()
    data.put_json("a", {"text": "서울"})
    data.put_lines("b", [{"text": "\u2028\u0085"}, {"text": "x\ny"}])
    data.put_lines("empty", [])
    assert data.get_json("a") == {"text": "서울"}
    assert data.get_lines("b") == [{"text": "\u2028\u0085"}, {"text": "x\ny"}]
    assert data.get_lines("empty") == []
    assert "서울".encode() in data.get("a")


def test_listing_turns_its_pages_in_order() -> None:
    """Every object under the prefix is listed once, with its size."""
    data = bucket()
    for name in ("p/3", "p/1", "p/5", "p/2", "p/4", "q/1"):
        data.put(name, b"x" * int(name[-1]))
    assert list(data.keys("p/")) == [StoredObject(f"p/{number}", number) for number in range(1, 6)]
    assert list(data.keys("z/")) == []


@pytest.mark.parametrize("code", ["NoSuchKey", "404", "NoSuchBucket"])
def test_absent_object_is_told_by_name(code: str) -> None:
    """The sentence names bucket and key."""
    data = bucket()
    fake(data).failing["get_object", "a"] = [client_error(code, "GetObject", 404)]
    with pytest.raises(RecordMissing, match="s3://data/a does not exist"):
        data.get("a")


def test_compressed_object_comes_back_expanded() -> None:
    """What was put with the encoding gzip reads as if it were plain; what only says so is as good as absent."""
    data = bucket()
    whole = gzip.compress(b'{"a":1}\n')
    data.client.put_object(Bucket="data", Key="a", Body=whole, ContentEncoding="gzip")
    assert data.get_lines("a") == [{"a": 1}]
    for damaged in (whole[:-9], b"plain", b"\x1f\x8b\x08" + bytes(20)):
        data.client.put_object(Bucket="data", Key="a", Body=damaged, ContentEncoding="gzip")
        with pytest.raises(RecordMissing, match="is not the gzip file"):
            data.get("a")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"text"])
def test_unreadable_document_is_missing(body: bytes) -> None:
    """A document that is no JSON is as good as absent, and told as unreadable."""
    data = bucket()
    data.put("a", body)
    with pytest.raises(RecordMissing, match="is not JSON"):
        data.get_json("a")


def test_denial_is_not_absence() -> None:
    """A denied read is raised, never taken for nothing."""
    data = bucket()
    fake(data).failing["get_object", "a"] = [client_error("AccessDenied", "GetObject", 403)]
    with pytest.raises(ClientError, match="AccessDenied"):
        data.get("a")


def test_published_bundle_is_found() -> None:
    """What is published is what new runs use, with its catalog and profiles; the pointer is written last."""
    data = bucket()
    publish_bundle(data)
    assert current_bundle(data) == BUNDLE
    assert data.get(keys.bundle(BUNDLE)) == SCRIPT
    assert read_catalog(data, BUNDLE) == CATALOG
    assert profile_of(read_catalog(data, BUNDLE), PROFILE_NAME) == PROFILE
    assert fake(data).written[-1] == keys.CURRENT_BUNDLE


@pytest.mark.parametrize("pointer", [None, b"{", b"{}", b"[]", b'"text"', b"null"])
def test_unpublished_bundle_is_told(pointer: bytes | None) -> None:
    """No pointer, or one that names nothing, is no bundle."""
    data = bucket()
    if pointer is not None:
        data.put(keys.CURRENT_BUNDLE, pointer)
    with pytest.raises(BundleMissing, match="no bundle is published"):
        current_bundle(data)


def test_bundle_without_catalog_or_profile_is_told() -> None:
    """Results of a bundle without catalog could not be read; an unknown profile is answered with those known."""
    data = bucket()
    with pytest.raises(BundleMissing, match="has no catalog"):
        read_catalog(data, BUNDLE)
    publish_bundle(data)
    with pytest.raises(BundleMissing, match="has no profile quick; it has kisa_unix_2026"):
        profile_of(read_catalog(data, BUNDLE), "quick")


def test_keys_of_a_batch() -> None:
    """Keys stand below their run, and the intake's object is named by instance and hash."""
    prefix = keys.intake_prefix(RUN, ACCOUNT, REGION, "0000-00")
    assert prefix == f"runs/{RUN}/{ACCOUNT}/{REGION}/0000-00/"
    assert keys.intake_object(prefix, "i-1", "ab") == f"{prefix}i-1/ab.json.gz"
    part = keys.results_part(RUN, ACCOUNT, REGION, "0000-00")
    assert part == f"results/day=2026-11-23/account={ACCOUNT}/region={REGION}/{RUN}-0000-00.jsonl"
    assert part.startswith(keys.results_prefix(RUN, ACCOUNT, REGION))
    for key in (
        keys.targets(RUN),
        keys.request(RUN),
        keys.inventory(RUN, ACCOUNT, REGION),
        keys.retry(RUN, ACCOUNT, REGION, "0000-01"),
        keys.strays(RUN, ACCOUNT, REGION, "0000-00"),
        keys.out(RUN, "summary.json"),
        keys.command_claim(RUN, ACCOUNT, REGION, "0000-00"),
        keys.notification(RUN, 0),
        keys.ledger_part(RUN, ACCOUNT, REGION, "target"),
    ):
        assert key.startswith(keys.run_prefix(RUN))
    assert keys.ledger_part(RUN, ACCOUNT, REGION, "target").startswith(keys.ledger_prefix(RUN))


@pytest.mark.parametrize(
    ("name", "is_run"),
    [
        (RUN, True),
        (RUN.upper(), False),
        (RUN + "0", False),
        ("x" + RUN, False),
        ("", False),
        (RUN.replace("T", "t"), False),
    ],
)
def test_run_ids(name: str, *, is_run: bool) -> None:
    """A run's id is a UTC time and six hexadecimal digits."""
    assert bool(keys.RUN_PATTERN.match(name)) is is_run


def test_settings_must_be_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """An absent or empty variable is told by name; the template sets it."""
    monkeypatch.setenv("MEMBER_ROLES", "fleetdx/member")
    monkeypatch.setenv("EXTERNAL_ID", "id")
    assert (setting("MEMBER_ROLES"), setting("EXTERNAL_ID")) == ("fleetdx/member", "id")
    monkeypatch.setenv("EXTERNAL_ID", "")
    with pytest.raises(Misconfigured, match="EXTERNAL_ID"):
        setting("EXTERNAL_ID")
    monkeypatch.delenv("EXTERNAL_ID")
    with pytest.raises(Misconfigured, match="EXTERNAL_ID"):
        setting("EXTERNAL_ID")


EVIDENCE = [
    keys.request(RUN),
    keys.ledger_part(RUN, ACCOUNT, REGION, "target"),
    keys.results_part(RUN, ACCOUNT, REGION, "0000-1"),
    *(
        keys.out(RUN, name)
        for name in ("ledger.jsonl", "results.jsonl", "changes.jsonl", "summary.json", "report.html")
    ),
    *(keys.out(RUN, name) for name in ALL_FILES),
]
OVERWRITTEN = [
    keys.CURRENT_BUNDLE,
    keys.WHOLE_ORGANIZATION_CLAIM,
    keys.stop_mark(RUN),
    keys.wave(RUN, 0, 1),
    keys.retry(RUN, ACCOUNT, REGION, "0000-1"),
    keys.command_claim(RUN, ACCOUNT, REGION, "0000-1"),
    keys.history(PROFILE_NAME, ACCOUNT),
    keys.history_before(RUN, ACCOUNT),
    keys.told(keys.feeds(PROFILE_NAME), ACCOUNT),
    keys.imported(ACCOUNT, REGION),
    keys.delivery_memory(ACCOUNT, REGION),
    keys.out(RUN, "metrics.json"),
]


def locking(of: Bucket) -> Bucket:
    return Bucket(of.client, of.name, "evidence")


@pytest.mark.parametrize("key", EVIDENCE)
def test_evidence_is_locked_before_it_is_told(key: str) -> None:
    """What an auditor relies on is put into both buckets; where it cannot be locked, nothing has it."""
    data = locking(bucket())
    data.put(key, b"x")
    assert set(fake(data).objects) == {("evidence", key), ("data", key)}
    fake(data).failing["put_object", key] = [client_error("AccessDenied", "PutObject", 403)]
    fake(data).objects.clear()
    with pytest.raises(ClientError):
        data.put(key, b"x")
    assert fake(data).objects == {}


@pytest.mark.parametrize("key", OVERWRITTEN)
def test_what_a_later_step_overwrites_is_never_locked(key: str) -> None:
    """Claims, marks and what the next run needs are in the data bucket alone."""
    data = locking(bucket())
    data.put(key, b"x")
    assert data.put_conditionally(f"{key}.other", b"x")
    assert {name for name, _ in fake(data).objects} == {"data"}


def test_without_an_evidence_bucket_nothing_is_written_twice() -> None:
    """As shipped, one object is one write, and what would be locked alone is written nowhere."""
    data = bucket()
    data.put(EVIDENCE[0], b"x")
    data.lock(keys.received(RUN, ACCOUNT, REGION, "i-0", "0" * 64), b"x")
    assert fake(data).written == [EVIDENCE[0]]


def test_a_stream_is_whole_in_both_buckets() -> None:
    """A file is read from its beginning for each of the two, with the same encoding."""
    data, key = locking(bucket()), keys.out(RUN, "results.jsonl")
    with spooled() as stream:
        stream.write(gzip.compress(b"{}"))
        put_packed(data, key, stream)
    client = fake(data)
    assert client.objects["data", key] == client.objects["evidence", key] == gzip.compress(b"{}")
    assert {client.encodings[name, key] for name in ("data", "evidence")} == {"gzip"}
