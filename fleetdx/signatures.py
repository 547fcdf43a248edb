"""Signatures of what hosts run: made with a key that never leaves KMS, checked by each host with the public one.

A bundle and each of its inline parts is a script of its own, and has a signature of its own: ECDSA on P-256 over the
script's SHA-256, as `openssl dgst -sha256 -verify` reads it. They lie in one object beside the bundle's catalog.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypedDict

from fleetdx import keys
from fleetdx.errors import BundleNotSigned, RecordMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from fleetdx.storage import Bucket

ALGORITHM: Literal["ECDSA_SHA_256"] = "ECDSA_SHA_256"


class SigningClient(Protocol):
    """The one verb of KMS that is used."""

    def sign(self, *, KeyId: str, Message: bytes, MessageType: str, SigningAlgorithm: str) -> Mapping[str, Any]:  # noqa: N803 - as boto3
        """Sign a digest; `Signature` has the bytes."""


class Signatures(TypedDict):
    """The signatures of a bundle: which key made them (its ARN), and base64 of DER by the script's SHA-256."""

    schema: Literal[1]
    key: str
    algorithm: str
    signatures: dict[str, str]


class Signer(NamedTuple):
    """Who signs: the key's ARN, and what makes a signature (base64) of a script's SHA-256."""

    key: str
    sign: Callable[[str], str]


def kms_signer(kms: SigningClient, key: str) -> Signer:
    """A signer whose private key stays in KMS."""

    def sign(digest: str) -> str:
        answer = kms.sign(KeyId=key, Message=bytes.fromhex(digest), MessageType="DIGEST", SigningAlgorithm=ALGORITHM)
        return base64.b64encode(answer["Signature"]).decode()

    return Signer(key, sign)


def sign_bundle(data: Bucket, digest: str, names: Iterable[str], signer: Signer) -> None:
    """Sign a bundle and its inline parts, unless this key has signed every one of them before.

    Args:
        data: The data bucket.
        digest: SHA-256 of the bundle.
        names: SHA-256 of the bundle and of each inline part.
        signer: Who signs.
    """
    wanted = sorted(set(names))
    known = _stored(data, digest)
    if known is not None and known["key"] == signer.key and set(wanted) <= set(known["signatures"]):
        return
    signed: Signatures = {
        "schema": 1,
        "key": signer.key,
        "algorithm": ALGORITHM,
        "signatures": {name: signer.sign(name) for name in wanted},
    }
    data.put_json(keys.signatures(digest), dict(signed))


def signature_of(data: Bucket, digest: str, name: str) -> str:
    """The signature (base64) of a bundle, or of an inline part of it.

    Args:
        data: The data bucket.
        digest: SHA-256 of the bundle.
        name: SHA-256 of the script that hosts are to run.

    Raises:
        BundleNotSigned: There is none.
    """
    known = _stored(data, digest)
    signature = known["signatures"].get(name) if known is not None else None
    if signature is None:
        raise BundleNotSigned(f"{name[:12]} of bundle {digest[:12]} is not signed: publish or approve it anew")
    return signature


def _stored(data: Bucket, digest: str) -> Signatures | None:
    try:
        known: Signatures = data.get_json(keys.signatures(digest))
    except RecordMissing:
        return None
    return known
