"""Checks of options: each error names the option, what it must be, and the value."""

from __future__ import annotations

import operator

from ._errors import ConfigurationError
from ._scalars import has, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

__all__ = ["check", "choice", "count", "limits", "optional", "path", "secret", "seconds", "switch", "text", "texts"]

_MOST = 2**32 - 1
"""Largest number that the native half takes."""
_ARMOR = "-----BEGIN "
"""Start of a PEM block, which no path has."""


def _not(value: object) -> str:
    """Returns what a value is, for messages."""
    return f"{value!r} ({type(value).__name__})"


def seconds(name: str, value: Any, *, may_be_zero: bool = False) -> float:
    """Returns an option that is a number of seconds."""
    least = "at least 0" if may_be_zero else "more than 0"
    wanted = f"{name}: must be a number of seconds, {least}"
    if isinstance(value, (bool, str, bytes)) or not has(value, "__float__"):
        raise TypeError(f"{wanted}, not {_not(value)}")
    number = float(value)
    if not 0 <= number < 2**63 or (number == 0 and not may_be_zero):
        raise ValueError(f"{wanted}, not {value!r}")
    return number


def _wait(name: str, value: Any) -> float:
    return seconds(name, value, may_be_zero=True)


def count(name: str, value: Any, *, least: int = 1, most: int = _MOST) -> int:
    """Returns an option that is a whole number in a range."""
    wanted = f"{name}: must be a whole number, " + (f"at least {least}" if most == _MOST else f"{least} to {most}")
    if isinstance(value, bool) or not has(value, "__index__"):
        raise TypeError(f"{wanted}, not {_not(value)}")
    number = operator.index(value)
    if not least <= number <= most:
        raise ValueError(f"{wanted}, not {number}" + (f"; the largest is {most}" if number > most else ""))
    return number


def switch(name: str, value: Any) -> bool:
    """Returns an option that is on or off."""
    on = plain(value)
    if not isinstance(on, bool):
        raise TypeError(f"{name}: must be True or False, not {_not(value)}")
    return on


def text(name: str, value: Any) -> str:
    """Returns an option that is a string."""
    if not isinstance(value, str):
        raise TypeError(f"{name}: must be a string, not {_not(value)}")
    return _encodable(name, value)


def secret(name: str, value: Any) -> str:
    """Returns an option that is a string, whose value is not part of the message."""
    if not isinstance(value, str):
        raise TypeError(f"{name}: must be a string, not {type(value).__name__}")
    return _encodable(name, value)


def _encodable(name: str, value: str) -> str:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        problem = f"{name}: has an unpaired surrogate at position {error.start}, which cannot be encoded as UTF-8"
        raise ValueError(problem) from None
    return value


def path(name: str, value: Any, *, other: str = "") -> str:
    """Returns an option that is a path; ``other`` is what it may be, too, for messages."""
    import os

    if not isinstance(value, (str, os.PathLike)):
        raise TypeError(f"{name}: must be {other}a path, not {_not(value)}")
    return text(name, os.fspath(value))


def optional(check_value: Callable[[str, Any], Any], name: str, value: Any) -> Any:
    """Returns an option that may be ``None``."""
    return None if value is None else check_value(name, value)


def choice(name: str, value: Any, known: tuple[str, ...]) -> str:
    """Returns an option that is one of several strings."""
    if value not in known:
        from ._native import suggestions

        similar = suggestions(value, list(known), 1) if isinstance(value, str) else []
        suggestion = f"; did you mean {similar[0]}?" if similar else ""
        kind = ValueError if isinstance(value, str) else TypeError
        listed = " or ".join((", ".join(map(repr, known[:-1])), repr(known[-1])))
        raise kind(f"{name}: must be {listed}, not {value!r}{suggestion}")
    return str(value)


def texts(name: str, value: Any, *, of: str) -> list[str]:
    """Returns an option that is a list of strings; ``of`` is what they are, for messages."""
    # The letters of a string are strings, too.
    if isinstance(value, (str, bytes)) or not hasattr(value, "__iter__"):
        raise TypeError(f"{name}: must be a list of {of}, not {_not(value)}")
    return [text(f"{name}[{index}]", item) for index, item in enumerate(value)]


def _policy(name: str, value: Any) -> str:
    return choice(name, value, ("pace", "fail_fast", "off"))


def _pem(name: str, value: Any) -> bytes:
    """Returns the text of certificates, which may be in a file."""
    import os

    if isinstance(value, (bytes, bytearray)):
        return bytes(value)
    if isinstance(value, str) and _ARMOR in value:
        return value.encode()
    if not isinstance(value, (str, os.PathLike)):
        raise TypeError(f"{name}: must be PEM text or the path of a PEM file, not {type(value).__name__}")
    location = path(name, value)
    if "\n" in location:
        raise ValueError(f"{name}: the text has no PEM block, which begins with {_ARMOR}")
    try:
        with open(location, "rb") as file:
            return file.read()
    except (OSError, ValueError) as error:
        problem = f"{name}: cannot read the file {location!r}: {getattr(error, 'strerror', None) or error}"
        raise ConfigurationError(problem, kind="configuration") from error


def _cassette(name: str, value: Any) -> Any:
    from ._native import Cassette

    if not isinstance(value, Cassette):
        raise TypeError(f"{name}: must be a configcat_management.testing.Cassette, not {type(value).__name__}")
    return value


_CHECKS: dict[str, Callable[[str, Any], Any]] = {
    "username": secret,
    "password": secret,
    "base_url": secret,
    "timeout": seconds,
    "attempt_timeout": seconds,
    "connect_timeout": seconds,
    "max_attempts": count,
    "retry_all_methods": switch,
    "rate_limit": _policy,
    "max_rate_limit_wait": _wait,
    "max_response_size": count,
    "proxy": secret,
    "no_proxy": switch,
    "root_certificate": _pem,
    "client_certificate": _pem,
    "caller_id": text,
    "user_agent": text,
    "allow_http": switch,
    "cassette": _cassette,
}
"""The native half checks the other options."""


def check(options: Mapping[str, Any]) -> dict[str, Any]:
    """Returns the options that are present, as the native half takes them.

    Raises:
        TypeError: An option has the wrong type.
        ValueError: An option is out of its range.
        ConfigurationError: The file of a certificate cannot be read.
    """
    present = {name: value for name, value in options.items() if value is not None}
    return {name: _CHECKS[name](name, value) if name in _CHECKS else value for name, value in present.items()}


def limits(timeout: Any, max_attempts: Any) -> tuple[float | None, int | None]:
    """Returns the limits of a call; ``None`` for a limit that is that of the client."""
    return (
        None if timeout is None else seconds("timeout", timeout),
        None if max_attempts is None else count("max_attempts", max_attempts),
    )
