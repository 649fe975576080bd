"""The simulator of the API in this process: tests with no account and no network.

    from configcat_management.testing import Simulator

    with Simulator(seed="demo") as simulator, simulator.client() as client:
        client.products.list()

A simulator is a real server on loopback with a port of its own, so that any client can be tested with it. It starts in
milliseconds: a test may have one for itself. For pytest there are fixtures: ``configcat_simulator``,
``configcat_client`` and ``async_configcat_client``.
"""

from __future__ import annotations

import json
import os
from datetime import datetime
from typing import TYPE_CHECKING, Any

from .._native import NativeSimulator
from ._admin import Admin, AdminError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from typing_extensions import Self

    from .._async_client import AsyncClient
    from .._client import Client

__all__ = ["AdminError", "Clock", "Simulator"]


class Clock:
    """The clock of a simulator: it decides when a schedule is due, an invitation lapses, a flag is stale."""

    __slots__ = ("_admin",)

    def __init__(self, admin: Admin) -> None:
        self._admin = admin

    def now(self) -> datetime:
        """What time it is for the simulator."""
        return _moment(self._admin.call("GET", "/clock"))

    @property
    def frozen(self) -> bool:
        """Whether the clock stands."""
        return bool(self._admin.call("GET", "/clock")["frozen"])

    def freeze(self, at: datetime | None = None) -> datetime:
        """Stops the clock, now or at a given time."""
        return _moment(self._admin.call("POST", "/clock/freeze", {} if at is None else {"at": at.isoformat()}))

    def advance(self, seconds: float) -> datetime:
        """Moves the clock forward; what is due by then happens, and windows of the rate limit pass."""
        return _moment(self._admin.call("POST", "/clock/advance", {"seconds": seconds}))

    def resume(self) -> datetime:
        """Lets the clock run on from where it stands."""
        return _moment(self._admin.call("POST", "/clock/resume"))


def _moment(report: dict[str, Any]) -> datetime:
    text = report["now"].replace("Z", "+00:00")
    # Python 3.10 reads three or six digits of a second.
    head, _, tail = text.partition(".")
    if tail:
        digits, plus, zone = tail.partition("+")
        text = f"{head}.{digits[:6]:0<6}{plus}{zone}"
    return datetime.fromisoformat(text)


