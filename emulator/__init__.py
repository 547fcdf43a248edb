"""The embedded AWS: the same templates, state machines and functions on one machine; never packaged."""
