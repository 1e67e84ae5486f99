"""The pytest plugin by its module name: ``pytest -p sdk.testing.plugin``.

pytest itself loads ``github_sdk_pytest``, which contains it.
"""

from github_sdk_pytest import github, pytest_configure, pytest_runtest_call, sdk

__all__ = ["github", "pytest_configure", "pytest_runtest_call", "sdk"]
