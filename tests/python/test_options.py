"""Options of clients, calls and simulators: an error names the option, what it must be, and the value."""

from __future__ import annotations

import asyncio
import datetime
import inspect
from pathlib import Path
from typing import Any

import pytest

from configcat_management import AsyncClient, Client, ConfigurationError
from configcat_management.testing import Simulator

OPTIONS: dict[str, Any] = {"username": "u", "password": "hunter2", "base_url": "http://127.0.0.1:1", "no_proxy": True}
CLIENTS = [Client, AsyncClient]

WRONG = [
    ("timeout", "5", TypeError, r"timeout: must be a number of seconds, more than 0, not '5' \(str\)"),
    ("timeout", datetime.timedelta(seconds=5), TypeError, "timeout: must be a number of seconds, .*timedelta"),
    ("timeout", True, TypeError, "timeout: must be a number of seconds"),
    ("timeout", 0, ValueError, "timeout: must be a number of seconds, more than 0, not 0"),
    ("timeout", -1, ValueError, "timeout: must be a number of seconds, more than 0, not -1"),
    ("timeout", float("nan"), ValueError, "timeout: must be a number of seconds, more than 0, not nan"),
    ("timeout", float("inf"), ValueError, "timeout: must be a number of seconds, more than 0, not inf"),
    ("timeout", 1e300, ValueError, "timeout: must be a number of seconds, more than 0, not 1e"),
    ("attempt_timeout", "x", TypeError, "attempt_timeout: must be a number of seconds, more than 0, not 'x'"),
    ("connect_timeout", 0, ValueError, "connect_timeout: must be a number of seconds, more than 0, not 0"),
    ("max_rate_limit_wait", -1, ValueError, "max_rate_limit_wait: must be a number of seconds, at least 0, not -1"),
    ("max_attempts", 0, ValueError, "max_attempts: must be a whole number, at least 1, not 0"),
    ("max_attempts", -1, ValueError, "max_attempts: must be a whole number, at least 1, not -1"),
    ("max_attempts", 2**32, ValueError, "max_attempts: must be a whole number, at least 1, not 4294967296; the largest is"),
    ("max_attempts", 2.0, TypeError, r"max_attempts: must be a whole number, at least 1, not 2.0 \(float\)"),
    ("max_attempts", "3", TypeError, "max_attempts: must be a whole number, at least 1, not '3'"),
    ("max_response_size", 0, ValueError, "max_response_size: must be a whole number, at least 1, not 0"),
    ("max_response_size", "1 MB", TypeError, "max_response_size: must be a whole number"),
    ("retry_all_methods", "yes", TypeError, r"retry_all_methods: must be True or False, not 'yes' \(str\)"),
    ("allow_http", 1, TypeError, "allow_http: must be True or False, not 1"),
    ("no_proxy", "localhost", TypeError, "no_proxy: must be True or False, not 'localhost'"),
    ("rate_limit", "Pace", ValueError, "rate_limit: must be 'pace', 'fail_fast' or 'off', not 'Pace'; did you mean pace?"),
    ("rate_limit", False, TypeError, "rate_limit: must be 'pace', 'fail_fast' or 'off', not False"),
    ("base_url", b"http://x", TypeError, "base_url: must be a string, not bytes"),
    ("username", 1, TypeError, "username: must be a string, not int"),
    ("password", b"s3cret", TypeError, "password: must be a string, not bytes"),
    ("username", "a\ud800", ValueError, "username: has an unpaired surrogate at position 1"),
    ("proxy", 8080, TypeError, "proxy: must be a string, not int"),
    ("caller_id", 1, TypeError, "caller_id: must be a string, not 1"),
    ("user_agent", [], TypeError, "user_agent: must be a string, not"),
    ("headers", ["X-Team"], TypeError, "headers: must be a mapping of names to strings"),
    ("cassette", "tape.json", TypeError, "cassette: must be a configcat_management.testing.Cassette, not str"),
    ("credentials", ("u", "s3cret"), TypeError, "credentials: must be a function"),
    ("observer", "log", TypeError, "observer: must have at least one of the methods"),
    ("root_certificate", 1, TypeError, "root_certificate: must be PEM text or the path of a PEM file, not int"),
    ("root_certificate", "ca.pem", ConfigurationError, "root_certificate: cannot read the file 'ca.pem': No such file"),
    ("client_certificate", "a\n\nb", ValueError, "client_certificate: the text has no PEM block"),
]


@pytest.mark.parametrize("make", CLIENTS)
@pytest.mark.parametrize(("name", "value", "error", "message"), WRONG)
def test_invalid_option_error_names_option_and_range(
    make: Any, name: str, value: Any, error: type[Exception], message: str
) -> None:
    others = {option: OPTIONS[option] for option in OPTIONS if name != "credentials" or option not in ("username", "password")}
    with pytest.raises(error, match=f"^{message}") as caught:
        make(**{**others, name: value})
    assert "s3cret" not in str(caught.value) and "hunter2" not in str(caught.value)


def test_every_option_of_a_client_is_tested() -> None:
    tested = {name for name, *_ in WRONG}
    assert tested == set(inspect.signature(Client).parameters)


@pytest.mark.parametrize(("name", "value", "error", "message"), [w for w in WRONG if w[0] in ("timeout", "max_attempts")])
def test_invalid_limit_of_a_call_or_view_is_refused_before_sending(
    demo: Simulator, name: str, value: Any, error: type[Exception], message: str
) -> None:
    limit = {name: value}

    async def awaited() -> None:
        async with demo.async_client() as other:
            for call in (lambda: other.me.get(**limit), lambda: other.request("GET", "/v1/me", **limit)):
                with pytest.raises(error, match=f"^{message}"):
                    await call()

    with demo.client() as client:
        for call in (
            lambda: client.me.get(**limit),
            lambda: client.with_response.me.get(**limit),
            lambda: client.request("GET", "/v1/me", **limit),
            lambda: client.with_options(**limit).me.get(),
        ):
            with pytest.raises(error, match=f"^{message}"):
                call()
    asyncio.run(awaited())
    demo.verify(times=0)


