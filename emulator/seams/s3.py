"""Seam: the objects of the embedded S3 live on disk, and a conditional write really happens once.

moto 5.2.5 keeps objects in memory only, and looks whether a key exists before, not while, it writes: of many
simultaneous `If-None-Match: *` several can win. Here one lock per key spans look and write, and each object is a
file, replaced as a whole: a killed process leaves the old object or the new one. Buckets are not kept; whoever
creates one gets its objects back.

Kept: body, key, headers and metadata, tags, ETag, time. Not kept: older versions, ACLs, locks, unfinished multipart
uploads. POST forms are verified by the front door, which turns them into plain PutObject calls.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import tempfile
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from moto.iam.access_control import PermissionResult
from moto.s3.models import FakeBucket, FakeKey, S3Backend
from moto.s3.responses import S3Response

from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

_LOCKS = 64
_SUFFIX = ".object"
_READING = frozenset({"GET", "HEAD", "OPTIONS"})


class DamagedObjectError(Exception):
    """A file of the object store is not what this store wrote; it must be looked at, or removed, by a person."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """One object as it lies on disk: a line of JSON, then the body. `last_modified` is ISO 8601, UTC."""

    bucket: str
    key: str
    etag: str
    last_modified: str
    storage_class: str
    metadata: Mapping[str, str]
    tags: Mapping[str, str]
    checksum_algorithm: str | None = None
    checksum_value: str | None = None
    body: bytes = field(repr=False, default=b"")


class ObjectDirectory:
    """Objects as files of one private directory (0700): `<bucket>/<SHA-256 of the key>.object`.

    A hash, because a key may be 1,024 bytes of any characters and a file name may not; the key itself is in the file.
    """

    def __init__(self, directory: Path) -> None:
        """Use `directory`, made if missing; what a killed process was still writing is swept away."""
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        directory.chmod(0o700)
        self._directory = directory
        for unfinished in directory.glob("*/*.part"):
            unfinished.unlink()

    def write(self, stored: StoredObject) -> None:
        """Write or replace one object atomically."""
        path = self._path(stored.bucket, stored.key)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        facts = asdict(stored)
        body: bytes = facts.pop("body")
        descriptor, unfinished = tempfile.mkstemp(suffix=".part", dir=path.parent)  # mkstemp gives 0600
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(json.dumps({"schema": 1, "size": len(body), **facts}).encode() + b"\n")
                file.write(body)
            Path(unfinished).replace(path)
        except BaseException:
            with suppress(FileNotFoundError):
                Path(unfinished).unlink()
            raise

    def remove(self, bucket: str, key: str) -> None:
        """Remove one object; harmless when there is none."""
        self._path(bucket, key).unlink(missing_ok=True)

    def remove_bucket(self, bucket: str) -> None:
        """Remove the folder of a bucket that is empty."""
        folder = self._folder(bucket)
        if folder.exists():
            folder.rmdir()

    def read_bucket(self, bucket: str) -> Iterator[StoredObject]:
        """Read every object of a bucket; a file that this store did not write is set aside and told."""
        for path in sorted(self._folder(bucket).glob(f"*{_SUFFIX}")):
            try:
                stored = self._read_as(bucket, path)
            except DamagedObjectError as error:
                path.rename(path.with_name(f"{path.name}.damaged"))
                logging.getLogger(__name__).warning("%s: set aside as .damaged, the object is gone", error)
                continue
            yield stored

    def _read_as(self, bucket: str, path: Path) -> StoredObject:
        stored = _read(path)
        if stored.bucket != bucket or self._path(bucket, stored.key) != path:
            message = f"{path} holds an object of another name"
            raise DamagedObjectError(message)
        return stored

    def _folder(self, bucket: str) -> Path:
        return self._directory / quote(bucket, safe="")

    def _path(self, bucket: str, key: str) -> Path:
        return self._folder(bucket) / (hashlib.sha256(key.encode("utf-8", "surrogateescape")).hexdigest() + _SUFFIX)


def install(directory: Path) -> Callable[[], None]:
    """Keep the embedded S3 in `directory` and make its writes atomic; gives what puts moto's own behavior back.

    Call it before buckets are created: a bucket created afterwards has the objects the directory holds for it.
    """
    disk = ObjectDirectory(directory)
    locks = tuple(threading.RLock() for _ in range(_LOCKS))
    answer_key, create_bucket = S3Response._key_response, S3Backend.create_bucket
    delete_object, delete_bucket = S3Backend.delete_object, S3Backend.delete_bucket

    def lock_of(bucket: str, key: str) -> threading.RLock:
        return locks[hash((bucket, key)) % _LOCKS]

    def answer_key_once(self: S3Response, request: Any, full_url: str) -> Any:
        bucket, key = self.bucket_name, self.parse_key_name()
        with lock_of(bucket, key):
            answer = answer_key(self, request, full_url)
            if request.method not in _READING:
                _keep(disk, self.backend, bucket, key)
            return answer

    def delete_object_from_disk(self: S3Backend, bucket_name: str, key_name: str, *args: Any, **kwargs: Any) -> Any:
        with lock_of(bucket_name, key_name):
            answer = delete_object(self, bucket_name, key_name, *args, **kwargs)
            _keep(disk, self, bucket_name, key_name)
            return answer

    def create_bucket_with_objects(self: S3Backend, bucket_name: str, *args: Any, **kwargs: Any) -> FakeBucket:
        bucket = create_bucket(self, bucket_name, *args, **kwargs)
        for stored in disk.read_bucket(bucket_name):
            _restore(self, bucket, stored)
        return bucket

    def delete_bucket_from_disk(self: S3Backend, bucket_name: str) -> FakeBucket | None:
        bucket = delete_bucket(self, bucket_name)
        if bucket is not None:
            disk.remove_bucket(bucket_name)
        return bucket

    patches = Patches()
    patches.replace(S3Response, "_key_response", answer_key_once)
    patches.replace(S3Backend, "create_bucket", create_bucket_with_objects)
    patches.replace(S3Backend, "delete_object", delete_object_from_disk)
    patches.replace(S3Backend, "delete_bucket", delete_bucket_from_disk)
    # moto reads no condition of a bucket's policy: what is denied without TLS would be denied to everybody.
    patches.replace(FakeBucket, "get_permission", lambda *_: PermissionResult.NEUTRAL)
    return patches.undo


def _keep(disk: ObjectDirectory, backend: S3Backend, bucket: str, key: str) -> None:
    """Make the disk say of one key what the memory says."""
    found = backend.get_object(bucket, key)
    if found is None:
        disk.remove(bucket, key)
        return
    stored = StoredObject(
        bucket=bucket,
        key=key,
        etag=found.etag.strip('"'),
        last_modified=found.last_modified.isoformat(),
        storage_class=found.storage_class or "STANDARD",
        metadata={str(name): str(value) for name, value in found.metadata.items()},
        tags=backend.tagger.get_tag_dict_for_resource(found.arn),
        checksum_algorithm=found.checksum_algorithm,
        checksum_value=found.checksum_value,
        body=found.value,
    )
    disk.write(stored)


def _restore(backend: S3Backend, bucket: FakeBucket, stored: StoredObject) -> None:
    key = FakeKey(
        name=stored.key,
        value=stored.body,
        account_id=backend.account_id,
        region_name=bucket.region_name,
        storage=stored.storage_class,
        etag=stored.etag,
        bucket_name=stored.bucket,
        checksum_value=stored.checksum_value,
    )
    key.checksum_algorithm = stored.checksum_algorithm
    key.last_modified = datetime.fromisoformat(stored.last_modified)
    key.set_metadata(dict(stored.metadata))
    bucket.keys.setlist(stored.key, [key])
    if stored.tags:
        backend.tagger.tag_resource(key.arn, backend.tagger.convert_dict_to_tags_input(dict(stored.tags)))


def _read(path: Path) -> StoredObject:
    line, _, body = path.read_bytes().partition(b"\n")
    try:
        facts: dict[str, Any] = json.loads(line)
        intact = facts.pop("schema") == 1 and facts.pop("size") == len(body)
        stored = StoredObject(**facts, body=body)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        message = f"{path} is not an object this store wrote"
        raise DamagedObjectError(message) from error
    if not intact:
        message = f"{path} is cut short or of another schema"
        raise DamagedObjectError(message)
    return stored
