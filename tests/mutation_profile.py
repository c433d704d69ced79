"""How hypothesis behaves under mutation testing; a pytest plugin that `script/test-long` loads.

The same examples for every mutant, so that what one test notices does not hang on luck, and none
looked for that is smaller: whether a mutant is noticed is all that is asked.
"""

from hypothesis import HealthCheck, Phase, settings

NAME = "mutation"

settings.register_profile(
    NAME,
    derandomize=True,
    database=None,
    deadline=None,
    phases=(Phase.explicit, Phase.generate),
    suppress_health_check=(HealthCheck.too_slow, HealthCheck.filter_too_much),
)
