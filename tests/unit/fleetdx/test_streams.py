"""Objects that are not to be held whole: saved as what they expand to, or refused by name."""

from __future__ import annotations

import gzip
import io

import pytest

from fleetdx.errors import RecordMissing
from fleetdx.streams import save
from tests.fakes.s3 import bucket


def test_an_object_is_saved_as_what_it_expands_to() -> None:
    """A packed object is unpacked on its way into the file, any other comes as it is."""
    data = bucket()
    data.put("packed", gzip.compress(b"lines\n"))
    data.put("workbook", b"PK\x03\x04")
    for key, expected in (("packed", b"lines\n"), ("workbook", b"PK\x03\x04")):
        out = io.BytesIO()
        save(data, key, out)
        assert out.getvalue() == expected


@pytest.mark.parametrize("body", [None, gzip.compress(b"lines\n", mtime=0)[:-6], b"\x1f\x8bnothing"])
def test_what_is_absent_or_damaged_is_named(body: bytes | None) -> None:
    """A missing object and a file that is no whole gzip file end as RecordMissing."""
    data = bucket()
    if body is not None:
        data.put("packed", body)
    with pytest.raises(RecordMissing):
        save(data, "packed", io.BytesIO())
