"""Find the most common mistakes in an app's endpoints when the app starts.

FastAPI accepts each of these when the endpoint is declared, and fails at the first request, or
reads the client's options from the query string.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Annotated, Any, NoReturn, get_origin

from fastapi import params
from fastapi.dependencies.models import Dependant

from sdk.transport import ApiClient


def check_endpoints(app: object) -> None:
    """Check the endpoints of an app, and refuse to encode lists of several pages.

    Raises:
        TypeError: an endpoint declares a client in a way that does not work; the error names the
            fix.
    """
    _refuse_to_encode_lists()
    for path, dependant in _dependants(getattr(app, "routes", ())):
        complaint = _complaint(dependant)
        if complaint is not None:
            raise TypeError(f"{path}: {complaint}")


def _dependants(routes: Iterable[Any]) -> Iterator[tuple[str, Dependant]]:
    for route in routes:
        path = str(getattr(route, "path", ""))
        dependant = getattr(route, "dependant", None)
        if isinstance(dependant, Dependant):
            yield path, dependant
        elif hasattr(route, "routes") and not hasattr(route, "app"):
            yield from _dependants(route.routes)


def _complaint(dependant: Dependant) -> str | None:
    for inner in dependant.dependencies:
        complaint = _of_call(inner.call) or _complaint(inner)
        if complaint is not None:
            return complaint
    return _of_defaults(dependant.call)


def _of_call(call: Any) -> str | None:
    if inspect.isclass(call) and issubclass(call, ApiClient):
        name = call.__name__
        return (
            f"Depends({name}) builds a new client for each request, with options read from its "
            f"query string. Write the parameter as `sdk: SdkDep`, or for a client of your own "
            f"Annotated[{name}, Depends(shared)] with shared = SharedClient({name})."
        )
    if getattr(call, "__name__", "") in ("sdk_lifespan", "lifespan") and (
        call.__module__.startswith("fastapi_integration.")
    ):
        return (
            f"Depends({call.__name__}) is not the client. Write the parameter as `sdk: SdkDep`, "
            "and pass the lifespan to the app: FastAPI(lifespan=sdk_lifespan())."
        )
    if inspect.ismethod(call) and call.__name__ in ("as_caller", "as_installation"):
        return (
            f"Depends(shared.{call.__name__}) lacks the call that makes the dependency. Write "
            f"Depends(shared.{call.__name__}(...)), for example as_caller(HTTPBearer())."
        )
    if get_origin(call) is Annotated:
        return (
            "Depends(SdkDep) is one Depends too many: SdkDep is a type. Write the parameter as "
            "`sdk: SdkDep`."
        )
    return None


def _of_defaults(call: Any) -> str | None:
    try:
        parameters = inspect.signature(call).parameters.values()
    except (TypeError, ValueError):
        return None
    for parameter in parameters:
        if get_origin(parameter.default) is Annotated and any(
            isinstance(one, params.Depends) for one in parameter.default.__metadata__
        ):
            return (
                f"`{parameter.name}=SdkDep` makes the type a default value. Write "
                f"`{parameter.name}: SdkDep`, with a colon."
            )
    return None


@cache
def _refuse_to_encode_lists() -> None:
    # FastAPI uses this table before `dict()` and `vars()`, whose errors do not help.
    from fastapi.encoders import ENCODERS_BY_TYPE

    from sdk.transport import Page, Paged, PagedObject

    for kind in (Page, Paged, PagedObject):
        ENCODERS_BY_TYPE[kind] = _refuse


def _refuse(value: Any) -> NoReturn:
    from sdk.transport import Page

    if isinstance(value, Page):
        raise TypeError(
            "An endpoint returned a Page. Return its items, `return page.items`, and for other "
            "pages a number of your own (page.has_next says whether there is one)."
        )
    raise TypeError(
        f"An endpoint returned a {type(value).__name__} that was not awaited. Write "
        "`return (await paged).items` for the first page, or `return await paged.collect()`."
    )
