"""Makes moto's KMS sign what it is asked to sign, with the kind of key that a template names.

What moto 5.2.5 does by itself: Sign takes no notice of MessageType, so that a digest is hashed once more; a key of a
template is always a symmetric one, and its policy has to be a text. tests/contract/test_seam_kms.py fails when that
changes.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed
from moto.kms.exceptions import ValidationException
from moto.kms.models import Key, kms_backends
from moto.kms.responses import KmsResponse

from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable

_ALGORITHM = "ECDSA_SHA_256"
_MOST_RAW_BYTES = 4096


def install() -> Callable[[], None]:
    """Replace Sign and how a template's key is made; the callable returned puts moto's own back."""
    patches = Patches()
    patches.replace(KmsResponse, "sign", _sign)
    patches.replace(Key, "create_from_cloudformation_json", _with_its_kind())
    return patches.undo


def _sign(self: KmsResponse) -> str:
    """Sign for keys of ECC_NIST_P256, the only ones that are used here."""
    key = self.kms_backend.describe_key(self._get_param("KeyId"))
    message: bytes = self._get_param("Message")  # moto has decoded it
    kind = self._get_param("MessageType") or "RAW"
    if key.key_spec != "ECC_NIST_P256" or self._get_param("SigningAlgorithm") != _ALGORITHM:
        raise ValidationException("the embedded KMS signs with keys of ECC_NIST_P256, and ECDSA_SHA_256, alone")
    if kind == "DIGEST" and len(message) != hashes.SHA256.digest_size:
        raise ValidationException("Digest is invalid length for algorithm ECDSA_SHA_256.")
    if kind == "RAW" and len(message) > _MOST_RAW_BYTES:
        raise ValidationException(f"Member must have length less than or equal to {_MOST_RAW_BYTES}")
    algorithm: Any = Prehashed(hashes.SHA256()) if kind == "DIGEST" else hashes.SHA256()
    signature = key.private_key.private_key.sign(message, ec.ECDSA(algorithm))
    answer = {"KeyId": key.arn, "Signature": base64.b64encode(signature).decode(), "SigningAlgorithm": _ALGORITHM}
    return json.dumps(answer)


def _with_its_kind() -> Any:
    original = Key.create_from_cloudformation_json

    def create(_: type[Key], /, name: str, resource: Any, account_id: str, region_name: str, **kwargs: Any) -> Key:
        properties = resource["Properties"]
        if "KeySpec" not in properties:
            symmetric: Key = original(name, resource, account_id, region_name, **kwargs)
            return symmetric
        key: Key = kms_backends[account_id][region_name].create_key(
            policy=json.dumps(properties["KeyPolicy"]),
            key_usage=properties["KeyUsage"],
            key_spec=properties["KeySpec"],
            description=properties.get("Description"),
            tags=properties.get("Tags", []),
        )
        return key

    return classmethod(create)
