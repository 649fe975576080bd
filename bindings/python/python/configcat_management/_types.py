"""Types that annotations share."""

from __future__ import annotations

from typing import Union

SettingValue = Union[bool, str, int, float]
"""A value of a flag."""
