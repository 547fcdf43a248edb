"""Deploys fleetdx to an organization and removes it again; never part of what ships to Lambda."""
