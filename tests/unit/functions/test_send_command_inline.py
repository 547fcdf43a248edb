"""An inline command carries a part of the bundle, for the checks asked for, and no signature."""

from __future__ import annotations

import base64
import gzip

import pytest

from fleetdx import keys
from fleetdx.errors import BundleMissing
from tests.fakes.runs import (
    ACCOUNT,
    CHECKS,
    PART_SCRIPTS,
    PARTS,
    PROFILE_NAME,
    REGION,
    RUN,
    batch_state,
)
from tests.fakes.sending import EVENT, Signer, prepared, send
from tests.fakes.ssm import FakeSsm

INLINE = batch_state(1, delivery="inline", part=1)


def test_inline_command_carries_its_part_and_no_signature() -> None:
    """A part travels compressed inside the command, for its checks alone; nothing is signed."""
    data, client, sign = prepared(), FakeSsm(), Signer()
    answer = send(data, client, sign, {**EVENT, "batch": INLINE})
    (sent,) = client.sent
    parameters = {name: value for name, (value,) in sent["Parameters"].items()}
    packed = base64.b64decode(parameters.pop("InlineBundle"))
    assert gzip.decompress(packed) == PART_SCRIPTS[1]
    assert packed[4:8] == bytes(4)  # gzip's time: the same part is the same text
    assert parameters == {
        "BundleHash": PARTS[1]["bundle"],
        "Delivery": "inline",
        "Profile": PROFILE_NAME,
        "Checks": ",".join(PARTS[1]["checks"]),
        "ScanId": f"{RUN}/{ACCOUNT}/{REGION}/0001-00",
        "TimeLimitSeconds": "600",
        "ResultSizeLimit": "1000000",
    }
    assert (answer["batch"], sign.times) == ("0001-00-inline-1", 0)


def test_inline_part_runs_what_was_asked_for() -> None:
    """Of a part only the checks that the request names are run; a part without any is not counted."""
    client = FakeSsm()
    send(prepared(checks=CHECKS[1:]), client, event={**EVENT, "batch": {**INLINE, "part": 0}})
    send(prepared(checks=CHECKS[2:]), client, event={**EVENT, "batch": {**INLINE, "part": 0}})
    told = [(one["Parameters"]["Checks"], one["Parameters"]["BundleHash"]) for one in client.sent]
    assert told == [([CHECKS[1]], [PARTS[0]["bundle"]]), ([CHECKS[2]], [PARTS[1]["bundle"]])]


def test_a_missing_part_is_told() -> None:
    """Where the bundle has no such part, or it is not published, nothing is sent."""
    client = FakeSsm()
    with pytest.raises(BundleMissing, match="no inline part 2"):
        send(prepared(), client, event={**EVENT, "batch": {**INLINE, "part": 2}})
    data = prepared()
    data.delete(keys.bundle(PARTS[1]["bundle"]))
    with pytest.raises(BundleMissing, match="absent"):
        send(data, client, event={**EVENT, "batch": INLINE})
    assert client.sent == []


def test_another_delivery_of_an_attempt_is_another_command() -> None:
    """A resumed run that sends an attempt another way than a dead execution did is not given that one's command."""
    data, client = prepared(), FakeSsm()
    assert send(data, client)["id"] == "command-1"
    inline = {**EVENT, "batch": {**INLINE, "part": 0}}
    assert [send(data, client, event=inline)["id"], send(data, client, event=inline)["id"]] == ["command-2"] * 2
    assert send(data, client)["id"] == "command-1"
