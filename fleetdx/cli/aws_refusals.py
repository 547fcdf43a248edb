"""What AWS refuses on the way of a command, told as one sentence that says what to do."""

from __future__ import annotations

import re
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Final

from botocore import exceptions
from botocore.parsers import ResponseParserError

from fleetdx.cli.problems import EXIT_USAGE, AwsRefusal
from fleetdx.entrypoint import DENIED_CODES, SERVICE_CONTROL_POLICY, THROTTLE_CODES

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager

    from fleetdx.cli.deployments import Deployment

EXPIRED_CODES: Final = frozenset({"ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"})
UNKNOWN_CODES: Final = frozenset(
    {
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
        "IncompleteSignature",
        "AuthFailure",
        "InvalidToken",
    }
)
"""Of the query protocol, of JSON services, of S3 and of EC2: each has words of its own for the same."""
SKEWED: Final = ("RequestTimeTooSkewed", "Signature expired", "Signature not yet current")
"""A code of S3, and what the others say in their text: the clock of the caller differs by more than five minutes."""
NO_CREDENTIALS: Final = (
    exceptions.NoCredentialsError,
    exceptions.PartialCredentialsError,
    exceptions.CredentialRetrievalError,
    exceptions.SSOError,
    exceptions.TokenRetrievalError,
    exceptions.RefreshWithMFAUnsupportedError,
)
NEEDED: Final = re.compile(r"not authorized to perform: ([A-Za-z0-9-]+:[A-Za-z*]+)")
CALLER: Final = re.compile(r"User: (arn:[^\s]+)")
WHO_MAY: Final = "docs/operations.md#work-on-a-deployed-stack"
SIGN_IN: Final = "sign in again (aws sso login, or new keys in your environment or profile)"


@contextmanager
def refusals_told(then: str = "") -> Iterator[None]:
    """Tell what AWS refuses within as a sentence.

    Args:
        then: What goes on nevertheless and how to come back to it, as a sentence of its own; without it nothing does.

    Raises:
        AwsRefusal: Instead of botocore's errors.
    """
    try:
        yield
    except exceptions.ParamValidationError:
        # A fault of ours, not of AWS or the caller.
        raise
    except (exceptions.ClientError, exceptions.BotoCoreError, exceptions.HTTPClientError, ResponseParserError) as error:
        told = refusal_of(error)
        raise (AwsRefusal(f"{told}. {then}") if then else told) from None


def left_alone(deployment: Deployment, then: str) -> AbstractContextManager[None]:
    """The same while what was started goes on in a deployed stack; on the embedded AWS an error is a fault of ours."""
    return refusals_told(then) if deployment.asked_as else nullcontext()


def refusal_of(error: Exception) -> AwsRefusal:
    """What an error of botocore means to the one who typed the command."""
    if isinstance(error, exceptions.ClientError):
        return _answered(error)
    if isinstance(error, NO_CREDENTIALS):
        return AwsRefusal(f"there are no AWS credentials any more: {_without_end(str(error))}; {SIGN_IN}", EXIT_USAGE)
    return AwsRefusal(f"AWS does not answer: {_without_end(str(error))}; try again later")


def _answered(error: exceptions.ClientError) -> AwsRefusal:
    code, text = error.response.get("Error", {}).get("Code", ""), error.response.get("Error", {}).get("Message", "")
    call = f"{error.operation_name}: {code}"
    if any(word in (code, *([word] if word in text else [])) for word in SKEWED):
        return AwsRefusal(f"the clock of this machine is not AWS's ({call}); set it right", EXIT_USAGE)
    if code in EXPIRED_CODES:
        return AwsRefusal(f"your AWS credentials have expired ({call}); {SIGN_IN}", EXIT_USAGE)
    if code in UNKNOWN_CODES:
        return AwsRefusal(f"AWS does not know your credentials ({call}); {SIGN_IN}", EXIT_USAGE)
    if code in DENIED_CODES:
        return AwsRefusal(_denied(error.operation_name, code, text), EXIT_USAGE)
    if code in THROTTLE_CODES:
        return AwsRefusal(f"AWS refuses for its rate what was asked again and again ({call}); try again later")
    return AwsRefusal(f"AWS refuses a call ({call}): {_without_end(text)}")


def _denied(operation: str, code: str, text: str) -> str:
    """Which action is missing, to whom, and who can mend it; AWS tells action and caller in most of its answers."""
    needed, caller = NEEDED.search(text), CALLER.search(text)
    action = needed[1] if needed else operation
    whom = f" to {caller[1]}" if caller else ""
    if SERVICE_CONTROL_POLICY in text:
        remedy = "a service control policy of the organization denies it, so that no role of the account can have it"
    else:
        remedy = f"take a role of the central account that may, and name it with --aws-profile: {WHO_MAY}"
    return f"AWS does not allow {action}{whom} ({code}); {remedy}"


def _without_end(text: str) -> str:
    return text.strip().rstrip(".")
