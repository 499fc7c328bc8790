"""The API described for programs: an OpenAPI document made from the table of routes."""

import re
from collections.abc import Sequence
from typing import Any, Final

import msgspec

from popd.api.answers import JSON, Problem
from popd.api.desk import own_version
from popd.api.routing import VERSION_PATH, Route

OPENAPI_VERSION: Final = "3.1.0"
FILE: Final = "application/octet-stream"


def document(routes: Sequence[Route]) -> dict[str, Any]:
    """The document; the play socket is described in docs/api.md, because OpenAPI has no words."""
    types = [kind for route in routes for kind in (route.gives, route.takes) if kind is not None]
    schemas, components = msgspec.json.schema_components(
        [Problem, *types], ref_template="#/components/schemas/{name}"
    )
    schema_of = dict(zip(map(repr, [Problem, *types]), schemas, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for route in routes:
        operations = paths.setdefault(VERSION_PATH + route.path, {})
        operations[route.method.lower()] = _operation(route, schema_of)
    return {
        "openapi": OPENAPI_VERSION,
        "info": {"title": "popd, the local API", "version": own_version()},
        "paths": paths,
        "components": {
            "schemas": components,
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
        "security": [{"token": []}],
    }


def _operation(route: Route, schema_of: dict[str, Any]) -> dict[str, Any]:
    said = (route.handler.__doc__ or "").strip()
    inside = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}
        for name in re.findall(r"{(\w+)}", route.path)
    ]
    after = [
        {"name": name, "in": "query", "required": False, "schema": {"type": "string"}}
        for name in route.query
    ]
    operation: dict[str, Any] = {
        "operationId": getattr(route.handler, "__name__", route.path),
        "summary": said.splitlines()[0] if said else "",
        "parameters": [*inside, *after],
        "x-scope": route.scope.value,
        "responses": {
            "200": _content("As asked.", schema_of[repr(route.gives)], route.gives),
            "default": _content("Not as asked, and what to do.", schema_of[repr(Problem)]),
        },
    }
    if route.takes is not None:
        body = _content("", schema_of[repr(route.takes)], route.takes)
        operation["requestBody"] = {"required": True, "content": body["content"]}
    return operation


def _content(description: str, schema: Any, kind: object = None) -> dict[str, Any]:
    if kind is bytes:
        return {"description": description, "content": {FILE: {"schema": {"type": "string"}}}}
    return {"description": description, "content": {JSON: {"schema": schema}}}
