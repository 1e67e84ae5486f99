"""Turns a description of Swagger 2.0 into one of OpenAPI 3, so that only one is read."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sdk.codegen.values import items, mapping

_SCHEMA_KEYS = {
    "type", "format", "items", "enum", "default", "minimum", "maximum", "pattern", "minLength",
    "maxLength", "x-nullable",
}  # fmt: skip
_STYLES = {"csv": ("", False), "multi": ("form", True), "ssv": ("spaceDelimited", False),
           "pipes": ("pipeDelimited", False), "tsv": ("tabDelimited", False)}  # fmt: skip
_METHODS = {"get", "head", "post", "put", "patch", "delete", "options"}


def path_names(path: str) -> list[str]:
    """Return the parameters that a route template names, each once, in order."""
    return list(dict.fromkeys(re.findall(r"\{([^{}]+)\}", path)))


def upgraded(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Return the same description in the words of OpenAPI 3."""
    consumes, produces = _texts(raw.get("consumes")), _texts(raw.get("produces"))
    paths: dict[str, Any] = {}
    for path, item in mapping(raw.get("paths")).items():
        if "$ref" in mapping(item):
            paths[path] = item
            continue
        known = mapping(item)
        shared = [_parameter(raw, each) for each in items(known.get("parameters"))]
        paths[path] = {
            method: _operation(raw, mapping(operation), shared, consumes, produces)
            for method, operation in known.items()
            if method in _METHODS
        }
    return {
        **{key: raw[key] for key in raw if key not in {"swagger", "paths", "responses"}},
        "openapi": "3.0.0",
        "paths": paths,
        "servers": _servers(raw),
        "components": {
            "securitySchemes": {
                name: _scheme(mapping(each))
                for name, each in mapping(raw.get("securityDefinitions")).items()
            }
        },
    }


def _operation(
    raw: Mapping[str, Any],
    operation: dict[str, Any],
    shared: list[dict[str, Any]],
    consumes: list[str],
    produces: list[str],
) -> dict[str, Any]:
    own = [_parameter(raw, each) for each in items(operation.get("parameters"))]
    known = {(each.get("in"), each.get("name")) for each in own}
    given = [each for each in shared if (each.get("in"), each.get("name")) not in known] + own
    takes = _texts(operation.get("consumes")) or consumes
    gives = _texts(operation.get("produces")) or produces
    result = {
        key: value
        for key, value in operation.items()
        if key not in {"parameters", "responses", "consumes", "produces", "schemes"}
    }
    result["parameters"] = [
        _plain(each) for each in given if each.get("in") not in {"body", "formData"}
    ]
    if body := _body(given, takes):
        result["requestBody"] = body
    result["responses"] = {
        status: _response(raw, each, gives)
        for status, each in mapping(operation.get("responses")).items()
    }
    return result


def _body(given: list[dict[str, Any]], takes: list[str]) -> dict[str, Any] | None:
    whole = next((each for each in given if each.get("in") == "body"), None)
    if whole is not None:
        media = takes or ["application/json"]
        return {
            "required": whole.get("required") is True,
            "description": whole.get("description", ""),
            "content": {each: {"schema": whole.get("schema") or {}} for each in media},
        }
    fields = [each for each in given if each.get("in") == "formData"]
    if not fields:
        return None
    files = any(each.get("type") == "file" for each in fields)
    forms = [each for each in takes if "form" in each]
    media = ["multipart/form-data"] if files or not forms else forms
    schema = {
        "type": "object",
        "properties": {
            str(each.get("name")): {
                **{key: each[key] for key in each if key in _SCHEMA_KEYS},
                "description": each.get("description", ""),
            }
            for each in fields
        },
        "required": [str(each.get("name")) for each in fields if each.get("required") is True],
    }
    encoding = {
        str(each.get("name")): _list_style(each) for each in fields if each.get("type") == "array"
    }
    return {"content": {each: {"schema": schema, "encoding": encoding} for each in media}}


def _parameter(raw: Mapping[str, Any], given: object) -> dict[str, Any]:
    known = mapping(given)
    reference: Any = known.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/parameters/"):
        name = reference.removeprefix("#/parameters/").replace("~1", "/").replace("~0", "~")
        return mapping(mapping(raw.get("parameters")).get(name))
    return known


def _plain(parameter: dict[str, Any]) -> dict[str, Any]:
    if "$ref" in parameter or "schema" in parameter:
        return parameter
    result = {key: value for key, value in parameter.items() if key not in _SCHEMA_KEYS}
    result["schema"] = {key: parameter[key] for key in parameter if key in _SCHEMA_KEYS}
    if parameter.get("type") == "array":
        result |= _list_style(parameter)
    return result


def _list_style(parameter: Mapping[str, Any]) -> dict[str, Any]:
    style, explode = _STYLES.get(str(parameter.get("collectionFormat", "csv")), ("", False))
    return {"explode": explode, **({"style": style} if style else {})}


def _response(raw: Mapping[str, Any], given: object, gives: list[str]) -> dict[str, Any]:
    known = mapping(given)
    reference: Any = known.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/responses/"):
        name = reference.removeprefix("#/responses/").replace("~1", "/").replace("~0", "~")
        known = mapping(mapping(raw.get("responses")).get(name))
    result = {key: known[key] for key in known if key not in {"schema", "examples"}}
    if "schema" in known:
        schema = mapping(known["schema"])
        usual = "application/octet-stream" if schema.get("type") == "file" else "application/json"
        result["content"] = {each: {"schema": schema} for each in gives or [usual]}
    return result


def _servers(raw: Mapping[str, Any]) -> list[dict[str, Any]]:
    host, base = raw.get("host"), raw.get("basePath")
    path = base if isinstance(base, str) and base != "/" else ""
    if not isinstance(host, str) or not host:
        return [{"url": path or "/"}]
    schemes = _texts(raw.get("schemes")) or ["https"]
    scheme = "https" if "https" in schemes else schemes[0]
    return [{"url": f"{scheme}://{host}{path}"}]


def _scheme(raw: dict[str, Any]) -> dict[str, Any]:
    if raw.get("type") == "basic":
        return {**raw, "type": "http", "scheme": "basic"}
    if raw.get("type") == "oauth2":
        flow = {"application": "clientCredentials"}.get(str(raw.get("flow")), str(raw.get("flow")))
        return {**raw, "flows": {flow: {"tokenUrl": raw.get("tokenUrl", "")}}}
    return raw


def _texts(value: object) -> list[str]:
    return [each for each in items(value) if isinstance(each, str)]
