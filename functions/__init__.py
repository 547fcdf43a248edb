"""One folder a verb: what the states of the state machines call. No function imports another."""
