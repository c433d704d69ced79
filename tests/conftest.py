"""Property tests are not timed: a machine that has something else to do fails none."""

from hypothesis import HealthCheck, settings

# Hypothesis has settings of its own for machines that only run tests: they stay otherwise.
settings.register_profile(
    "untimed", settings(), deadline=None, suppress_health_check=(HealthCheck.too_slow,)
)
settings.load_profile("untimed")
