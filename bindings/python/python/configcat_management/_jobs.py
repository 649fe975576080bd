"""The options of jobs: each function checks them, and returns the job for the native half."""

from __future__ import annotations

import json
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

from ._native import Job
from ._options import choice, optional, switch, text, texts
from .changes import Document, Plan, Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_APPROVALS = ("refuse", "request", "bypass")
_ASPECTS = ("values", "rules", "percentages")
_CO_COROUTINE = 0x80
"""Value of `inspect.CO_COROUTINE`."""


def options(
    *,
    prune: Iterable[str] = (),
    allow_replace: bool = False,
    approval: str = "refuse",
    reason: str | None = None,
    strict: bool = False,
) -> dict[str, Any]:
    """Returns the options of a plan, with the names of its JSON."""
    return {
        "prune": texts("prune", prune, of="sections"),
        "allowReplace": switch("allow_replace", allow_replace),
        "approval": choice("approval", approval, _APPROVALS),
        "reason": optional(text, "reason", reason),
        "strict": switch("strict", strict),
    }


def document_of(value: Any, name: str = "document") -> Document:
    """Returns a document, which may be given as text, as the path of a file, or as a dictionary."""
    if isinstance(value, Document):
        return value
    if isinstance(value, str) and _is_text(value):
        return Document.from_json(value) if _is_json(value) else Document.from_yaml(value)
    if isinstance(value, (str, PathLike)):
        return Document.load(fspath(value))
    if hasattr(value, "keys"):
        return Document.from_dict(value)
    wanted = f"{name}: must be a Document, its text, the path of a file, or a dictionary"
    raise TypeError(f"{wanted}, not {value!r} ({type(value).__name__})")


def _is_text(value: str) -> bool:
    return "\n" in value or ": " in value or value.lstrip().startswith("{")


def _is_json(value: str) -> bool:
    """Whether a text is JSON and not YAML, which may begin with a brace, too."""
    if not value.lstrip().startswith("{"):
        return False
    try:
        json.loads(value)
    except (ValueError, RecursionError):
        return False
    return True


def plan(document: Document, wanted: dict[str, Any]) -> Job:
    """Compares a document with the product."""
    return Job.plan(document._native, wanted)


def apply(plan_or_document: Plan | Document, wanted: dict[str, Any]) -> Job:
    """Applies a plan, or makes one of a document and applies it at once."""
    if isinstance(plan_or_document, Plan):
        if wanted != options():
            default = options()
            name = next(name for name in wanted if wanted[name] != default[name])
            name = "allow_replace" if name == "allowReplace" else name
            raise TypeError(f"{name}: a plan has the options that it was made with; pass it to client.plan() instead")
        return Job.apply(plan_or_document._native)
    return Job.apply_document(plan_or_document._native, wanted)


def promote(
    product: str,
    config: str,
    from_environment: str,
    to_environment: str,
    flags: Iterable[str] | None,
    aspects: Iterable[str] | None,
    wanted: dict[str, Any],
) -> Job:
    """Copies values of flags from one environment to another."""
    chosen = [] if aspects is None else texts("aspects", aspects, of="aspects")
    promotion = {
        "product": text("product", product),
        "config": text("config", config),
        "from": text("from_environment", from_environment),
        "to": text("to_environment", to_environment),
        "flags": [] if flags is None else texts("flags", flags, of="keys of flags"),
        "aspects": [choice(f"aspects[{index}]", aspect, _ASPECTS) for index, aspect in enumerate(chosen)],
    }
    return Job.promote(promotion, wanted)


def export(product: str) -> Job:
    """Reads a product."""
    return Job.export(text("product", product))


def seed(product: str) -> Job:
    """Reads a product as the seed of a simulator."""
    return Job.seed(text("product", product))


def compare(a: str, b: str) -> Job:
    """Compares two products."""
    return Job.compare(text("a", a), text("b", b))


def clone(product: str, name: str, organization: str | None) -> Job:
    """Copies a product."""
    return Job.clone(text("product", product), text("name", name), optional(text, "organization", organization))


def reporter(on_progress: Callable[[Progress], object] | None) -> Callable[[int, int], None] | None:
    """Returns the function that the native half calls."""
    if on_progress is None:
        return None
    if not callable(on_progress):
        raise TypeError(f"on_progress: must be a function, not {on_progress!r} ({type(on_progress).__name__})")
    if getattr(getattr(on_progress, "__code__", None), "co_flags", 0) & _CO_COROUTINE:
        raise TypeError("on_progress: must be a plain function, not a coroutine function")

    def report(completed: int, total: int) -> None:
        on_progress(Progress(completed, total))

    return report
