"""Seam in S3's HeadBucket: a bucket of another account is told of by 403. moto 5.2.5 lets everybody look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from moto.s3.models import s3_backends
from moto.s3.responses import S3Response

from emulator.seams.patching import Patches

if TYPE_CHECKING:
    from collections.abc import Callable


def install() -> Callable[[], None]:
    """Refuse the buckets of others, whatever their policies say; the answer undoes it."""
    own: Any = S3Response.head_bucket

    def head_bucket(self: S3Response) -> Any:
        owner = s3_backends.bucket_accounts.get(self.bucket_name)
        if owner is not None and owner[1] != self.current_account:
            return 403, {}, ""
        return own(self)

    patches = Patches()
    patches.replace(S3Response, "head_bucket", head_bucket)
    return patches.undo
