"""Verifies the requests that ConfigCat's webhooks send.

    from configcat_management.webhook import Verifier

    verifier = Verifier("configcat_whsk_...")  # pass both signing keys during a key rotation
    verifier.verify(request.headers, request.body)  # raises VerificationError
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ._native import webhook_problem, webhook_sign

if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Protocol

    class _Headers(Protocol):
        """Headers of any framework."""

        def items(self) -> Iterable[tuple[str, str]]:
            """Names and values."""
            ...

__all__ = ["ID_HEADER", "SIGNATURE_HEADER", "TIMESTAMP_HEADER", "VerificationError", "Verifier", "sign"]

ID_HEADER = "X-ConfigCat-Webhook-ID"
"""Header with the id of the request."""
TIMESTAMP_HEADER = "X-ConfigCat-Webhook-Timestamp"
"""Header with the timestamp of the request, in Unix seconds."""
SIGNATURE_HEADER = "X-ConfigCat-Webhook-Signature-V1"
"""Header with the signatures."""


class VerificationError(ValueError):
    """The request is not authentic. The message gives the reason; show it only to operators."""


class Verifier:
    """Verifies webhook requests.

    Args:
        *keys: Signing keys as the service shows them: one, or two during a key rotation.
        tolerance: Seconds that the timestamp may be in the past or in the future; ``None`` for any age. Default: 300.

    Raises:
        ValueError: There is no key.
    """

    __slots__ = ("_keys", "_tolerance")

    def __init__(self, *keys: str, tolerance: float | None = 300.0) -> None:
        if not any(keys):
            raise ValueError("keys: a verifier needs a signing key")
        self._keys = [key for key in keys if key]
        self._tolerance = tolerance

    def verify(self, headers: _Headers, body: bytes) -> None:
        """Verifies a request.

        Args:
            headers: Headers of the request; names are case-insensitive. WSGI, Django and ASGI frameworks provide them.
            body: The raw body, before it is parsed.

        Raises:
            VerificationError: The request is not authentic, or a header is missing.
        """
        values = {str(name).lower(): str(value) for name, value in headers.items()}
        required: list[str] = []
        for header in (ID_HEADER, TIMESTAMP_HEADER, SIGNATURE_HEADER):
            value = values.get(header.lower())
            if value is None:
                raise VerificationError(f"missing header {header}")
            required.append(value)
        problem = webhook_problem(self._keys, self._tolerance, required[0], required[1], required[2], body)
        if problem is not None:
            raise VerificationError(problem)

    def __repr__(self) -> str:
        return f"<Verifier with {len(self._keys)} keys>"


def sign(key: str, id: str, timestamp: str, body: bytes) -> str:
    """Signs a request as the service does, for tests of webhook receivers.

    Args:
        key: The complete signing key.
        id: Value of the id header.
        timestamp: Value of the timestamp header: Unix seconds.
        body: The raw body.

    Returns:
        The value of the signature header for this key.
    """
    return webhook_sign(key, id, timestamp, body)
