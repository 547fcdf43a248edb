"""Decide about one request: whose it is, what it asks for, and whether it may pass."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from emulator.front_door.asked import Need
from emulator.front_door.buckets import region_of_bucket
from emulator.front_door.judge import Judge
from emulator.front_door.messages import Request, RequestFacts
from emulator.front_door.needs import needs_of
from emulator.front_door.needs_of_s3 import arn_of
from emulator.front_door.operations import operation_name, resource_of, split_bucket_and_key
from emulator.front_door.post_form import PostedObject, parse_post_form
from emulator.front_door.post_policy import verify_post
from emulator.front_door.refusals import Refused
from emulator.front_door.signatures import Claim, header_claim, is_presigned, presigned_claim, verify_request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from emulator.front_door.credentials import CredentialStore, IssuedCredentials


STS_PRESIGNED_SECONDS = 900
"""So long STS takes a presigned request, whatever the request itself says of its expiry."""


@dataclass(frozen=True, slots=True)
class Admitted:
    """A request that may pass; `posted` is the object of a POST form, None for every other request."""

    facts: RequestFacts
    posted: PostedObject | None = None


class Authenticator:
    """Verifies every request against the credential store.

    Every request needs a good signature, and every one of a role's sessions, presigned or not, what AWS asks of the
    role's policies for it. Presigned URLs of S3 and POST forms also have to name the region of the bucket.
    """

    def __init__(
        self,
        store: CredentialStore,
        judge: Judge | None = None,
        region_of_bucket: Callable[[str], str | None] = region_of_bucket,
    ) -> None:
        """Take the keys to believe in, the judge, and what gives the region of a bucket."""
        self._store = store
        self._judge = judge or Judge()
        self._region_of_bucket = region_of_bucket

    def admit(self, request: Request) -> Admitted:
        """Let one request in, or raise Refused in S3's words."""
        if is_presigned(request):
            return self._admit_presigned(request, presigned_claim(request))
        if _is_post_form(request):
            return self._admit_post(request)
        return self._admit_signed(request, header_claim(request), host_traffic=False)

    def _admit_presigned(self, request: Request, claim: Claim) -> Admitted:
        """Let in what is presigned: S3's requests, and the one of STS by which others prove who they are."""
        if claim.scope.service == "s3":
            return self._admit_signed(request, claim, host_traffic=True)
        if (claim.scope.service, operation_name("sts", request)) != ("sts", "GetCallerIdentity"):
            raise Refused("AccessDenied", "Only requests to S3, and GetCallerIdentity, may be presigned here.")
        # STS takes no notice of X-Amz-Expires (aws-iam-authenticator, pkg/token/token.go).
        return self._admit_signed(request, replace(claim, expires_seconds=STS_PRESIGNED_SECONDS), host_traffic=False)

    def _admit_signed(self, request: Request, claim: Claim, *, host_traffic: bool) -> Admitted:
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
            self._check_region(split_bucket_and_key(request.path)[0], claim.scope.region)
        if credentials.principal.role_arn is not None:  # an operator may do everything
            self._authorize(credentials, facts, needs_of(facts, request))
        return Admitted(facts)

    def _admit_post(self, request: Request) -> Admitted:
        bucket, _ = split_bucket_and_key(request.path)
        form = parse_post_form(request.headers["content-type"], request.body)
        credentials, scope = verify_post(form, bucket, self._store.find, self._store.clock())
        self._check_region(bucket, scope.region)
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
        self._authorize(credentials, facts, (Need("s3:PutObject", arn_of(bucket, form.key)),))
        return Admitted(facts, form.posted_object(bucket))

    def _check_region(self, bucket: str, region: str) -> None:
        """Refuse a signature for another region than the bucket's, which no host can correct."""
        actual = self._region_of_bucket(bucket)
        if actual not in {None, region}:
            message = (
                f"Error parsing the X-Amz-Credential parameter; the region '{region}' is wrong; expecting '{actual}'"
            )
            raise Refused("AuthorizationQueryParametersError", message, 400)

    def _authorize(self, caller: IssuedCredentials, facts: RequestFacts, needs: Iterable[Need] | None) -> None:
        """Refuse what the signer itself may not do, and what nobody knows the permissions of."""
        code = "AccessDenied" if facts.service == "s3" else "NotAuthorized"
        if needs is None:
            message = f"The embedded AWS does not know which permissions {facts.name} needs; no role may call it."
            raise Refused(code, message)
        self._judge.check(caller, needs, code)


def _is_post_form(request: Request) -> bool:
    return request.method == "POST" and request.headers.get("content-type", "").startswith("multipart/form-data")
