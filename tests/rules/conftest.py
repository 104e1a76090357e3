"""A shared or slow machine must not turn a property red: examples are counted, never timed."""

from hypothesis import settings

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
