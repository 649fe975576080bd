"""Types that annotations share."""

from __future__ import annotations

from typing import Union

SettingValue = Union[bool, str, int, float]
"""A value of a flag."""


class UnknownValue(str):
    """A value of an enum that this version does not know: it is what the service sent, and is sent back as it came.

    Make one to send a value that is newer than this package; any other text that is none of the enum's values is
    refused.
    """

    __slots__ = ()
