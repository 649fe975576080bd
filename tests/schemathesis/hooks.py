"""Adds statuses to the spec, before schemathesis loads it, that the service returns but the spec does not list.

The spec lists 200, 400, 404 and 429. Only its descriptions mention missing credentials (401), missing permissions (403)
and an outdated ``latestVersionId`` (409). Any server may reject a body that is too large (413) or not JSON (415).
Operations with an identifier in the path return 400 and 404 even if they do not list them.
"""

from __future__ import annotations

from typing import Any

import schemathesis

METHODS = ("get", "put", "post", "patch", "delete")
ALWAYS = ("400", "401", "403", "404", "409", "413", "415")


@schemathesis.hook
def before_load_schema(context: Any, raw_schema: dict[str, Any]) -> None:
    for item in raw_schema["paths"].values():
        for method in METHODS:
            if operation := item.get(method):
                for status in ALWAYS:
                    operation["responses"].setdefault(status, {"description": "Refused."})
