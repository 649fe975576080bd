"""Client for the ConfigCat Public Management API.

    from configcat_management import Client

    with Client() as client:  # CONFIGCAT_API_USER and CONFIGCAT_API_PASS
        for product in client.products.list():
            print(product.name)

The client paces requests to the rate limit that the service reports, retries requests that are safe to retry, and
validates the documented limits before it sends a request.
"""

from ._client import Client
from ._errors import (
    AmbiguousNameError,
    AuthenticationError,
    BadRequestError,
    CallCancelledError,
    CallConnectionError,
    CallTimeoutError,
    ConfigCatError,
    ConfigurationError,
    ConflictError,
    DecodeError,
    EditConflictError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    RequestInfo,
    ServerError,
)
from ._list import ModelList
from ._native import ABSENT, RateLimit, Usage, __version__

__all__ = [
    "ABSENT",
    "AmbiguousNameError",
    "AsyncClient",
    "AuthenticationError",
    "BadRequestError",
    "BulkResult",
    "CallCancelledError",
    "CallConnectionError",
    "CallTimeoutError",
    "Client",
    "ConfigCatError",
    "ConfigurationError",
    "ConflictError",
    "DecodeError",
    "EditConflictError",
    "ModelList",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimit",
    "RateLimitError",
    "RequestInfo",
    "Response",
    "ServerError",
    "Usage",
    "__version__",
    "changes",
    "diff",
    "enums",
    "models",
    "observer",
    "types",
    "webhook",
    "when",
]

# Only type checkers import `typing`: it would take two fifths of this package's import time.
TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from . import changes, enums, models, observer, types, webhook, when
    from ._async_client import AsyncClient
    from ._bulk import BulkResult
    from ._edit import diff
    from ._response import Response

_LATER = {"AsyncClient": "_async_client", "BulkResult": "_bulk", "Response": "_response", "diff": "_edit"}
_MODULES = ("changes", "enums", "models", "observer", "testing", "types", "webhook", "when")


def __getattr__(name: str) -> "Any":
    """Imports names on first use that are slow to import and that many scripts do not need."""
    import importlib

    if name in _LATER:
        value = getattr(importlib.import_module(f".{_LATER[name]}", __name__), name)
    elif name in _MODULES:
        value = importlib.import_module(f".{name}", __name__)
    else:
        import sys

        # With both, the traceback suggests a similar name.
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message, name=name, obj=sys.modules[__name__])
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
