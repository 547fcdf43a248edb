"""Seam in moto's Lambda: a function runs in this process, as itself, instead of in a container."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from botocore.exceptions import ClientError
from moto.awslambda.models import LambdaFunction, lambda_backends

from emulator.front_door.asked import Need
from emulator.seams.patching import Patches

DENIED: Final = {"HTTPStatusCode": 403, "RequestId": "none"}

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.front_door.judge import Judge
    from emulator.functions import FunctionRuntime


def install(runtime: FunctionRuntime) -> Callable[[], None]:
    """Run every invocation, by whatever service, in the given runtime; the answer undoes it."""

    def invoke(self: LambdaFunction, event: Any = None) -> tuple[str, bool, str]:
        return runtime.invoke(self, event if isinstance(event, dict) else {})

    patches = Patches()
    patches.replace(LambdaFunction, "_invoke_lambda", invoke)
    return patches.undo


def function_of(arn_or_name: str, account: str, region: str) -> LambdaFunction:
    """The function behind a name or an ARN, in the account and region that the ARN names.

    Raises:
        moto's UnknownFunctionException, which Step Functions tells as Lambda.ResourceNotFoundException.
    """
    if arn_or_name.startswith("arn:"):
        region, account = arn_or_name.split(":")[3:5]
    return lambda_backends[account][region].get_function(arn_or_name)


def check_invocation(judge: Judge, role_arn: str, function_arn: str) -> None:
    """Let a state machine invoke a function that its role may invoke.

    Raises:
        ClientError: Its role may not. Step Functions names it by AWS's SDK for Java, which has no class for it.
    """
    if not judge.allows(role_arn, Need("lambda:InvokeFunction", function_arn)):
        message = f"{role_arn} is not authorized to perform: lambda:InvokeFunction on resource: {function_arn}"
        error = {"Code": "AWSLambdaException", "Message": message}
        raise ClientError({"Error": error, "ResponseMetadata": DENIED}, "Invoke")  # type: ignore[typeddict-item]
