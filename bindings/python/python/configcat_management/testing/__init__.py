"""A simulator of the API in this process, for tests without an account and without network access.

    from configcat_management.testing import Simulator

    with Simulator(seed="demo") as simulator, simulator.client() as client:
        client.products.list()

A simulator is a real server on loopback with its own port, so that any client can be tested with it. It starts in
milliseconds, so each test can have its own. For pytest there are fixtures: ``configcat_simulator``,
``configcat_client`` and ``async_configcat_client``.

:meth:`Simulator.mirror` copies a product of the real service, so that a program can be tried out with it.

:class:`Cassette` records what a client sends and receives, and plays it back without a server.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .._native import Cassette, NativeMirror, NativeSimulator
from .._options import count, optional, path, secret, switch, text
from .._suggest import suggesting_methods
from ._admin import Admin, AdminError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from typing_extensions import Self

    from .._async_client import AsyncClient
    from .._client import Client

__all__ = ["AdminError", "AsyncMirror", "Cassette", "Clock", "Mirror", "Simulator"]


@suggesting_methods
class Clock:
    """Clock of a simulator. It determines when a schedule is due, an invitation expires and a flag is stale."""

    __slots__ = ("_admin",)

    def __init__(self, admin: Admin) -> None:
        self._admin = admin

    def now(self) -> datetime:
        """Returns the simulator's current time."""
        return _timestamp(self._admin.call("GET", "/clock"))

    @property
    def frozen(self) -> bool:
        """Whether the clock is frozen."""
        return bool(self._admin.call("GET", "/clock")["frozen"])

    def freeze(self, at: datetime | None = None) -> datetime:
        """Freezes the clock at a time. Default: its current time."""
        return _timestamp(self._admin.call("POST", "/clock/freeze", {} if at is None else {"at": at.isoformat()}))

    def advance(self, seconds: float) -> datetime:
        """Moves the clock forward. Events due by then occur, and rate limit windows elapse."""
        return _timestamp(self._admin.call("POST", "/clock/advance", {"seconds": seconds}))

    def resume(self) -> datetime:
        """Resumes the clock from its current time."""
        return _timestamp(self._admin.call("POST", "/clock/resume"))


def _timestamp(report: dict[str, Any]) -> datetime:
    text = report["now"].replace("Z", "+00:00")
    # Python 3.10 parses only three or six fractional digits of a second.
    head, _, tail = text.partition(".")
    if tail:
        digits, plus, zone = tail.partition("+")
        text = f"{head}.{digits[:6]:0<6}{plus}{zone}"
    return datetime.fromisoformat(text)


