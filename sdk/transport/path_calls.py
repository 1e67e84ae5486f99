"""Calls by method and path, for the operations of an API that have no method here."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any, TypeVar, overload

from .errors import InvalidInput
from .omit import OMIT
from .operation import Operation
from .options import CallOptions, check_options
from .paths import check_template
from .refusals import hides_arguments, without_frames
from .response.response import Response

if TYPE_CHECKING:
    from .calls.executor import Executor
    from .download import Download

T = TypeVar("T")

# RFC 9110, 5.6.2 and 9.1: a method is a token.
_METHOD = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


class PathCalls:
    """The calls by method and path of a client.

    Attributes:
        caller: makes the client's calls.
    """

    caller: Executor

    @overload
    async def request(
        self,
        method: str,
        path: str,
        *,
        returns: type[T],
        path_params: Mapping[str, object] | None = ...,
        params: Mapping[str, object] | None = ...,
        json: object = ...,
        options: CallOptions | None = ...,
    ) -> T: ...
    @overload
    async def request(
        self,
        method: str,
        path: str,
        *,
        returns: None = ...,
        path_params: Mapping[str, object] | None = ...,
        params: Mapping[str, object] | None = ...,
        json: object = ...,
        options: CallOptions | None = ...,
    ) -> Response: ...
    async def request(
        self,
        method: str,
        path: str,
        *,
        returns: Any = None,
        path_params: Mapping[str, object] | None = None,
        params: Mapping[str, object] | None = None,
        json: object = OMIT,
        options: CallOptions | None = None,
    ) -> Any:
        """Call an operation that has no method, with the same retries, errors and types.

        Args:
            method: the HTTP method.
            path: a path below ``base_url``, beginning with ``/``. Name its parameters, as in
                ``"/users/{username}"``, and pass their values in `path_params`, which encodes them.
            returns: the type to decode a 2xx response to; by default the whole Response.
            path_params: values of the path's parameters.
            params: values of the query string.
            json: the JSON body.
            options: options of this call.

        Raises:
            InvalidInput: the path or a value cannot be sent.
            SdkError: as any call.
        """
        call: Awaitable[Any] | InvalidInput
        try:
            call = self._begin(method, path, returns, path_params, params, json, options)
        except InvalidInput as error:
            call = without_frames(error)
        # Tracebacks show local variables, and these may be secret.
        del method, path, path_params, params, json, options
        if isinstance(call, InvalidInput):
            raise call
        return await call

    def _begin(
        self,
        method: str,
        path: str,
        returns: Any,
        path_params: Mapping[str, object] | None,
        params: Mapping[str, object] | None,
        json: object,
        options: CallOptions | None,
    ) -> Awaitable[Any]:
        try:
            operation = _operation(method, path, returns or Response)
        except TypeError:
            # The type is not hashable, or the path is not text.
            operation = _operation.__wrapped__(method, path, returns or Response)
        values = {**(path_params or {}), "json body": json}
        for name in operation.parameters:
            if name not in values:
                raise InvalidInput(
                    f"{name!r} of the path has no value. Write path_params={{{name!r}: ...}}."
                )
        return self.caller.call(operation, _with_query(options, params), values)

    @hides_arguments
    def download(
        self,
        path: str,
        *,
        path_params: Mapping[str, object] | None = None,
        params: Mapping[str, object] | None = None,
        options: CallOptions | None = None,
    ) -> Download:
        """Download a file of an operation that has no method: to disk, in chunks or whole.

        Request a media type with ``options={"headers": {"accept": ...}}``.

        Args:
            path: as for ``request``.
            path_params: values of the path's parameters.
            params: values of the query string.
            options: options of this call.

        Raises:
            InvalidInput: the path or a value cannot be sent.
        """
        from .download import Download

        check_template(path)
        operation: Operation[bytes] = Operation("GET", path, returns=bytes)
        request = self.caller.prepare(operation, _with_query(options, params), path_params or {})
        return Download(self.caller, request.as_streamed())


@lru_cache(maxsize=256)
def _operation(method: str, path: str, returns: Any) -> Operation[Any]:
    # Cached with its decoder, which for a list of models takes milliseconds to build.
    check_template(path)
    if not isinstance(method, str) or not _METHOD.fullmatch(method):  # pyright: ignore[reportUnnecessaryIsInstance]
        given = repr(method) if len(str(method)) < 20 else "This"
        raise InvalidInput(f"{given} is not a method of HTTP. Pass one such as 'GET'.")
    if isinstance(returns, str) or _is_model(returns):
        raise InvalidInput(
            "returns= takes a type, such as returns=PublicUser, not its name and not an instance."
        )
    # With a space, so that it cannot be the name of a path parameter.
    return Operation(method.upper(), path, returns=returns, body="json body")


def _is_model(value: object) -> bool:
    if isinstance(value, type):
        return False
    # Imported for the first call: it takes half of the time of `from sdk import Sdk`.
    from pydantic import BaseModel

    return isinstance(value, BaseModel)


def _with_query(options: CallOptions | None, params: Mapping[str, object] | None) -> CallOptions:
    options = options or CallOptions()
    check_options(options)
    return {**options, "extra_query": {**options.get("extra_query", {}), **(params or {})}}
