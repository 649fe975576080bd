"""The values that fields can have. A value that is not here yet arrives as an ``UnknownValue``."""

from ._generated.enums import *
from ._generated.enums import __all__ as __all__
