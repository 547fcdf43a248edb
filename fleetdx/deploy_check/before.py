"""The questions before a deployment, in the order of the table. Nothing here changes anything."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fleetdx.deploy_check.event_questions import about_events
from fleetdx.deploy_check.name_questions import about_names
from fleetdx.deploy_check.organization_questions import about_organization, who_asks
from fleetdx.deploy_check.region_questions import about_quotas, about_regions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fleetdx.deploy_check.answers import Answer
    from fleetdx.deploy_check.inquiry import Inquiry


def before(inquiry: Inquiry) -> Iterator[Answer]:
    """Ask everything."""
    yield from who_asks(inquiry)
    yield from about_organization(inquiry)
    yield from about_events(inquiry)
    yield from about_regions(inquiry)
    yield from about_quotas(inquiry)
    yield from about_names(inquiry)
