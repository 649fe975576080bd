"""Types of nested input, for annotations: ``…Dict`` for dictionaries, ``…Like`` for every accepted type."""

from ._generated.types import *
from ._generated.types import __all__ as __all__
