"""Enum types of fields. A value that this version does not know is returned as an ``UnknownValue``."""

from ._generated.enums import *
from ._generated.enums import __all__ as __all__
