"""Every test of this folder runs with made-up credentials."""

from __future__ import annotations

from tests.fakes.no_aws import no_aws

__all__ = ["no_aws"]
