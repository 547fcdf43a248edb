"""What AWS refuses is one sentence: what is missing, whose it is, and what to do."""

from __future__ import annotations

import pytest
from botocore import exceptions

from fleetdx.cli.aws_refusals import refusal_of, refusals_told
from fleetdx.cli.problems import AwsRefusal
from tests.fakes.aws_errors import client_error

VIEWER = "arn:aws:sts::222222222222:assumed-role/Viewers/minseo"


def denied(text: str, code: str = "AccessDeniedException") -> exceptions.ClientError:
    return exceptions.ClientError({"Error": {"Code": code, "Message": text}}, "StartExecution")


@pytest.mark.parametrize(
    ("error", "told", "exit_code"),
    [
        (client_error("ExpiredTokenException", "DescribeExecution"), "your AWS credentials have expired", 2),
        (client_error("ExpiredToken", "GetObject"), "have expired (GetObject: ExpiredToken); sign in again", 2),
        (client_error("InvalidAccessKeyId", "GetObject"), "AWS does not know your credentials", 2),
        (client_error("UnrecognizedClientException", "GetParameter"), "AWS does not know your credentials", 2),
        (client_error("RequestTimeTooSkewed", "PutObject"), "the clock of this machine is not AWS's", 2),
        (denied("Signature expired: 20261123T021500Z is now earlier", "InvalidSignatureException"), "the clock of", 2),
        (client_error("ThrottlingException", "DescribeExecution"), "AWS refuses for its rate", 1),
        (client_error("ValidationException", "StartExecution"), "AWS refuses a call (StartExecution: Val", 1),
        (exceptions.NoCredentialsError(), "there are no AWS credentials any more", 2),
        (exceptions.UnauthorizedSSOTokenError(), "there are no AWS credentials any more", 2),
        (exceptions.EndpointConnectionError(endpoint_url="https://states.example"), "AWS does not answer: ", 1),
        (exceptions.ReadTimeoutError(endpoint_url="https://states.example"), "AWS does not answer: ", 1),
    ],
)
def test_each_has_its_sentence_and_exit_code(error: Exception, told: str, exit_code: int) -> None:
    """2 where the caller can mend it, 1 where only time can."""
    refusal = refusal_of(error)
    assert told in str(refusal)
    assert refusal.exit_code == exit_code


def test_a_missing_right_is_named_with_whom_it_was_refused() -> None:
    """AWS's own text tells action and caller; where it does not, the operation stands for the action."""
    text = f"User: {VIEWER} is not authorized to perform: states:StartExecution on resource: arn:aws:states:::x because"
    assert str(refusal_of(denied(text))) == (
        f"AWS does not allow states:StartExecution to {VIEWER} (AccessDeniedException); take a role of the central "
        "account that may, and name it with --aws-profile: docs/operations.md#work-on-a-deployed-stack"
    )
    assert "AWS does not allow StartExecution (AccessDenied); take a role" in str(
        refusal_of(denied("", "AccessDenied"))
    )
    by_policy = f"{text} with an explicit deny in a service control policy"
    assert "no role of the account can have it" in str(refusal_of(denied(by_policy)))


def test_what_goes_on_nevertheless_is_told_with_the_way_back() -> None:
    """Something was started: the exit code is 1 whoever can mend it, and the sentence ends with what to type."""
    back = "Come back: fleetdx scan --resume RUN --aws"
    with pytest.raises(AwsRefusal, match=rf"have expired .*\. {back}$") as told, refusals_told(back):
        raise client_error("ExpiredToken", "GetObject")
    assert told.value.exit_code == 1


def test_what_is_our_fault_is_no_refusal() -> None:
    """A malformed call and an error of our own pass as they are."""
    with pytest.raises(exceptions.ParamValidationError), refusals_told():
        raise exceptions.ParamValidationError(report="Missing required parameter")
    with pytest.raises(KeyError), refusals_told():
        raise KeyError("output")
