"""The published bundle of checks and its catalog, as the functions read them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetdx import keys
from fleetdx.errors import BundleMissing, RecordMissing

if TYPE_CHECKING:
    from fleetdx.models import Catalog, CatalogProfile
    from fleetdx.storage import Bucket


def current_bundle(data: Bucket) -> str:
    """SHA-256 of the bundle that new runs use.

    Raises:
        BundleMissing: None was ever published.
    """
    try:
        digest: str = data.get_json(keys.CURRENT_BUNDLE)["bundle"]
    except (RecordMissing, KeyError, TypeError):
        raise BundleMissing(f"no bundle is published: s3://{data.name}/{keys.CURRENT_BUNDLE} names none") from None
    return digest


def read_catalog(data: Bucket, digest: str) -> Catalog:
    """The catalog of a bundle.

    Raises:
        BundleMissing: That bundle was not published with its catalog.
    """
    try:
        catalog: Catalog = data.get_json(keys.catalog(digest))
    except RecordMissing as error:
        raise BundleMissing(f"bundle {digest} has no catalog: {error}") from None
    return catalog


def read_part(data: Bucket, digest: str) -> bytes:
    """The script of an inline part, which lies beside the bundles.

    Raises:
        BundleMissing: It is absent.
    """
    try:
        return data.get(keys.bundle(digest))
    except RecordMissing as error:
        raise BundleMissing(f"an inline part is absent: {error}") from None


def profile_of(catalog: Catalog, name: str) -> CatalogProfile:
    """One profile of a bundle.

    Raises:
        BundleMissing: The bundle has no such profile.
    """
    profiles = catalog["profiles"]
    if name not in profiles:
        bundle = catalog["bundle"]
        raise BundleMissing(f"bundle {bundle} has no profile {name}; it has {', '.join(sorted(profiles))}")
    return profiles[name]
