"""What every Lambda entry point shares: the log, and AWS's errors told as ours.

The class of what leaves a handler is the ASL error name, so a raw ClientError would tell the state machine nothing.
"""

from __future__ import annotations

import functools
import time
from typing import TYPE_CHECKING, TypeVar

from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError, ParamValidationError
from botocore.parsers import ResponseParserError

from fleetdx.errors import (
    AccessDenied,
    DeniedByServiceControlPolicy,
    FleetdxError,
    ServiceThrottled,
    ServiceUnavailable,
)
from fleetdx.log import facts_of, logger_for

if TYPE_CHECKING:
    from collections.abc import Callable

Input = TypeVar("Input")
Output = TypeVar("Output")

THROTTLE_CODES = frozenset(
    {
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "SlowDown",
        "RateExceeded",
        "PriorRequestNotComplete",
    }
)
# The words of AWS ("Troubleshoot access denied error messages" in the IAM guide); nothing else tells it apart.
SERVICE_CONTROL_POLICY = "explicit deny in a service control policy"
DENIED_CODES = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"})
# A clock that is off, or a session that has just ended: the next try signs anew.
SIGNATURE_CODES = frozenset(
    {
        "RequestTimeTooSkewed",
        "RequestExpired",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "ExpiredToken",
        "ExpiredTokenException",
        "AuthFailure",
    }
)
# Neither of the last two is a BotoCoreError: what came was no XML, or no text where JSON was due.
NO_ANSWER = (HTTPClientError, BotoCoreError, ResponseParserError, UnicodeDecodeError)
SERVER_FAULT = 500


def translate(error: ClientError) -> FleetdxError | None:
    """Our error for an AWS error that any call can have; None when it is particular to one call.

    The sentence names operation and code, not AWS's text: that can quote parameters.
    """
    code = error.response.get("Error", {}).get("Code", "")
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    sentence = f"{error.operation_name}: {code}"
    if code in THROTTLE_CODES:
        return ServiceThrottled(sentence)
    if code in DENIED_CODES and SERVICE_CONTROL_POLICY in error.response["Error"].get("Message", ""):
        return DeniedByServiceControlPolicy(sentence)
    if code in DENIED_CODES:
        return AccessDenied(sentence)
    if code in SIGNATURE_CODES or status >= SERVER_FAULT:
        return ServiceUnavailable(sentence)
    return None


def entrypoint(handler: Callable[[Input, object], Output]) -> Callable[[Input, object], Output]:
    """Wrap a handler: log its start and end, and raise AWS's common errors as ours.

    Everything else passes unchanged, so that its class name reaches the state machine.
    """
    name = handler.__module__.split(".")[-2]

    @functools.wraps(handler)
    def wrapped(event: Input, context: object) -> Output:
        logger, facts, started = logger_for(name), facts_of(event), time.monotonic()
        try:
            output = handler(event, context)
        except ClientError as error:
            ours = translate(error)
            logger.warning("failed", extra={"facts": facts}, exc_info=ours or error)
            if ours is None:
                raise
            raise ours from None
        except ParamValidationError as error:
            # The same call fails the same way again, so it is not worth a retry; its text quotes parameters.
            logger.warning("failed", extra={"facts": facts}, exc_info=error)
            raise FleetdxError("botocore refuses a call of ours before it is sent: malformed parameters") from None
        except NO_ANSWER as error:
            logger.warning("failed", extra={"facts": facts}, exc_info=error)
            raise ServiceUnavailable(f"no answer from AWS: {type(error).__name__}") from None
        except Exception as error:
            logger.warning("failed", extra={"facts": facts}, exc_info=error)
            raise
        milliseconds = round((time.monotonic() - started) * 1000)
        logger.info("done", extra={"facts": {**facts, "duration_ms": milliseconds}})
        return output

    return wrapped
