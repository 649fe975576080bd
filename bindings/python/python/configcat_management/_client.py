"""The blocking client."""

from __future__ import annotations

from ._base import BaseClient
from ._change_methods import ChangeMethods
from ._generated.clients import Resources
from ._native import ABSENT
from ._suggest import suggesting_methods

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from types import TracebackType
    from typing import Any, TypeVar

    from typing_extensions import Self

    from ._bulk import BulkResult, Progress
    from ._generated.with_response import ResourcesWithResponse
    from ._native import RateLimit
    from ._response import Response

    _T = TypeVar("_T")


@suggesting_methods
class Client(BaseClient, ChangeMethods, Resources):
    """A client for the ConfigCat Public Management API.

    Safe to share between threads. Omitted options come from the environment (``CONFIGCAT_API_USER``,
    ``CONFIGCAT_API_PASS``, ``CONFIGCAT_BASE_URL`` or ``CONFIGCAT_API_HOST``) or have the default given below.

    Args:
        username: User name of a Public API credential.
        password: Password of the credential.
        base_url: Base URL of the service. Default: ``https://api.configcat.com``.
        timeout: Seconds for a whole call, including waits and retries; more than 0. Default: 300.
        attempt_timeout: Seconds for one attempt, more than 0. Default: 30.
        connect_timeout: Seconds for establishing a connection, more than 0. Default: 10.
        max_attempts: Maximum number of times a request is sent, at least 1. Default: 3.
        retry_all_methods: Whether to retry POST and PATCH too when a response is lost. They may then be applied twice.
            Default: ``False``.
        rate_limit: ``"pace"`` waits for the budget, ``"fail_fast"`` fails when it is used up, ``"off"`` ignores it.
            Default: ``"pace"``.
        max_rate_limit_wait: Maximum seconds of a single wait for the rate limit. A longer one fails at once; after this
            time, a request finds out whether the limit still applies. Default: 60.
        max_response_size: Maximum size of a response, in bytes, after decompression. Default: 64 MiB.
        proxy: URL of a proxy: ``http``, ``https``, ``socks4``, ``socks4a``, ``socks5`` or ``socks5h``. Default: the
            system's setting, except for a service on this machine.
        no_proxy: Whether to ignore the system's proxy settings and use no proxy. Excludes ``proxy``.
        root_certificate: PEM certificates to trust in addition to those of the platform: their text, or the path of a file.
        client_certificate: PEM certificate chain and private key, not encrypted, with which the client identifies itself
            to a gateway (mutual TLS): their text, or the path of a file.
        headers: Extra headers of every request. Those that the client sets itself are refused. Values are masked in
            errors and logs.
        caller_id: Value of the header ``X-Caller-Id``: ``name/version``.
        user_agent: Product to put before the client's own in ``User-Agent``: ``name/version``.
        allow_http: Whether to allow ``http`` to hosts other than this machine. Default: ``False``.
        cassette: Records requests and responses to a file, or plays them back: a
            :class:`configcat_management.testing.Cassette`. Default: neither.
        credentials: Function that returns user name and password, in the place of ``username`` and ``password``. It is called
            once per call, on the thread that makes it and within its timeout; the client does not keep the credentials. If it
            raises an exception, nothing is sent and the call fails with :class:`AuthenticationError`, whose message contains that
            of the exception.
        observer: Receives the events of the client: an :class:`configcat_management.observer.Observer`, or any object with
            some of its methods.

    Raises:
        ConfigurationError: A credential is missing, or a URL or certificate cannot be used.
        TypeError: An option has the wrong type, or there is none of this name; the message names the option, and the type that it
            must have or an option with a similar name.
        ValueError: An option is out of its range.
    """

    @property
    def with_response(self) -> ResourcesWithResponse:
        """The same resources and methods, which return a :class:`Response` with status, headers and history."""
        from ._generated.with_response import ResourcesWithResponse

        # Kept, so that a test can replace a method of it.
        cached: ResourcesWithResponse | None = self.__dict__.get("_responding")
        if cached is None:
            cached = self._responding = ResourcesWithResponse(Resources(self._connection.respond))
        return cached

    def request(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | Iterable[tuple[str, Any]] | None = None,
        body: Any = ABSENT,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
        max_attempts: int | None = None,
    ) -> Response[Any]:
        """Makes a request by method and path, for endpoints that this version does not have.

        It is paced, retried, redacted and limited in time like any other call: GET, PUT and DELETE are repeated after a
        lost response, POST and PATCH are not.

        Args:
            method: HTTP method: GET, POST, PUT, PATCH or DELETE.
            path: Path relative to the base URL, such as ``/v1/products``. Characters that a path cannot have must be
                percent-encoded.
            query: Parameters of the query, which are encoded. A value may be a list; ``None`` leaves out a parameter.
            body: Body, sent as JSON without a check. Default: no body.
            headers: Extra headers of this call, in the place of those of the client with the same names.
            timeout: Time limit of the whole call in seconds. Default: the client's.
            max_attempts: Maximum number of attempts. Default: the client's.

        Returns:
            The response. Its ``value`` is the decoded JSON: ``None`` if the body is empty or is not JSON. Its ``body`` has
            the bytes in any case.

        Raises:
            BadRequestError: Method, path or a header is invalid; with ``attempts == 0`` nothing was sent.
            ConfigCatError: The call failed for another reason.
        """
        response: Response[Any] = self._connection.request(
            method, path, query, body, timeout, max_attempts, headers
        )
        return response

    def rate_limit_changes(self) -> Iterator[RateLimit]:
        """Iterates over the states of the rate limit: the current one, and again whenever a response has changed it.

        The iteration waits while other threads make calls. It ends when the client is closed, and those that ``with_options`` has
        made of it are too. Of changes that come faster than they are taken, the latest is never missed.

            for state in client.rate_limit_changes():
                print(state.remaining, "requests left")

        Raises:
            RuntimeError: The client is closed.
        """
        return self._connection.open().rate_limits()

    def bulk(
        self,
        calls: Iterable[Callable[[], _T]],
        *,
        concurrency: int = 16,
        progress: Progress | Callable[[int], object] | bool | None = None,
    ) -> BulkResult[_T]:
        """Makes many calls concurrently, within the rate limit, and collects the outcome of each.

        A call is a function without parameters, such as ``functools.partial(client.settings.delete, setting_id)``. An
        error ends only its own call; Ctrl-C ends all calls.

        Args:
            calls: The calls. An iterator is consumed as calls are made.
            concurrency: Maximum number of concurrent calls, at least 1. Default: 16.
            progress: Progress bar such as a ``tqdm``, whose ``update(1)`` is called after each call, or a function, which is
                called with the number of completed calls. ``True`` shows a line on stderr, ``False`` shows nothing.
                Default: the line if stderr is a terminal.

        Returns:
            A :class:`BulkResult`: one outcome per call, in the order of the calls.

        Raises:
            ValueError: The concurrency is less than 1.
            TypeError: An argument has the wrong type, or a call is not a function, such as a coroutine. In a list, this is found before any call is made; in an
                iterator, when the call is reached.
        """
        from ._bulk import run

        return run(calls, concurrency, progress)

    def close(self) -> None:
        """Closes the client. Calls in flight complete normally."""
        self._connection.close()

    if not TYPE_CHECKING:

        async def __aenter__(self):
            raise TypeError("a Client is used with `with`; for `async with`, use an AsyncClient")

        async def __aexit__(self, *error):
            """Exists so that ``__aenter__`` is called."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
