"""Models of responses and of nested input."""

from ._generated.all_models import *
from ._generated.all_models import __all__ as __all__
