"""Verifies the requests that ConfigCat's webhooks send, and signs requests for tests.

    from configcat_management.webhook import Verifier

    verifier = Verifier("configcat_whsk_...")  # pass both signing keys during a key rotation
    verifier.verify(request.headers, request.body)  # raises VerificationError

In a test of the receiver::

    headers = signed_headers("configcat_whsk_...", body=body)
    client.post("/hook", headers=headers, data=body)
"""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from ._native import webhook_problem, webhook_sign, webhook_signed_headers

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import Protocol

    from typing_extensions import Buffer

    class _Mapping(Protocol):
        """Headers of any framework."""

        def items(self) -> Iterable[tuple[str, str | Sequence[str]]]:
            """Names and values."""
            ...

    _Headers = _Mapping | Iterable[tuple[str, str | Sequence[str]]] | Iterable[tuple[bytes, bytes]]
    _Body = Buffer

__all__ = [
    "ID_HEADER",
    "SIGNATURE_HEADER",
    "TIMESTAMP_HEADER",
    "VerificationError",
    "Verifier",
    "sign",
    "signed_headers",
]

ID_HEADER = "X-ConfigCat-Webhook-ID"
"""Header with the id of the request."""
TIMESTAMP_HEADER = "X-ConfigCat-Webhook-Timestamp"
"""Header with the timestamp of the request, in Unix seconds."""
SIGNATURE_HEADER = "X-ConfigCat-Webhook-Signature-V1"
"""Header with the signatures."""


def _text(value: object) -> str:
    """Returns a name or value of a header as text; ASGI servers have bytes."""
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _items(headers: _Headers) -> Iterable[tuple[str, str]]:
    """Yields names in lower case, and values. A value that is a list stands for several headers, as in API gateways."""
    items: Callable[[], Iterable[tuple[object, object]]] | None = getattr(headers, "items", None)
    pairs = cast("Iterable[tuple[object, object]]", headers) if items is None else items()
    for name, value in pairs:
        values = cast("Iterable[object]", value) if isinstance(value, (list, tuple)) else (value,)
        for one in values:
            yield _text(name).lower(), _text(one)


def _bytes(body: _Body) -> bytes:
    """Returns the bytes of any bytes-like object."""
    if isinstance(body, str):
        raise TypeError("body: must be the raw body, a bytes-like object, not str")
    return body if isinstance(body, bytes) else memoryview(body).tobytes()


def _check_keys(keys: tuple[object, ...]) -> None:
    for key in keys:
        if not isinstance(key, str):
            raise TypeError(f"keys: must be strings, each an argument of its own, not {type(key).__name__}")


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
        TypeError: A key is not a string.
    """

    __slots__ = ("_any_id", "_keys", "_tolerance")

    def __init__(self, *keys: str, tolerance: float | None = 300.0, any_id: bool = False) -> None:
        _check_keys(keys)
        if not any(keys):
            raise ValueError("keys: a verifier needs a signing key")
        if tolerance is not None and not 0 <= tolerance <= 1e9:
            raise ValueError(f"tolerance: must be 0 to 1e9 seconds, or None for any age, not {tolerance!r}")
        self._keys = [key for key in keys if key]
        self._tolerance = tolerance
        self._any_id = any_id

    def verify(self, headers: _Headers, body: _Body) -> None:
        """Verifies a request.

        Args:
            headers: Headers of the request: a mapping, or an iterable of pairs of a name and a value, such as the
                ``headers`` of an ASGI scope. Names are case-insensitive. A value may be a list of values, as in the
                ``multiValueHeaders`` of an API gateway.
            body: The raw body, before it is parsed: any bytes-like object.

        Raises:
            VerificationError: The request is not authentic, or a header is missing or duplicate.
            TypeError: The body is a string.
        """
        pairs = list(_items(headers))
        required: list[str] = []
        for header in (ID_HEADER, TIMESTAMP_HEADER, SIGNATURE_HEADER):
            values = [value for name, value in pairs if name == header.lower()]
            if len(values) != 1:
                raise VerificationError(f"{'duplicate' if values else 'missing'} header {header}")
            required += values
        id, timestamp, signatures = required
        problem = webhook_problem(
            self._keys, self._tolerance, id, timestamp, signatures, _bytes(body), self._any_id
        )
        if problem is not None:
            raise VerificationError(problem)

    def __repr__(self) -> str:
        return f"<Verifier with {len(self._keys)} keys>"


def signed_headers(
    *keys: str, body: _Body, id: str | None = None, timestamp: float | None = None
) -> dict[str, str]:
    """Returns the headers of a signed request, ready to send, for tests of webhook receivers.

    Example:
        >>> body = b'{"flag": "on"}'
        >>> headers = signed_headers("configcat_whsk_...", body=body)
        >>> Verifier("configcat_whsk_...").verify(headers, body)

    Args:
        *keys: Complete signing keys. With two, the request has two signatures, as during a key rotation.
        body: The raw body: any bytes-like object.
        id: Id of the request. Default: a random one.
        timestamp: Unix time in seconds; fractions are cut off. Default: now.

    Returns:
        The three headers by their names: id, timestamp and signatures.

    Raises:
        ValueError: There is no key.
        TypeError: A key or the body is of another type.
    """
    _check_keys(keys)
    if not any(keys):
        raise ValueError("keys: signed headers need a signing key")
    seconds = None if timestamp is None else int(timestamp)
    return dict(webhook_signed_headers(list(keys), _bytes(body), id, seconds))


def sign(key: str, id: str, timestamp: str, body: _Body) -> str:
    """Signs a request as the service does, for tests of webhook receivers; :func:`signed_headers` returns all headers.

    Args:
        key: The complete signing key.
        id: Value of the id header.
        timestamp: Value of the timestamp header: Unix seconds.
        body: The raw body.

    Returns:
        The value of the signature header for this key.
    """
    return webhook_sign(key, id, timestamp, _bytes(body))
