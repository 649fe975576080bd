"""Verification of the calls that ConfigCat's webhooks make.

    from configcat_management.webhook import Verifier

    verifier = Verifier("configcat_whsk_...")  # both signing keys while they are being changed
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
"""Header with the id of the call."""
TIMESTAMP_HEADER = "X-ConfigCat-Webhook-Timestamp"
"""Header with the time of the call, in Unix seconds."""
SIGNATURE_HEADER = "X-ConfigCat-Webhook-Signature-V1"
"""Header with the signatures."""


class VerificationError(ValueError):
    """The call is not to be trusted; the message says why, and may be shown to nobody but operators."""


class Verifier:
    """Verifies webhook calls.

    Args:
        *keys: The signing keys as the service shows them: one, or two while they are being changed.
        tolerance: Seconds that a call may be old, or in the future; ``None`` for any age. Default: 300.

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
        """Checks a call.

        Args:
            headers: Headers of the call, by name in any case; WSGI, Django and ASGI frameworks have them ready.
            body: The body as it came, before anything has parsed it.

        Raises:
            VerificationError: The call is not to be trusted, or a header is missing.
        """
        values = {str(name).lower(): str(value) for name, value in headers.items()}
        given: list[str] = []
        for header in (ID_HEADER, TIMESTAMP_HEADER, SIGNATURE_HEADER):
            value = values.get(header.lower())
            if value is None:
                raise VerificationError(f"there is no header {header}")
            given.append(value)
        problem = webhook_problem(self._keys, self._tolerance, given[0], given[1], given[2], body)
        if problem is not None:
            raise VerificationError(problem)

    def __repr__(self) -> str:
        return f"<Verifier with {len(self._keys)} keys>"


def sign(key: str, id: str, timestamp: str, body: bytes) -> str:
    """Signs a call the way the service does, for tests of whatever receives calls.

    Args:
        key: The whole text of a signing key.
        id: What the id header says.
        timestamp: What the timestamp header says: Unix seconds.
        body: The body.

    Returns:
        What this key contributes to the signature header.
    """
    return webhook_sign(key, id, timestamp, body)