class Simulator:
    """A simulator of the ConfigCat Public Management API.

    It listens from its construction until it is closed; use it as a context manager.

    Args:
        seed: What is there from the start: ``"empty"`` (one organization), ``"demo"``, the path of a JSON or YAML
            file, or the seed itself as a dictionary. Default: ``"empty"``.
        username: User name that callers need. Default: ``"simulator"``.
        password: Password that callers need. Default: ``"simulator"``.
        rate_limit: So many requests in a window of so many seconds, for each credential, such as ``"100/60"``.
            Default: no limit.
        rate_limit_reset: How the end of a window is written: ``"dotnet"``, ``"epoch"``, ``"seconds"``, ``"rfc3339"``
            or ``"http-date"``. Default: ``"dotnet"``.
        journal: Requests that are kept; 0 for none. Default: 1,000.
        port: Port to listen on; 0 for a free one. Default: 0.
        state: Folder that keeps the state. Default: it is forgotten in the end.
        webhooks_anywhere: Whether webhooks may call other machines. Default: no.

    Raises:
        ValueError: The seed breaks a rule, or an option cannot be read; the message says where.
        OSError: The port is taken.
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
        options: dict[str, Any] = {
            "username": username,
            "password": password,
            "rate_limit": rate_limit,
            "rate_limit_reset": rate_limit_reset,
            "journal": journal,
            "port": port,
            "state": None if state is None else os.fspath(state),
            "webhooks_anywhere": webhooks_anywhere,
        }
        if isinstance(seed, (str, os.PathLike)):
            options["seed"] = os.fspath(seed)
        else:
            options["seed_json"] = json.dumps(seed)
        self.username = username
        self.password = password
        self._native = NativeSimulator({name: value for name, value in options.items() if value is not None})
        self._admin = Admin(self._native.url)
        self.clock = Clock(self._admin)
        """The simulator's clock."""

    @property
    def url(self) -> str:
        """Where it listens, such as ``http://127.0.0.1:40123``."""
        return self._native.url

    @property
    def environment(self) -> dict[str, str]:
        """The environment variables that lead clients here."""
        return {
            "CONFIGCAT_BASE_URL": self.url,
            "CONFIGCAT_API_USER": self.username,
            "CONFIGCAT_API_PASS": self.password,
        }

    def client(self, **options: Any) -> Client:
        """A client of this simulator, with the owner's credentials unless others are given.

        Args:
            **options: Options of :class:`configcat_management.Client`.
        """
        from .._client import Client

        return Client(**self._options(options))

    def async_client(self, **options: Any) -> AsyncClient:
        """A client of this simulator for asyncio.

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
        """Puts the seed in place of everything, and takes faults and the journal away."""
        self._admin.call("POST", "/reset")

    def plant(self, seed: Mapping[str, Any]) -> None:
        """Adds a seed to what is there.

        Raises:
            AdminError: The seed breaks a rule; nothing of it is planted then.
        """
        self._admin.call("POST", "/seed", seed)

    def snapshot(self) -> dict[str, Any]:
        """The whole state as one document."""
        return self._admin.object("GET", "/snapshot")

    def restore(self, snapshot: Mapping[str, Any]) -> None:
        """Puts a document that :meth:`snapshot` has given in place of everything."""
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
        """Makes requests fail, wait or come back broken.

        Args:
            operation: Which requests: an operation such as ``settings.create``; ``*`` stands for any characters.
            method: Which requests: HTTP method.
            path: Which requests: path, with ``*``.
            credential: Which requests: user name.
            skip: How many to leave alone first.
            times: How many to harm; all when left out.
            probability: How likely each is harmed, from 0 to 1.
            seed: Makes the same requests meet their fate again.
            delay_ms: Milliseconds to wait first.
            reset: Breaks the connection ``"before"`` or ``"after"`` the change is made.
            status: Answers with this status; the request is not carried out.
            retry_after: Seconds for the header ``Retry-After``.
            headers: Further headers.
            body: Body of the answer.
            content_type: Type of the answer.
            cut_body_at: Breaks the connection after so many bytes of the body.
            bad_json: Answers with half a body.

        Returns:
            Name of the fault, for :meth:`remove_fault`.

        Raises:
            AdminError: The fault makes no sense; the message says why.
        """
        given = {
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
        fault = {name: value for name, value in given.items() if value is not None}
        return str(self._admin.object("POST", "/faults", fault)["id"])

    def faults(self) -> list[dict[str, Any]]:
        """The faults, and how often each was met and happened."""
        return self._admin.list("GET", "/faults")

    def remove_fault(self, name: str) -> None:
        """Takes a fault away."""
        self._admin.call("DELETE", f"/faults/{name}")

    def clear_faults(self) -> None:
        """Takes all faults away."""
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
        """Requests and answers that fit, oldest first, without credentials.

        Args:
            operation: Operation, with ``*`` for any characters.
            method: HTTP method.
            path: Path, with ``*``.
            credential: User name.
            status: Status of the answer.
            limit: How many to give at most.
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
        """Forgets all requests so far."""
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
        """Checks how often something was called.

        Args:
            operation: Operation, with ``*`` for any characters.
            method: HTTP method.
            path: Path, with ``*``.
            credential: User name.
            status: Status of the answer.
            times: How often, exactly.
            at_least: How often at least. Default: once, when nothing is said.
            at_most: How often at most.

        Returns:
            How often it was called.

        Raises:
            AssertionError: It was called more or less often; the message says what was called instead.
        """
        filters = {"operation": operation, "method": method, "path": path, "credential": credential, "status": status}
        bounds = {"times": times, "atLeast": at_least, "atMost": at_most}
        if all(value is None for value in bounds.values()):
            bounds["atLeast"] = 1
        expected = {"calls": _given(filters), **_given(bounds)}
        try:
            return int(self._admin.object("POST", "/journal/verify", expected)["count"])
        except AdminError as error:
            if error.status != 409:
                raise
            raise AssertionError(str(error)) from None

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
        """Adds a credential, and its person if there is none with the address.

        Args:
            username: User name.
            password: Password.
            user: Email address of the person behind it; the owner when left out.
            full_name: Name of a new person.
            admin_of: Organizations whose administrator the person becomes.
            permission_group_ids: Groups that the person joins.
            rate_limit: A budget of its own, such as ``"10/60"``.

        Returns:
            Id of the person.
        """
        limit = None
        if rate_limit is not None:
            count, _, seconds = rate_limit.partition("/")
            limit = {"limit": int(count), "windowSeconds": float(seconds)}
        given = {
            "username": username,
            "password": password,
            "user": user,
            "fullName": full_name,
            "adminOf": admin_of,
            "permissionGroupIds": permission_group_ids,
            "rateLimit": limit,
        }
        return str(self._admin.object("POST", "/credentials", _given(given))["userId"])

    def accept_invitation(self, invitation_id: str, *, full_name: str | None = None) -> str:
        """Somebody follows an invitation; gives the id of the person."""
        body = _given({"fullName": full_name})
        return str(self._admin.object("POST", f"/invitations/{invitation_id}/accept", body)["userId"])

    def webhook_deliveries(self) -> list[dict[str, Any]]:
        """What came of the calls of webhooks, oldest first."""
        return self._admin.list("GET", "/webhooks")

    def close(self) -> None:
        """Stops listening; requests on their way have up to a second."""
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


def _given(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}
