"""What never reaches the browser: credentials, tokens and signatures, in whatever a document carries them. Pure.

Step Functions' histories and SSM's answers are shown as they are but for these. A secret is known by the name of the
field that holds it, by how it begins, or because the server holds it itself. Texts that are JSON (inputs and outputs of
states) are looked through as documents, texts that were cut off as text.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LEFT_OUT: Final = "[left out]"
SECRET_FIELDS: Final = frozenset(
    {
        "accesskeyid",
        "authorization",
        "awsaccesskeyid",
        "awssecretaccesskey",
        "awssessiontoken",
        "bundlequery",
        "password",
        "secretaccesskey",
        "secretkey",
        "securitytoken",
        "sessiontoken",
        "tasktoken",
        "uploadcredential",
        "uploadpolicy",
        "uploadsignature",
        "uploadtoken",
        "xamzcredential",
        "xamzsecuritytoken",
        "xamzsignature",
    }
)
"""Names of fields whose value is a secret, in small letters without marks; those of uploads are parameters of ours."""

_EQUALS = r"(?:=|%3[dD]|\\u003[dD])"
_VALUE = r"[^&\s\"'<>\\]*"
_PATTERNS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        # A query's signed parts, one after the other; "Authenticating requests: using query parameters" in S3's API.
        rf"(?i)(?:x-amz-[a-z-]+{_EQUALS}{_VALUE}(?:&|\\u0026|%26)?)+",
        # The same of the signature version before.
        rf"(?i)(?<=[?&])(?:signature|awsaccesskeyid){_EQUALS}{_VALUE}",
        # Ids of keys: "Unique identifiers" in the IAM user guide.
        r"(?:AKIA|ASIA)[A-Z0-9]{12,}",
        # A POST policy begins with {"expiration, a session token with its issuer, both in base64.
        r"eyJleHBpcmF0aW9u[A-Za-z0-9+/=_-]*",
        r"(?:IQoJb3JpZ2lu|F[wQ]oGZXIvYXdz)[A-Za-z0-9+/=%_-]*",
        r"https://hooks\.slack\.com/[^\s\"'<>\\]*",
        r"(?i)bearer\s+[A-Za-z0-9._~+/=-]{8,}",
    )
)
_FIELD_IN_TEXT: Final = re.compile(
    r"(?i)((?:access_?key_?id|secret_?access_?key|session_?token|security_?token|task_?token|bundle_?query"
    r"|upload_?(?:credential|policy|signature|token))(?:\\*\")?\s*[:=]\s*(?:\[\s*)?)(\\*\")?([^\\\"\s,}\]]+)"
)
_SUSPICIOUS: Final = re.compile(
    r"(?i)x-amz-|akia|asia|key|token|signature|credential|policy|query|password|authorization|bearer|slack|eyJleHB|oGZXIv|IQoJ"
)


class Redaction:
    """Takes secrets out of documents and texts.

    Also those that the server knows: its token, and the keys that it calls AWS with.
    """

    def __init__(self, known: Iterable[str] = ()) -> None:
        self._known = tuple(sorted({secret for secret in known if secret}, key=len, reverse=True))

    def document(self, value: Any) -> Any:  # noqa: ANN401 - any JSON, with moments of Python's
        """The same document without secrets; what has none is the same object."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {self._name(name): self._field(name, one) for name, one in value.items()}
        if isinstance(value, list | tuple):
            return [self.document(one) for one in value]
        return value

    def _name(self, name: Any) -> Any:  # noqa: ANN401 - keys of JSON are texts, those of others stay
        return self.text(name) if isinstance(name, str) else name

    def _field(self, name: Any, value: Any) -> Any:  # noqa: ANN401 - as above
        if value and isinstance(value, str | list | tuple | dict) and isinstance(name, str) and is_secret_field(name):
            return LEFT_OUT
        return self.document(value)

    def text(self, text: str) -> str:
        """The same text without secrets; one that is JSON stays JSON."""
        for secret in self._known:
            text = text.replace(secret, LEFT_OUT)
        if _SUSPICIOUS.search(text) is None:
            return text
        if text[:1] in ("{", "["):
            try:
                inside = json.loads(text)
                cleaned = self.document(inside)
            except (ValueError, RecursionError):
                return _without_patterns(text)
            if cleaned != inside:
                text = json.dumps(cleaned, ensure_ascii=False)
        return _without_patterns(text)


def is_secret_field(name: str) -> bool:
    """Whether a field of that name holds a secret, however its words are joined."""
    return re.sub(r"[^a-z0-9]", "", name.lower()) in SECRET_FIELDS


def _without_patterns(text: str) -> str:
    for pattern in _PATTERNS:
        text = pattern.sub(LEFT_OUT, text)
    return _FIELD_IN_TEXT.sub(_blanked, text)


def _blanked(found: re.Match[str]) -> str:
    if found.group(3).startswith("[left"):
        return found.group(0)
    return f"{found.group(1)}{found.group(2) or ''}{LEFT_OUT}"


def secrets_of(credentials: Mapping[str, str | None]) -> list[str]:
    """The values among credentials that are secret."""
    return [value for value in credentials.values() if value]
