"""The models: what answers are made of, and what nested input is made of."""

from ._generated.all_models import *
from ._generated.all_models import __all__ as __all__
