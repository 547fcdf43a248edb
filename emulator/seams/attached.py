"""What the seams add to moto's CloudFormation of their own: a part of a template that other resources are given."""

from __future__ import annotations

from typing import TYPE_CHECKING

from moto.core.common_models import CloudFormationModel

if TYPE_CHECKING:
    from collections.abc import Callable


class Attached(CloudFormationModel):  # type: ignore[misc]  # moto's is untyped
    """A part of a template that is made by what others are told, and taken back by what they are told then."""

    def __init__(self, identity: str, detach: Callable[[], None]) -> None:
        self.physical_resource_id = identity
        self._detach = detach

    def delete(self, account_id: str, region_name: str) -> None:  # noqa: ARG002 - moto's
        """Take it away from what it belongs to."""
        self._detach()

    @staticmethod
    def cloudformation_name_type() -> str:
        """None of these is named by moto."""
        return ""

    @classmethod
    def has_cfn_attr(cls, attr: str) -> bool:  # noqa: ARG003 - moto's
        """None of these has attributes that a template reads."""
        return False

    @staticmethod
    def cloudformation_type() -> str:
        """Not a type itself."""
        return "Embedded::Attached"
