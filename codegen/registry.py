"""Names every object type and alias of GitHub's description that is in use."""

from __future__ import annotations

from codegen import names
from sdk.codegen import registry


class Registry(registry.Registry):
    """The named types of one direction: of responses, or of arguments."""

    def class_name(self, name: str) -> str:
        """Return a name as that of a class."""
        return names.class_name(name)

    def _component_name(self, key: str) -> str:
        # GitHub describes many schemas a second time, as their nullable twins.
        name = names.class_name(key.removeprefix("nullable-"))
        return names.class_name(key) if name in self.definitions else name
