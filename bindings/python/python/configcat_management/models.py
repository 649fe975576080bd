"""The models: what answers are made of, and what nested input is made of."""

from ._generated.inputs import *
from ._generated.inputs import __all__ as _inputs
from ._generated.models import *
from ._generated.models import __all__ as _models

__all__ = sorted(_inputs + _models)  # pyright: ignore[reportUnsupportedDunderAll]
