"""Settings of property tests."""

from hypothesis import HealthCheck, settings

# Without limits in real time, which fail on a busy machine.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
