"""Instances by the thousand: hosts that replay a recorded scan without a process, in a generated organization."""
