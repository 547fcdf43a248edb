"""S3 tells of an absent object only those who may list the bucket; to all others the access is denied.

Source: GetObject and HeadObject in S3's API reference, "Permissions".
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from emulator.front_door.asked import Need
from emulator.front_door.needs_of_s3 import arn_of
from emulator.front_door.operations import split_bucket_and_key
from emulator.front_door.refusals import error_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from emulator.front_door.judge import Judge
    from emulator.front_door.messages import Answer, Interceptor, RequestFacts


def _tells_of_absence(facts: RequestFacts, answer: Answer) -> bool:
    if answer.status != HTTPStatus.NOT_FOUND:
        return False
    # An answer to HEAD has no body to say what is missing.
    return facts.name == "s3:HeadObject" or (facts.name == "s3:GetObject" and b"<Code>NoSuchKey</Code>" in answer.body)


def hides_absences(judge: Judge) -> Interceptor:
    """What stands between front door and S3, and hides from a role what is not there."""

    def intercept(facts: RequestFacts, serve: Callable[[], Answer]) -> Answer:
        answer = serve()
        role_arn = facts.caller.role_arn
        if role_arn is None or not _tells_of_absence(facts, answer):
            return answer
        bucket, _ = split_bucket_and_key(facts.path)
        if judge.allows(role_arn, Need("s3:ListBucket", arn_of(bucket, ""))):
            return answer
        return error_answer("s3", "AccessDenied", HTTPStatus.FORBIDDEN, "Access Denied")

    return intercept
