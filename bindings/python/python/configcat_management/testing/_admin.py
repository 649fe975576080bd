"""The admin path of a simulator, by HTTP: what it takes and refuses is told in one place, for all languages."""

from __future__ import annotations

import json
from typing import Any, cast
from urllib.parse import urlencode, urlsplit

from .._types import is_dict, is_list

PREFIX = "/__simulator"
TIMEOUT = 30.0
"""Seconds for a call; a simulator answers in milliseconds."""


class AdminError(Exception):
    """The simulator refuses what a test wants of it.

    Attributes:
        status: HTTP status of the refusal.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


class Admin:
    """Calls the admin path of one simulator, from any thread."""

    def __init__(self, url: str) -> None:
        self._address = urlsplit(url).netloc

    def call(self, method: str, path: str, body: Any = None, *, query: dict[str, Any] | None = None) -> Any:
        """Makes a call; gives what it answers."""
        # Late: the plugin for pytest imports this in every run of every project.
        from http.client import HTTPConnection

        given = {name: value for name, value in (query or {}).items() if value is not None}
        target = PREFIX + path + (f"?{urlencode(given)}" if given else "")
        connection = HTTPConnection(self._address, timeout=TIMEOUT)
        try:
            payload = None if body is None else json.dumps(body)
            connection.request(method, target, payload, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        if answer.status >= 400:
            raise AdminError(_problem(content) or f"{method} {target}: {answer.status}", answer.status)
        return json.loads(content) if content else None

    def object(self, method: str, path: str, body: Any = None) -> dict[str, Any]:
        """A call that answers with an object."""
        return cast("dict[str, Any]", self.call(method, path, body))

    def list(self, method: str, path: str, *, query: dict[str, Any] | None = None) -> list[dict[str, Any]]:
        """A call that answers with a list."""
        return cast("list[dict[str, Any]]", self.call(method, path, query=query))


def _problem(content: bytes) -> str:
    """The messages of a refusal."""
    try:
        problem = json.loads(content)
    except ValueError:
        return content.decode(errors="replace")
    if not is_dict(problem):
        return str(problem)
    fields: dict[str, Any] = problem.get("errors", problem)
    return "; ".join(f"{name}: {' '.join(map(str, texts))}" for name, texts in fields.items() if is_list(texts))
