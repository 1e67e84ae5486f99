"""The fixtures of the kit, whether or not the package is installed with its plugin."""

from sdk.testing.plugin import github, sdk

__all__ = ["github", "sdk"]
