"""Single changes to a working network, made through the EC2 API; each draws its particulars from a seeded generator."""

from tests.network_changes import endpoints, filters, names, paths
from tests.network_changes.scene import Change, Scene, new_scene

CHANGES: tuple[Change, ...] = (*filters.CHANGES, *paths.CHANGES, *endpoints.CHANGES, *names.CHANGES)

__all__ = ["CHANGES", "Change", "Scene", "new_scene"]
