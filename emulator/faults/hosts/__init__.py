"""Faults of hosts: a host that fails, and a host that lies."""
