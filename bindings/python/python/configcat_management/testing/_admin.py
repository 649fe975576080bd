"""HTTP client for the admin endpoints of a simulator.

The simulator itself validates the requests, so that all languages share one validation.
"""

from __future__ import annotations

import json
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from .._types import is_dict, is_list

PREFIX = "/__simulator"
TIMEOUT = 30.0
"""Seconds for a call. A simulator responds in milliseconds."""


class AdminError(Exception):
    """The simulator rejected a request of a test.

    Attributes:
        status: HTTP status of the response.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Admin:
    """Calls the admin endpoints of one simulator, from any thread."""

    def __init__(self, url: str) -> None:
        self._host = urlsplit(url).netloc

    def call(self, method: str, path: str, body: Any = None, *, query: dict[str, Any] | None = None) -> Any:
        """Makes a call and returns the decoded response."""
        # pytest shows the line of the test instead of this code.
        __tracebackhide__ = True
        # Imported late: the pytest plugin is loaded in every test run of every project.
        from http.client import HTTPConnection

        parameters = {name: value for name, value in (query or {}).items() if value is not None}
        target = PREFIX + path + (f"?{urlencode(parameters)}" if parameters else "")
        connection = HTTPConnection(self._host, timeout=TIMEOUT)
        try:
            payload = None if body is None else json.dumps(body)
            connection.request(method, target, payload, {"Content-Type": "application/json"})
            response = connection.getresponse()
            content = response.read()
        finally:
            connection.close()
        if response.status >= 400:
            raise AdminError(_problem(content) or f"{method} {target}: {response.status}", response.status)
        return json.loads(content) if content else None

    def object(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """Makes a call that returns an object."""
        __tracebackhide__ = True
        return cast("dict[str, Any]", self.call(method, path, body))

    def list(self, method: str, path: str, *, query: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """Makes a call that returns a list."""
        __tracebackhide__ = True
        return cast("list[dict[str, Any]]", self.call(method, path, query=query))


def _problem(content: bytes) -> str:
    """Returns the messages of an error response."""
    try:
        problem = json.loads(content)
    except ValueError:
        return content.decode(errors="replace")
    if not is_dict(problem):
        return str(problem)
    fields: dict[str, Any] = problem.get("errors", problem)
    return "; ".join(f"{name}: {' '.join(map(str, items))}" for name, items in fields.items() if is_list(items))
