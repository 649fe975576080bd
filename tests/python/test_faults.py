"""Servers that misbehave, as the client sees them; what has to be seen comes with their addresses.

`cargo xtask test python` starts them: see tests/faults.
"""

from __future__ import annotations

import os
from typing import Any, NamedTuple

import pytest

from configcat_management import Client, ConfigCatError

ID = "08d5a03c-feb7-af1e-a1fa-40b3329f8bed"


class Row(NamedTuple):
    name: str
    method: str
    url: str
    seen: str
    attempts: int
    maybe_applied: bool


def table() -> tuple[dict[str, Any], list[Row]]:
    lines = os.environ.get("FAULTS", "").splitlines()
    if not lines:
        return {}, []
    _, connect, attempt, timeout, wait, attempts, size = lines[0].split("\t")
    settings = {
        "connect_timeout": int(connect) / 1000,
        "attempt_timeout": int(attempt) / 1000,
        "timeout": int(timeout) / 1000,
        "max_rate_limit_wait": int(wait) / 1000,
        "max_attempts": int(attempts),
        "max_response_size": int(size),
    }
    rows = []
    for line in lines[1:]:
        name, method, url, seen, sent, maybe = line.split("\t")
        rows.append(Row(name, method, url, seen, int(sent), maybe == "true"))
    return settings, rows


SETTINGS, ROWS = table()


def call(client: Client, method: str) -> tuple[str, int, bool]:
    try:
        if method == "get":
            response = client.with_response.products.get(ID)
        else:
            response = client.with_response.products.create(ID, name="Shop")
    except ConfigCatError as error:
        told = f"{error} {error!r}"
        assert "hunter2" not in told
        return error.kind, error.attempts, error.maybe_applied
    return "answer", response.attempts, False


@pytest.mark.skipif(not ROWS, reason="FAULTS is not set: run the tests by `cargo xtask test python`")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row.name}-{row.method}")
def test_a_fault_is_seen_as_in_rust(row: Row) -> None:
    with Client(username="user", password="hunter2", base_url=row.url, no_proxy=True, **SETTINGS) as client:
        assert call(client, row.method) == (row.seen, row.attempts, row.maybe_applied)
