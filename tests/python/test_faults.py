"""Runs both clients against faulty servers and compares the results with those of the Rust client.

`cargo xtask test python` starts the servers and passes their URLs and the expected results: see tests/faults.
"""

from __future__ import annotations

import asyncio
import os
import pickle
import traceback
from typing import Any, NamedTuple

import pytest

from configcat_management import AsyncClient, Client, ConfigCatError

ACCESS: dict[str, Any] = {"username": "user", "password": "hunter2", "no_proxy": True}
WITHOUT = "FAULTS is not set: run the tests by `cargo xtask test python`"
ID = "08d5a03c-feb7-af1e-a1fa-40b3329f8bed"


class Row(NamedTuple):
    name: str
    method: str
    url: str
    seen: str
    attempts: int
    maybe_applied: bool


def table(variable: str) -> tuple[dict[str, Any], list[Row]]:
    lines = os.environ.get(variable, "").splitlines()
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


SETTINGS, ROWS = table("FAULTS")
_, ROWS_AGAIN = table("FAULTS_AGAIN")
"""A second set of the same servers: some fail only the first request."""

Seen = tuple[str, int, bool]


LEAKS = ("hunter2", "dXNlcjpodW50", "u0068", "hunt\\u0065r2", "%68unter2")
"""The password and the ``Authorization`` header, plain or escaped as the servers do."""


def seen(error: ConfigCatError) -> Seen:
    causes = f"{error.__cause__!r} {error.__cause__} {error.__context__!r}"
    trace = "".join(traceback.format_exception(error))
    shown = f"{error} {error!r} {vars(error)} {error.body.decode(errors='replace')} {causes} {trace}"
    shown += pickle.dumps(error).decode("latin-1")
    assert not [leak for leak in LEAKS if leak in shown], shown
    return error.kind, error.attempts, error.maybe_applied


def call(client: Client, method: str) -> Seen:
    products = client.with_response.products
    try:
        response = products.get(ID) if method == "get" else products.create(ID, name="Shop")
    except ConfigCatError as error:
        return seen(error)
    return "response", response.attempts, False


async def call_async(url: str, method: str) -> Seen:
    async with AsyncClient(base_url=url, **ACCESS, **SETTINGS) as client:
        products = client.with_response.products
        try:
            response = await (products.get(ID) if method == "get" else products.create(ID, name="Shop"))
        except ConfigCatError as error:
            return seen(error)
        return "response", response.attempts, False


def name(row: Row) -> str:
    return f"{row.name}-{row.method}"


@pytest.mark.skipif(not ROWS, reason=WITHOUT)
@pytest.mark.parametrize("row", ROWS, ids=name)
def test_fault_has_the_same_result_as_in_rust(row: Row) -> None:
    with Client(base_url=row.url, **ACCESS, **SETTINGS) as client:
        assert call(client, row.method) == (row.seen, row.attempts, row.maybe_applied)


@pytest.mark.skipif(not ROWS_AGAIN, reason=WITHOUT)
@pytest.mark.parametrize("row", ROWS_AGAIN, ids=name)
def test_async_fault_has_the_same_result_as_in_rust(row: Row) -> None:
    assert asyncio.run(call_async(row.url, row.method)) == (row.seen, row.attempts, row.maybe_applied)
