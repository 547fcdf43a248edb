"""The embedded AWS: the same templates, state machines and functions on one machine; never packaged."""

from emulator.first_imports import import_slow_modules

# Whatever is imported of the embedded AWS first, moto's modules are imported so.
import_slow_modules()
