"""Which instances Systems Manager does not manage, and why: facts in, one cause for each instance out. Pure."""
