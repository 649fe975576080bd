"""The shapes of nested input, for annotations: ``…Dict`` for dictionaries, ``…Like`` for whatever goes in a place."""

from ._generated.types import *
from ._generated.types import __all__ as __all__
