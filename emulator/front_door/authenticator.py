"""Decide about one request: whose it is, what it asks for, and whether it may pass."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from emulator.front_door.buckets import region_of_bucket
from emulator.front_door.judged_calls import judged_resource
from emulator.front_door.messages import Request, RequestFacts
from emulator.front_door.operations import operation_name, resource_of, split_bucket_and_key
from emulator.front_door.permissions import may
from emulator.front_door.post_form import PostedObject, parse_post_form
from emulator.front_door.post_policy import verify_post
from emulator.front_door.refusals import Refused
from emulator.front_door.roles import statements_of_role
from emulator.front_door.signatures import Claim, header_claim, is_presigned, presigned_claim, verify_request

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from emulator.front_door.credentials import CredentialStore, IssuedCredentials, Statement

# S3 operations whose permission has another name than the operation. Source: "Actions defined by Amazon S3" in the
# service authorization reference.
_S3_ACTIONS = {
    "HeadObject": "GetObject",
    "PostObject": "PutObject",
    "CopyObject": "PutObject",
    "CreateMultipartUpload": "PutObject",
    "UploadPart": "PutObject",
    "CompleteMultipartUpload": "PutObject",
    "ListParts": "ListMultipartUploadParts",
    "ListObjects": "ListBucket",
    "ListObjectsV2": "ListBucket",
    "HeadBucket": "ListBucket",
    "ListObjectVersions": "ListBucketVersions",
    "ListBuckets": "ListAllMyBuckets",
}


@dataclass(frozen=True, slots=True)
class Admitted:
    """A request that may pass; `posted` is the object of a POST form, None for every other request."""

    facts: RequestFacts
    posted: PostedObject | None = None


class Authenticator:
    """Verifies every request against the credential store.

    Header-signed requests need a good signature, and some the caller's own policies (judged_calls.py). Presigned URLs
    and POST forms also need the signer's own policies to allow the S3 action on the object, and the region of the
    bucket: `statements_of_role` gives the statements of a role's policies, `region_of_bucket` the region of a bucket.
    """

    def __init__(
        self,
        store: CredentialStore,
        statements_of_role: Callable[[str], Sequence[Statement]] = statements_of_role,
        region_of_bucket: Callable[[str], str | None] = region_of_bucket,
    ) -> None:
        """Take the keys and the policies to believe in."""
        self._store = store
        self._statements_of_role = statements_of_role
        self._region_of_bucket = region_of_bucket

    def admit(self, request: Request) -> Admitted:
        """Let one request in, or raise Refused in S3's words."""
        if is_presigned(request):
            return self._admit_signed(request, presigned_claim(request), host_traffic=True)
        if _is_post_form(request):
            return self._admit_post(request)
        return self._admit_signed(request, header_claim(request), host_traffic=False)

    def _admit_signed(self, request: Request, claim: Claim, *, host_traffic: bool) -> Admitted:
        if host_traffic and claim.scope.service != "s3":
            raise Refused("AccessDenied", "Only S3 requests may be presigned here.")
        credentials = verify_request(request, claim, self._store.find, self._store.clock())
        operation = operation_name(claim.scope.service, request)
        facts = RequestFacts(
            method=request.method,
            path=request.path,
            service=claim.scope.service,
            operation=operation,
            region=claim.scope.region,
            caller=credentials.principal,
            host_traffic=host_traffic,
            resource=resource_of(claim.scope.service, operation, request),
        )
        if host_traffic:
            bucket, key = split_bucket_and_key(request.path)
            self._check_region(bucket, claim.scope.region)
            self._authorize_object(credentials, operation, bucket, key)
            return Admitted(facts)
        resource = judged_resource(facts, request)
        if resource is not None:
            self._authorize(credentials, facts.name, resource, "NotAuthorized")
        return Admitted(facts)

    def _admit_post(self, request: Request) -> Admitted:
        bucket, _ = split_bucket_and_key(request.path)
        form = parse_post_form(request.headers["content-type"], request.body)
        credentials, scope = verify_post(form, bucket, self._store.find, self._store.clock())
        self._check_region(bucket, scope.region)
        self._authorize_object(credentials, "PostObject", bucket, form.key)
        facts = RequestFacts(
            method=request.method,
            path=request.path,
            service="s3",
            operation="PostObject",
            region=scope.region,
            caller=credentials.principal,
            host_traffic=True,
            resource=f"/{bucket}/{form.key}",
        )
        return Admitted(facts, form.posted_object(bucket))

    def _check_region(self, bucket: str, region: str) -> None:
        """Refuse a signature for another region than the bucket's, which no host can correct."""
        actual = self._region_of_bucket(bucket)
        if actual not in {None, region}:
            message = (
                f"Error parsing the X-Amz-Credential parameter; the region '{region}' is wrong; expecting '{actual}'"
            )
            raise Refused("AuthorizationQueryParametersError", message, 400)

    def _authorize_object(self, credentials: IssuedCredentials, operation: str, bucket: str, key: str) -> None:
        resource = f"arn:aws:s3:::{bucket}/{key}" if key else f"arn:aws:s3:::{bucket}"
        self._authorize(credentials, f"s3:{_S3_ACTIONS.get(operation, operation)}", resource, "AccessDenied")

    def _authorize(self, credentials: IssuedCredentials, action: str, resource: str, code: str) -> None:
        """Refuse what the signer itself may not do; an operator is an administrator and may do everything."""
        role_arn = credentials.principal.role_arn
        if role_arn is None:
            return
        allowed = may(self._statements_of_role(role_arn), action, resource)
        if not allowed or (
            credentials.session_policy is not None and not may(credentials.session_policy, action, resource)
        ):
            arn = credentials.principal.arn
            raise Refused(code, f"User: {arn} is not authorized to perform: {action} on resource: {resource}")


def _is_post_form(request: Request) -> bool:
    return request.method == "POST" and request.headers.get("content-type", "").startswith("multipart/form-data")
