"""Write the module with a client dependency for the endpoints of a FastAPI app."""

from __future__ import annotations

from sdk.codegen import names
from sdk.codegen.source_files import HEADER

FILE = "dependency.py"


def dependency(client: str) -> str:
    """Return the text of the module, for a client of this name."""
    variable = f"shared_{names.snake(client)}"
    alias = f"{client}Dep"
    return f'''{HEADER}"""The app's one ``{client}``, for the endpoints of a FastAPI app.

::

    app = FastAPI(lifespan={variable}.lifespan)

    @app.get("/")
    async def read(client: {alias}): ...
"""

# No `from __future__ import annotations` here: FastAPI reads these annotations.

from typing import Annotated

from fastapi import Depends

from fastapi_integration import SharedClient

from .client import {client}

{variable} = SharedClient({client})
"""Opens and closes it; in tests, the key for ``app.dependency_overrides``."""

{alias} = Annotated[{client}, Depends({variable})]
"""The app's one ``{client}``, as the type of an endpoint's parameter."""
'''
