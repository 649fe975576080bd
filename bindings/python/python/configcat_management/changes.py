"""Whole jobs instead of single calls: a product as a document, plans with their price, reports and undo.

    from configcat_management import Client

    with Client() as client:
        plan = client.plan("flags.yaml")
        print(plan)
        report = client.apply(plan)
        print(report.summary)
        client.apply(report.undo())  # takes it back

A :class:`Document` is the desired state of a product, or of a part of it, by names and without ids. A :class:`Plan` has the steps
from the actual to the desired state. A :class:`Report` says the result of each step. All are immutable, can be compared,
pickled and saved as JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from os import PathLike
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar, Union

from ._errors import BadRequestError
from ._native import NativeDocument, NativePlan, NativeReport
from ._options import optional, path, text
from ._steps import (
    Action,
    Approval,
    Aspect,
    PlannedRequest,
    Price,
    Progress,
    Status,
    Step,
    StepOutcome,
    outcome_of,
    request_of,
    step_of,
)
from ._suggest import suggesting_methods

if TYPE_CHECKING:
    from collections.abc import Callable

    from typing_extensions import Self

_T = TypeVar("_T")

__all__ = [
    "Action",
    "Approval",
    "Aspect",
    "Document",
    "DocumentLike",
    "Plan",
    "PlannedRequest",
    "Price",
    "Progress",
    "Report",
    "Status",
    "Step",
    "StepOutcome",
]


@suggesting_methods
class Document:
    """Desired state of a product, or of a part of it. What a document does not mention is left alone.

    Args:
        product: Name of the product. The document mentions nothing else.
    """

    __slots__ = ("_native",)

    def __init__(self, product: str) -> None:
        self._native = NativeDocument(text("product", product))

    @classmethod
    def _of(cls, native: NativeDocument) -> Self:
        document = cls.__new__(cls)
        document._native = native
        return document

    @classmethod
    def from_yaml(cls, text: str) -> Self:
        """Parses a document from YAML, of which JSON is a part.

        Raises:
            BadRequestError: It is not a document; the message has the place of the first mistake: the path, and line and column.
        """
        return cls._of(NativeDocument.from_yaml(_text("text", text)))

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Parses a document from JSON.

        Raises:
            BadRequestError: It is not a document; the message has the place of the first mistake: the path, and line and column.
        """
        return cls._of(NativeDocument.from_json(_text("text", text)))

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """Creates a document from a dictionary, such as one of :meth:`to_dict`.

        Raises:
            BadRequestError: It is not a document; the message has the path of the first mistake.
        """
        return cls._of(NativeDocument.from_dict(data))

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Self:
        """Reads a document from a file: JSON if its name ends in ``.json``, else YAML.

        Raises:
            OSError: The file cannot be read.
            BadRequestError: It is not a document; the message has the file and the place of the first mistake.
        """
        location = _path("path", path)
        return _parsed(location, cls.from_json if location.endswith(".json") else cls.from_yaml)

    def save(self, path: str | PathLike[str]) -> None:
        """Writes the document to a file: as JSON if its name ends in ``.json``, else as YAML."""
        location = _path("path", path)
        _write(location, self.to_json() if location.endswith(".json") else self.to_yaml())

    @property
    def product(self) -> str:
        """Name of the product."""
        return self._native.product

    @property
    def organization(self) -> str | None:
        """Name or id of the organization in which the product is created if it does not exist."""
        return self._native.organization

    def renamed(self, product: str | None = None, organization: str | None = None) -> Document:
        """Returns the document with the product under another name, or in another organization.

        Args:
            product: Name of the product. Default: unchanged.
            organization: Name or id of the organization. Default: unchanged.
        """
        return Document._of(
            self._native.renamed(optional(text, "product", product), optional(text, "organization", organization))
        )

    def to_yaml(self) -> str:
        """Returns the document as YAML."""
        return self._native.to_yaml()

    def to_json(self) -> str:
        """Returns the document as JSON."""
        return self._native.to_json()

    def to_dict(self) -> dict[str, Any]:
        """Returns the document as a dictionary, which is a copy."""
        return self._native.to_dict()

    def __eq__(self, other: object) -> bool:
        return self._native == other._native if isinstance(other, Document) else NotImplemented

    def __reduce__(self) -> tuple[Callable[[str], Document], tuple[str]]:
        return Document.from_json, (self.to_json(),)

    def __str__(self) -> str:
        return self.to_yaml()

    def __repr__(self) -> str:
        return f"<Document of {self.product!r}>"


