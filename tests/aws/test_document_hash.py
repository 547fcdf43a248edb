"""On a real account: what AWS calls the hash of the scan document is what this checkout would pin.

    AWS_PROFILE=... AWS_REGION=... .venv/bin/python -m pytest -m aws tests/aws/test_document_hash.py

It needs ssm:GetDocument, ssm:DescribeDocument, cloudformation:DescribeStackResources and cloudformation:DescribeStacks,
and changes nothing.
"""

from __future__ import annotations

from typing import Any

import boto3
import pytest

from tools.document_hash import expected_hash, hash_of_rendered, sha256_of

pytestmark = pytest.mark.aws
NAME = "fleetdx-scan"


def deployed_document(session: Any) -> tuple[str, str, dict[str, str]]:
    """The document's text, AWS's hash of it, and the parameters of the stack that made it."""
    ssm, stacks = session.client("ssm"), session.client("cloudformation")
    text = ssm.get_document(Name=NAME, DocumentFormat="JSON")["Content"]
    told = ssm.describe_document(Name=NAME)["Document"]["Hash"]
    stack = stacks.describe_stack_resources(PhysicalResourceId=NAME)["StackResources"][0]["StackName"]
    parameters = stacks.describe_stacks(StackName=stack)["Stacks"][0]["Parameters"]
    return text, told, {one["ParameterKey"]: one["ParameterValue"] for one in parameters}


def test_aws_hashes_the_text_that_this_checkout_releases() -> None:
    """The hash is the SHA-256 of the text, and everything in the text is what the template says."""
    text, told, parameters = deployed_document(boto3.Session())
    assert sha256_of(text) == told
    assert hash_of_rendered(text, parameters) == told


def test_cloudformation_spells_the_text_as_expected() -> None:
    """Not needed for the pin, but where it holds the hash is known before anything is deployed."""
    _, told, parameters = deployed_document(boto3.Session())
    assert expected_hash(parameters) == told