@pytest.mark.parametrize("make", CLIENTS)
def test_misspelt_option_of_a_client_has_a_suggestion(make: Any) -> None:
    with pytest.raises(TypeError, match=rf"^{make.__name__}\(\) has no keyword tiemout; did you mean timeout\?"):
        make(**OPTIONS, tiemout=5)
    with pytest.raises(TypeError, match=r"has no keyword max_retries; (did you mean|it has)"):
        make(**OPTIONS, max_retries=5)
    with pytest.raises(TypeError, match=rf"^{make.__name__}\(\) takes only keywords, such as username=..."):
        make("u", "p")
    client = make(**OPTIONS)
    with pytest.raises(TypeError, match=rf"^{make.__name__}.with_options\(\) has no keyword tiemout; did you mean timeout\?"):
        client.with_options(tiemout=5)
    with pytest.raises(TypeError, match="with_options.* has no keyword base_url; it has timeout, max_attempts, headers"):
        client.with_options(base_url="http://x")
    client.close()


def test_positional_argument_for_a_keyword_names_the_keywords(demo: Simulator) -> None:
    with demo.client() as client, pytest.raises(TypeError, match=r"Products.create\(\) takes 1 positional argument and keywords, such as name"):
        client.products.create("x", "Web shop")  # type: ignore[misc]


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"sede": "demo"}, TypeError, r"Simulator\(\) has no keyword sede; did you mean seed\?"),
        ({"seed": 5}, TypeError, r"seed: must be a name, a dictionary or a path, not 5 \(int\)"),
        ({"seed": None}, TypeError, "seed: must be a name, a dictionary or a path, not None"),
        ({"port": "8080"}, TypeError, "port: must be a whole number, 0 to 65535, not '8080'"),
        ({"port": 70_000}, ValueError, "port: must be a whole number, 0 to 65535, not 70000"),
        ({"journal": -1}, ValueError, "journal: must be a whole number, at least 0, not -1"),
        ({"rate_limit": 100}, TypeError, "rate_limit: must be a string, not 100"),
        ({"rate_limit": "many"}, ValueError, "rate_limit: "),
        ({"rate_limit_reset": "never"}, ValueError, "rate_limit_reset: "),
        ({"username": 1}, TypeError, "username: must be a string, not int"),
        ({"state": 1}, TypeError, "state: must be a path, not 1"),
        ({"webhooks_anywhere": "no"}, TypeError, "webhooks_anywhere: must be True or False, not 'no'"),
    ],
)
def test_invalid_option_of_a_simulator_is_named(options: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=f"^{message}"):
        Simulator(**options)


def test_misspelt_arguments_of_simulator_methods_have_suggestions(demo: Simulator) -> None:
    with pytest.raises(TypeError, match=r"Simulator.add_fault\(\) has no keyword statu; did you mean status\?"):
        demo.add_fault(statu=503)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"Simulator.verify\(\) has no keyword statu; did you mean status\?"):
        demo.verify("me.get", statu=200)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"Clock.advance\(\) has no keyword second; did you mean seconds\?"):
        demo.clock.advance(second=1)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match=r"Client\(\) has no keyword tiemout"):
        demo.client(tiemout=1)


def test_invalid_rate_limit_of_a_credential_is_named(demo: Simulator) -> None:
    for wrong in ("many", "10", "x/60"):
        with pytest.raises(ValueError, match=f"rate_limit: must be requests per window in seconds, such as '10/60', not '{wrong}'"):
            demo.add_credential("a", "b", rate_limit=wrong)
    with pytest.raises(TypeError, match="rate_limit: must be a string, not 10"):
        demo.add_credential("a", "b", rate_limit=10)  # type: ignore[arg-type]


class Number:
    """A number of another library."""

    def __init__(self, value: float) -> None:
        self.value = value

    def __index__(self) -> int:
        return int(self.value)

    def __float__(self) -> float:
        return float(self.value)


def test_numbers_of_other_libraries_are_accepted_as_options(demo: Simulator) -> None:
    with demo.client(timeout=Number(5), max_attempts=Number(2)) as client:  # type: ignore[arg-type]
        assert client.me.get(timeout=Number(5.5), max_attempts=Number(1)).email  # type: ignore[arg-type]


PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"


@pytest.mark.parametrize("name", ["root_certificate", "client_certificate"])
def test_certificate_is_accepted_as_text_bytes_or_path(tmp_path: Path, name: str) -> None:
    file = tmp_path / "ca.pem"
    file.write_text(PEM, encoding="utf-8")
    messages = set()
    # The certificate itself is invalid, which shows that its text has arrived.
    for value in (PEM, PEM.encode(), bytearray(PEM.encode()), file, str(file)):
        with pytest.raises(ConfigurationError) as caught:
            Client(**{**OPTIONS, name: value})
        messages.add(str(caught.value))
        assert caught.value.kind == "configuration" and "cannot read" not in str(caught.value)
    assert len(messages) == 1
    with pytest.raises(ConfigurationError, match=f"{name}: cannot read the file .*missing.pem'") as unread:
        Client(**{**OPTIONS, name: tmp_path / "missing.pem"})
    assert isinstance(unread.value.__cause__, FileNotFoundError)
