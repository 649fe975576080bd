"""What the service's documents leave out, told to schemathesis before it reads them.

The documents list 200, 400, 404 and 429. That credentials are needed (401), that rights may be missing (403), and that
an old ``latestVersionId`` is refused (409) stands in their texts; a body that is too large (413) or not JSON (415) is
for every server to refuse. Operations that have an identifier in the path and list no 400 or 404 answer so all the
same.
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