DocumentLike = Union[Document, str, PathLike[str], Mapping[str, Any]]
"""A document, its YAML or JSON text, the path of a file, or a dictionary. A string is a path if it is one line without ``": "``."""


class _Parts(NamedTuple):
    steps: tuple[Step, ...]
    requests: tuple[PlannedRequest, ...]
    price: Price


@suggesting_methods
class Plan:
    """Ordered steps from the actual state of a product to the one of a document, with their price.

    It can be shown, saved, and applied later if nothing has moved. ``print(plan)`` shows it in a terminal, and a notebook shows it
    as a table. It is true if there is something to do.
    """

    __slots__ = ("_native", "_read")

    _native: NativePlan
    _read: _Parts | None

    def __init__(self) -> None:
        raise TypeError("a plan is made by client.plan(...) and similar methods, or by Plan.from_json(...)")

    @classmethod
    def _of(cls, native: NativePlan) -> Plan:
        plan = cls.__new__(cls)
        plan._native = native
        plan._read = None
        return plan

    @property
    def _parts(self) -> _Parts:
        """The parts, which are converted when the first one is asked for: there may be many."""
        if self._read is None:
            parts = self._native.parts()
            self._read = _Parts(
                tuple(step_of(step) for step in parts["steps"]),
                tuple(request_of(request) for request in parts["requests"]),
                Price(parts["price"]["requests"], parts["price"]["reads"]),
            )
        return self._read

    @classmethod
    def from_json(cls, text: str) -> Plan:
        """Parses a plan that was saved.

        Raises:
            BadRequestError: It is not a plan, or one of a newer format.
        """
        return cls._of(NativePlan.from_json(_text("text", text)))

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Plan:
        """Reads a plan from a JSON file.

        Raises:
            OSError: The file cannot be read.
            BadRequestError: It is not a plan, or one of a newer format.
        """
        return _parsed(_path("path", path), cls.from_json)

    def save(self, path: str | PathLike[str]) -> None:
        """Writes the plan to a JSON file."""
        _write(_path("path", path), self.to_json())

    @property
    def document(self) -> Document:
        """The desired state."""
        return Document._of(self._native.document)

    @property
    def steps(self) -> tuple[Step, ...]:
        """Steps, in the order in which they are applied."""
        return self._parts.steps

    @property
    def requests(self) -> tuple[PlannedRequest, ...]:
        """Requests that apply the steps."""
        return self._parts.requests

    @property
    def price(self) -> Price:
        """What it costs."""
        return self._parts.price

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to do."""
        return self._native.is_empty

    @property
    def refused(self) -> tuple[Step, ...]:
        """Steps that the service would refuse. A plan with such steps is not applied."""
        return tuple(step for step in self.steps if step.refused is not None)

    @property
    def summary(self) -> str:
        """One line: the number of steps by action, and the price."""
        return self._native.summary

    def to_text(self, *, color: bool = False) -> str:
        """Returns the plan for a terminal.

        Args:
            color: Whether to color it with escape sequences. Default: ``False``.
        """
        return self._native.to_text(color)

    def to_markdown(self) -> str:
        """Returns the plan as Markdown, for pull requests."""
        return self._native.to_markdown()

    def to_json(self) -> str:
        """Returns the plan as JSON, which :meth:`from_json` parses."""
        return self._native.to_json()

    def _repr_html_(self) -> str:
        return self._native.to_html()

    def __bool__(self) -> bool:
        return not self.is_empty

    def __eq__(self, other: object) -> bool:
        return self._native == other._native if isinstance(other, Plan) else NotImplemented

    def __reduce__(self) -> tuple[Callable[[str], Plan], tuple[str]]:
        return Plan.from_json, (self.to_json(),)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return f"<Plan for {self._native.document.product!r}: {self.summary.removeprefix('Plan: ')}>"


@suggesting_methods
class Report:
    """What applying a plan did, with what is needed to take it back.

    ``print(report)`` shows the steps that were not applied; a notebook shows all of them as a table.
    """

    __slots__ = ("_native", "_outcomes", "_plan")

    _native: NativeReport
    _outcomes: tuple[StepOutcome, ...] | None
    _plan: Plan

    def __init__(self) -> None:
        raise TypeError("a report is made by client.apply(...), or by Report.from_json(...)")

    @classmethod
    def _of(cls, native: NativeReport) -> Report:
        report = cls.__new__(cls)
        report._native = native
        report._plan = Plan._of(native.plan)
        report._outcomes = None
        return report

    @classmethod
    def from_json(cls, text: str) -> Report:
        """Parses a report that was saved.

        Raises:
            BadRequestError: It is not a report, or one of a newer format.
        """
        return cls._of(NativeReport.from_json(_text("text", text)))

    @classmethod
    def load(cls, path: str | PathLike[str]) -> Report:
        """Reads a report from a JSON file.

        Raises:
            OSError: The file cannot be read.
            BadRequestError: It is not a report, or one of a newer format.
        """
        return _parsed(_path("path", path), cls.from_json)

    def save(self, path: str | PathLike[str]) -> None:
        """Writes the report to a JSON file, so that it can be taken back later."""
        _write(_path("path", path), self.to_json())

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self._plan

    @property
    def outcomes(self) -> tuple[StepOutcome, ...]:
        """The result of each step, in the order of the plan."""
        if self._outcomes is None:
            self._outcomes = tuple(outcome_of(self._plan.steps, outcome) for outcome in self._native.outcomes())
        return self._outcomes

    @property
    def failures(self) -> tuple[StepOutcome, ...]:
        """Outcomes of the steps that did not succeed."""
        return tuple(outcome for outcome in self.outcomes if not outcome.status.is_success)

    @property
    def is_complete(self) -> bool:
        """Whether every step succeeded."""
        return self._native.is_complete

    @property
    def requests(self) -> int:
        """Requests that were sent, without retries."""
        return self._native.requests

    @property
    def summary(self) -> str:
        """One line: the number of steps by their results."""
        return self._native.summary

    def raise_for_failures(self) -> None:
        """Raises an error if a step did not succeed.

        Raises:
            ConflictError: Others have changed an entity since the plan was made.
            ConfigCatError: A call failed. The class is that of the first call that did, and the message names every step.
        """
        self._native.raise_for_failures()

    def undo(self) -> Document:
        """Returns the document with the state from before, for everything that was done.

        Its plan shows what taking it back changes. What was deleted comes back with new ids.
        """
        return Document._of(self._native.undo())

    def to_text(self) -> str:
        """Returns the report for a terminal: a line for each step that was not applied, and the summary."""
        return self._native.to_text()

    def to_json(self) -> str:
        """Returns the report as JSON, which :meth:`from_json` parses."""
        return self._native.to_json()

    def _repr_html_(self) -> str:
        return self._native.to_html()

    def __eq__(self, other: object) -> bool:
        return self._native == other._native if isinstance(other, Report) else NotImplemented

    def __reduce__(self) -> tuple[Callable[[str], Report], tuple[str]]:
        return Report.from_json, (self.to_json(),)

    def __str__(self) -> str:
        return self.to_text()

    def __repr__(self) -> str:
        return f"<Report for {self._plan.document.product!r}: {self.summary}>"


_text, _path = text, path
"""The parameters of methods have these names, too."""


def _parsed(location: str, parse: Callable[[str], _T]) -> _T:
    with open(location, encoding="utf-8") as file:
        content = file.read()
    try:
        return parse(content)
    except BadRequestError as error:
        error.args = (f"{location}: {error.args[0]}",)
        raise


def _write(location: str, content: str) -> None:
    with open(location, "w", encoding="utf-8", newline="\n") as file:
        file.write(content)
