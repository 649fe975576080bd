"""The client whose calls wait for their answers."""

from __future__ import annotations

from ._base import BaseClient
from ._generated.clients import Resources

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from types import TracebackType
    from typing import TypeVar

    from typing_extensions import Self

    from ._bulk import BulkResult, Progress
    from ._generated.with_response import ResourcesWithResponse

    _T = TypeVar("_T")


class Client(BaseClient, Resources):
    """A client for the ConfigCat Public Management API.

    Safe to share between threads. What is left out comes from the environment (``CONFIGCAT_API_USER``,
    ``CONFIGCAT_API_PASS``, ``CONFIGCAT_BASE_URL`` or ``CONFIGCAT_API_HOST``) or has the default that is named here.

    Args:
        username: User name of a Public API credential.
        password: Its password.
        base_url: Where the service lives. Default: ``https://api.configcat.com``.
        timeout: Seconds for a whole call with its waits and retries. Default: 300.
        attempt_timeout: Seconds for one attempt. Default: 30.
        connect_timeout: Seconds for making a connection. Default: 10.
        max_attempts: How often to send a request at most. Default: 3.
        retry_all_methods: Whether to repeat POST and PATCH too when an answer is lost; they may then be carried out
            twice. Default: no.
        rate_limit: ``"pace"`` waits for the budget, ``"fail_fast"`` fails when it is used up, ``"off"`` does not look.
            Default: ``"pace"``.
        max_rate_limit_wait: Seconds of the longest single wait for the rate limit. Default: 60.
        max_response_size: Bytes of the largest answer. Default: 64 MiB.
        proxy: Address of a proxy. Default: what the system says.
        no_proxy: Whether to use no proxy, whatever the system says.
        root_certificate: PEM certificates to trust beside those of the platform.
        caller_id: Sent as ``X-Caller-Id``: ``name/version``.
        user_agent: Product to put in front of our own in ``User-Agent``: ``name/version``.
        allow_http: Whether to allow ``http`` to hosts other than this machine. Default: no.

    Raises:
        ConfigurationError: A credential is missing, or an address or certificate cannot be used.
    """

    @property
    def with_response(self) -> ResourcesWithResponse:
        """The same resources and methods; what they give is a :class:`Response` with status, headers and history."""
        from ._generated.with_response import ResourcesWithResponse

        return ResourcesWithResponse(Resources(self._connection.respond))

    def bulk(
        self,
        calls: Iterable[Callable[[], _T]],
        *,
        concurrency: int = 16,
        progress: Progress | bool | None = None,
    ) -> BulkResult[_T]:
        """Makes many calls at once, within the rate limit, and collects what comes of each.

        A call is anything that can be called without arguments, such as
        ``functools.partial(client.settings.delete, setting_id)``. An error ends its own call only; Ctrl-C ends all.

        Args:
            calls: The calls; an iterator is read as calls are made.
            concurrency: How many are made at the same time, from 1. Default: 16.
            progress: Called with nothing but ``update(1)`` after each call, as a ``tqdm`` is; ``True`` shows a line on
                stderr, ``False`` nothing. Default: the line when stderr is a terminal.

        Returns:
            A :class:`BulkResult`: one outcome per call, in the order of the calls.
        """
        from ._bulk import run

        return run(calls, concurrency, progress)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
