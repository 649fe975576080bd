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
        any_id: Whether to accept ids of any form. By default, only 32 hexadecimal digits, with or without dashes, are
            accepted: the signature covers id, timestamp and body without separators, so that a recorded request could be
            divided differently.

    Raises:
        ValueError: There is no key, or the tolerance is not a number of seconds from 0 to 1e9.
    """

    __slots__ = ("_any_id", "_keys", "_tolerance")

    def __init__(self, *keys: str, tolerance: float | None = 300.0, any_id: bool = False) -> None:
        if not any(keys):
            raise ValueError("keys: a verifier needs a signing key")
        if tolerance is not None and not 0 <= tolerance <= 1e9:
            raise ValueError(f"tolerance: must be 0 to 1e9 seconds, or None for any age, not {tolerance!r}")
        self._keys = [key for key in keys if key]
        self._tolerance = tolerance
        self._any_id = any_id

    def verify(self, headers: _Headers, body: bytes) -> None:
        """Verifies a request.

        Args:
            headers: Headers of the request; names are case-insensitive. WSGI, Django and ASGI frameworks provide them.
            body: The raw body, before it is parsed.

        Raises:
            VerificationError: The request is not authentic, or a header is missing or duplicate.
        """
        pairs = [(str(name).lower(), str(value)) for name, value in headers.items()]
        required: list[str] = []
        for header in (ID_HEADER, TIMESTAMP_HEADER, SIGNATURE_HEADER):
            values = [value for name, value in pairs if name == header.lower()]
            if len(values) != 1:
                raise VerificationError(f"{'duplicate' if values else 'missing'} header {header}")
            required += values
        id, timestamp, signatures = required
        problem = webhook_problem(self._keys, self._tolerance, id, timestamp, signatures, body, self._any_id)
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