@suggesting_methods
class Simulator:
    """A simulator of the ConfigCat Public Management API.

    It listens from its construction until it is closed. Use it as a context manager.

    Args:
        seed: Initial data: ``"empty"`` (one organization), ``"demo"``, the path of a JSON or YAML file, or the seed
            itself as a dictionary. Default: ``"empty"``.
        username: User name of the owner's credential. Default: ``"simulator"``.
        password: Password of the owner's credential. Default: ``"simulator"``.
        rate_limit: Rate limit per credential, as requests per window in seconds, such as ``"100/60"``. Default: no
            limit.
        rate_limit_reset: Format of the end of a window: ``"dotnet"``, ``"epoch"``, ``"seconds"``, ``"rfc3339"``
            or ``"http-date"``. Default: ``"dotnet"``.
        journal: Number of requests kept in the journal; 0 for none. Default: 1,000.
        port: Port to listen on; 0 selects a free port. Default: 0.
        state: Directory that stores the state. Default: the state is discarded at the end.
        webhooks_anywhere: Whether webhooks may call other machines. Default: ``False``.

    Raises:
        ValueError: The seed or an option is invalid; the message names the location or the option.
        TypeError: An option has the wrong type, or there is none of this name; the message suggests one with a similar name.
        OSError: The port is already in use.
    """

    def __init__(
        self,
        *,
        seed: str | os.PathLike[str] | Mapping[str, Any] = "empty",
        username: str = "simulator",
        password: str = "simulator",
        rate_limit: str | None = None,
        rate_limit_reset: str | None = None,
        journal: int | None = None,
        port: int | None = None,
        state: str | os.PathLike[str] | None = None,
        webhooks_anywhere: bool | None = None,
    ) -> None:
        options = _options(username, password, rate_limit, rate_limit_reset, journal, port, webhooks_anywhere)
        if state is not None:
            options["state"] = path("state", state)
        if hasattr(seed, "keys"):
            options["seed_json"] = json.dumps(seed)
        else:
            options["seed"] = path("seed", seed, other="a name, a dictionary or ")
        self._take(NativeSimulator(options), username, password)

    def _take(self, native: NativeSimulator | NativeMirror, username: str, password: str) -> None:
        self.username = username
        self.password = password
        self._native = native
        self._admin = Admin(self._native.url)
        self.clock = Clock(self._admin)
        """The simulator's clock."""

    @classmethod
    def mirror(
        cls,
        client: Client,
        product: str,
        *,
        username: str = "simulator",
        password: str = "simulator",
        rate_limit: str | None = None,
        rate_limit_reset: str | None = None,
        journal: int | None = None,
        port: int | None = None,
        webhooks_anywhere: bool | None = None,
    ) -> Mirror:
        """Starts a simulator with a copy of a real product, to try out what a program would change.

        The product is only read. The copy has the same ids, names, values, versions and SDK keys.

        Args:
            client: Client of the real service.
            product: Name or id of the product.
            username: User name of the owner's credential. Default: ``"simulator"``.
            password: Password of the owner's credential. Default: ``"simulator"``.
            rate_limit: Rate limit per credential, as requests per window in seconds. Default: no limit.
            rate_limit_reset: Format of the end of a window, see :class:`Simulator`. Default: ``"dotnet"``.
            journal: Number of requests kept in the journal; 0 for none. Default: 1,000.
            port: Port to listen on; 0 selects a free port. Default: 0.
            webhooks_anywhere: Whether webhooks may call other machines. Default: ``False``.

        Raises:
            NotFoundError: No product has the name; the message suggests a similar one.
            ConfigCatError: A call failed.
            ValueError: An option is invalid, or the simulator does not accept the product.
            OSError: The port is already in use.
        """
        from .._client import Client
        from .._jobs import seed

        check_client(client, Client, "use Simulator.async_mirror")
        options = _options(username, password, rate_limit, rate_limit_reset, journal, port, webhooks_anywhere)
        return Mirror._start(client._connection.run_job(seed(product)), options)

    @classmethod
    async def async_mirror(
        cls,
        client: AsyncClient,
        product: str,
        *,
        username: str = "simulator",
        password: str = "simulator",
        rate_limit: str | None = None,
        rate_limit_reset: str | None = None,
        journal: int | None = None,
        port: int | None = None,
        webhooks_anywhere: bool | None = None,
    ) -> AsyncMirror:
        """Starts a simulator with a copy of a real product, as :meth:`mirror` does, with an asyncio client.

        Args:
            client: Client of the real service.
            product: Name or id of the product.
            username: User name of the owner's credential. Default: ``"simulator"``.
            password: Password of the owner's credential. Default: ``"simulator"``.
            rate_limit: Rate limit per credential, as requests per window in seconds. Default: no limit.
            rate_limit_reset: Format of the end of a window, see :class:`Simulator`. Default: ``"dotnet"``.
            journal: Number of requests kept in the journal; 0 for none. Default: 1,000.
            port: Port to listen on; 0 selects a free port. Default: 0.
            webhooks_anywhere: Whether webhooks may call other machines. Default: ``False``.

        Raises:
            NotFoundError: No product has the name; the message suggests a similar one.
            ConfigCatError: A call failed.
            ValueError: An option is invalid, or the simulator does not accept the product.
            OSError: The port is already in use.
        """
        from .._async_client import AsyncClient
        from .._jobs import seed

        check_client(client, AsyncClient, "use Simulator.mirror")
        options = _options(username, password, rate_limit, rate_limit_reset, journal, port, webhooks_anywhere)
        return AsyncMirror._start(await client._connection.run_job(seed(product)), options)

    @property
    def url(self) -> str:
        """Base URL of the simulator, such as ``http://127.0.0.1:40123``."""
        return self._native.url

    @property
    def environment(self) -> dict[str, str]:
        """Environment variables that connect clients to this simulator."""
        return {
            "CONFIGCAT_BASE_URL": self.url,
            "CONFIGCAT_API_USER": self.username,
            "CONFIGCAT_API_PASS": self.password,
        }

    def client(self, **options: Any) -> Client:
        """Returns a client for this simulator, by default with the owner's credentials.

        Args:
            **options: Options of :class:`configcat_management.Client`.
        """
        from .._client import Client

        return Client(**self._options(options))

    def async_client(self, **options: Any) -> AsyncClient:
        """Returns an asyncio client for this simulator, by default with the owner's credentials.

        Args:
            **options: Options of :class:`configcat_management.AsyncClient`.
        """
        from .._async_client import AsyncClient

        return AsyncClient(**self._options(options))

    def _options(self, options: dict[str, Any]) -> dict[str, Any]:
        return {
            "username": self.username,
            "password": self.password,
            "base_url": self.url,
            "no_proxy": True,
            **options,
        }

    def reset(self) -> None:
        """Resets the state to the seed and clears faults and the journal."""
        self._admin.call("POST", "/reset")

    def plant(self, seed: Mapping[str, Any]) -> None:
        """Adds the data of a seed to the current state.

        Raises:
            AdminError: The seed is invalid; none of it is added.
        """
        self._admin.call("POST", "/seed", seed)

    def export_seed(self) -> dict[str, Any]:
        """Returns the current state as a seed, which plants the same state in another simulator."""
        return self._admin.object("GET", "/seed")

    def snapshot(self) -> dict[str, Any]:
        """Returns the whole state as one document."""
        return self._admin.object("GET", "/snapshot")

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Replaces the whole state with a document from :meth:`snapshot`."""
        self._admin.call("PUT", "/snapshot", snapshot)

    def add_fault(
        self,
        *,
        operation: str | None = None,
        method: str | None = None,
        path: str | None = None,
        credential: str | None = None,
        skip: int | None = None,
        times: int | None = None,
        probability: float | None = None,
        seed: int | None = None,
        delay_ms: int | None = None,
        reset: str | None = None,
        status: int | None = None,
        retry_after: int | None = None,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        content_type: str | None = None,
        cut_body_at: int | None = None,
        bad_json: bool | None = None,
    ) -> str:
        """Injects a fault: matching requests fail, are delayed or receive a broken response.

        Args:
            operation: Filter by operation, such as ``settings.create``; ``*`` matches any characters.
            method: Filter by HTTP method.
            path: Filter by path, with ``*``.
            credential: Filter by user name.
            skip: Number of matching requests to leave unaffected first.
            times: Number of requests to affect. Default: all.
            probability: Probability that a request is affected, from 0 to 1.
            seed: Seed of the random choice, which makes it reproducible.
            delay_ms: Milliseconds to wait first.
            reset: Resets the connection ``"before"`` or ``"after"`` the change is applied.
            status: Responds with this status; the request is not executed.
            retry_after: Seconds for the header ``Retry-After``.
            headers: Additional headers.
            body: Body of the response.
            content_type: Content type of the response.
            cut_body_at: Breaks the connection after this number of bytes of the body.
            bad_json: Responds with half a body.

        Returns:
            Name of the fault, for :meth:`remove_fault`.

        Raises:
            AdminError: The fault is invalid; the message gives the reason.
        """
        options = {
            "operation": operation,
            "method": method,
            "path": path,
            "credential": credential,
            "skip": skip,
            "times": times,
            "probability": probability,
            "seed": seed,
            "delayMs": delay_ms,
            "reset": reset,
            "status": status,
            "retryAfter": retry_after,
            "headers": None if headers is None else dict(headers),
            "body": body,
            "contentType": content_type,
            "cutBodyAt": cut_body_at,
            "badJson": bad_json,
        }
        fault = {name: value for name, value in options.items() if value is not None}
        return str(self._admin.object("POST", "/faults", fault)["id"])

    def faults(self) -> list[dict[str, Any]]:
        """Returns the faults with the number of requests that each matched and affected."""
        return self._admin.list("GET", "/faults")

    def remove_fault(self, name: str) -> None:
        """Removes a fault."""
        self._admin.call("DELETE", f"/faults/{name}")

    def clear_faults(self) -> None:
        """Removes all faults."""
        self._admin.call("DELETE", "/faults")

    def journal(
        self,
        *,
        operation: str | None = None,
        method: str | None = None,
        path: str | None = None,
        credential: str | None = None,
        status: int | None = None,
        limit: int | None = None,
    ) -> list[dict[str, Any]]:
        """Returns matching requests and responses, oldest first, without credentials.

        Args:
            operation: Operation; ``*`` matches any characters.
            method: HTTP method.
            path: Path, with ``*``.
            credential: User name.
            status: Status of the response.
            limit: Maximum number of entries.
        """
        filters = {
            "operation": operation,
            "method": method,
            "path": path,
            "credential": credential,
            "status": status,
            "limit": limit,
        }
        return self._admin.list("GET", "/journal", query=filters)

    def clear_journal(self) -> None:
        """Clears the journal."""
        self._admin.call("DELETE", "/journal")

    def verify(
        self,
        operation: str | None = None,
        *,
        method: str | None = None,
        path: str | None = None,
        credential: str | None = None,
        status: int | None = None,
        times: int | None = None,
        at_least: int | None = None,
        at_most: int | None = None,
    ) -> int:
        """Checks the number of matching requests.

        Args:
            operation: Operation; ``*`` matches any characters.
            method: HTTP method.
            path: Path, with ``*``.
            credential: User name.
            status: Status of the response.
            times: Exact number of requests.
            at_least: Minimum number of requests. Default: 1 if ``times`` and ``at_most`` are absent too.
            at_most: Maximum number of requests.

        Returns:
            The number of matching requests.

        Raises:
            AssertionError: The number is outside the bounds; the message says what was called.
        """
        # pytest shows the line of the test instead of this code.
        __tracebackhide__ = True
        filters = {"operation": operation, "method": method, "path": path, "credential": credential, "status": status}
        bounds = {"times": times, "atLeast": at_least, "atMost": at_most}
        if all(value is None for value in bounds.values()):
            bounds["atLeast"] = 1
        expected = {"calls": _without_none(filters), **_without_none(bounds)}
        try:
            return int(self._admin.object("POST", "/journal/verify", expected)["count"])
        except AdminError as error:
            if error.status != 409:
                raise
            raise AssertionError(str(error).removeprefix("calls: ")) from None

    def add_credential(
        self,
        username: str,
        password: str,
        *,
        user: str | None = None,
        full_name: str | None = None,
        admin_of: list[str] | None = None,
        permission_group_ids: list[int] | None = None,
        rate_limit: str | None = None,
    ) -> str:
        """Adds a credential, and a user if there is none with the email address.

        Args:
            username: User name.
            password: Password.
            user: Email address of the user. Default: the owner.
            full_name: Name of a new user.
            admin_of: Organizations whose administrator the user becomes.
            permission_group_ids: Permission groups that the user joins.
            rate_limit: Rate limit of this credential, such as ``"10/60"``.

        Returns:
            Id of the user.
        """
        limit = None
        if rate_limit is not None:
            requests, _, seconds = text("rate_limit", rate_limit).partition("/")
            try:
                limit = {"limit": int(requests), "windowSeconds": float(seconds)}
            except ValueError:
                wanted = "rate_limit: must be requests per window in seconds, such as '10/60'"
                raise ValueError(f"{wanted}, not {rate_limit!r}") from None
        options = {
            "username": username,
            "password": password,
            "user": user,
            "fullName": full_name,
            "adminOf": admin_of,
            "permissionGroupIds": permission_group_ids,
            "rateLimit": limit,
        }
        return str(self._admin.object("POST", "/credentials", _without_none(options))["userId"])

    def accept_invitation(self, invitation_id: str, *, full_name: str | None = None) -> str:
        """Accepts an invitation. Returns the id of the user."""
        body = _without_none({"fullName": full_name})
        return str(self._admin.object("POST", f"/invitations/{invitation_id}/accept", body)["userId"])

    def webhook_deliveries(self) -> list[dict[str, Any]]:
        """Returns the webhook deliveries with their results, oldest first."""
        return self._admin.list("GET", "/webhooks")

    def close(self) -> None:
        """Stops listening. Requests in flight have up to a second to complete."""
        self._native.stop()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Simulator {self.url}>"


def _options(
    username: str,
    password: str,
    rate_limit: str | None,
    rate_limit_reset: str | None,
    journal: int | None,
    port: int | None,
    webhooks_anywhere: bool | None,
) -> dict[str, Any]:
    """Returns the options that are present, as the native half takes them."""
    return _without_none(
        {
            "username": secret("username", username),
            "password": secret("password", password),
            "rate_limit": optional(text, "rate_limit", rate_limit),
            "rate_limit_reset": optional(text, "rate_limit_reset", rate_limit_reset),
            "journal": None if journal is None else count("journal", journal, least=0),
            "port": None if port is None else count("port", port, least=0, most=65535),
            "webhooks_anywhere": optional(switch, "webhooks_anywhere", webhooks_anywhere),
        }
    )


def _without_none(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


# They are simulators, too.
from ._mirror import AsyncMirror, Mirror, check_client  # noqa: E402
