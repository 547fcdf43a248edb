"""An answer of AWS without what it is asked for is none."""

from __future__ import annotations

from types import SimpleNamespace

import botocore.session
import pytest

from fleetdx.answers import NEEDED, refuse_malformed
from fleetdx.errors import ServiceUnavailable

SERVICES = (
    "account",
    "autoscaling",
    "cloudtrail",
    "ec2",
    "iam",
    "lambda",
    "organizations",
    "service-quotas",
    "ssm",
    "stepfunctions",
    "sts",
)


def check(operation: str, status: int, parsed: dict[str, object]) -> None:
    refuse_malformed(
        http_response=SimpleNamespace(status_code=status), parsed=parsed, model=SimpleNamespace(name=operation)
    )


def test_an_empty_answer_is_refused() -> None:
    """What botocore makes of a body that is no JSON is told as no answer, under the operation's name."""
    with pytest.raises(ServiceUnavailable, match="SendCommand: AWS's answer lacks Command"):
        check("SendCommand", 200, {"ResponseMetadata": {}})


def test_answers_and_errors_pass() -> None:
    """A whole answer, an error and an operation that answers nothing are not this function's matter."""
    check("SendCommand", 200, {"Command": {}})
    check("SendCommand", 400, {"Error": {}})
    check("CancelCommand", 200, {})


def test_the_table_names_what_the_models_have() -> None:
    """Each operation exists in a service that we call, and its output has the member that is asked for."""
    models = [botocore.session.get_session().get_service_model(service) for service in SERVICES]
    for operation, member in NEEDED.items():
        (model,) = [model for model in models if operation in model.operation_names]
        assert member in model.operation_model(operation).output_shape.members
