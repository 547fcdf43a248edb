"""The measurements: how fast fleetdx is beside what people use now, and how its cost grows."""
