"""Client for the ConfigCat Public Management API.

    from configcat_management import Client

    with Client() as client:  # CONFIGCAT_API_USER and CONFIGCAT_API_PASS
        for product in client.products.list():
            print(product.name)

The client paces itself by the rate limit that the service reports, retries what is safe to retry, and checks the
documented limits before it sends anything.
"""

from typing import TYPE_CHECKING, Any

from ._client import Client
from ._errors import (
    AuthenticationError,
    BadRequestError,
    CallCancelledError,
    CallConnectionError,
    CallTimeoutError,
    ConfigCatError,
    ConfigurationError,
    ConflictError,
    DecodeError,
    NotFoundError,
    PermissionDeniedError,
    RateLimitError,
    ServerError,
)
from ._native import ABSENT, RateLimit, Usage, __version__

__all__ = [
    "ABSENT",
    "AuthenticationError",
    "BadRequestError",
    "CallCancelledError",
    "CallConnectionError",
    "CallTimeoutError",
    "Client",
    "ConfigCatError",
    "ConfigurationError",
    "ConflictError",
    "DecodeError",
    "NotFoundError",
    "PermissionDeniedError",
    "RateLimit",
    "RateLimitError",
    "ServerError",
    "Usage",
    "__version__",
    "enums",
    "models",
]

if TYPE_CHECKING:
    from ._generated import enums, models


def __getattr__(name: str) -> Any:
    """Imports what takes time, and what many scripts do without, when it is first used."""
    if name in ("enums", "models"):
        import importlib

        module = importlib.import_module(f"._generated.{name}", __name__)
        globals()[name] = module
        return module
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
