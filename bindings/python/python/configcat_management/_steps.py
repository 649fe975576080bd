"""What plans and reports consist of."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal

from ._hints import hinted_methods
from ._native import least_wait

if TYPE_CHECKING:
    from ._native import RateLimit

__all__ = ["Action", "Approval", "Aspect", "PlannedRequest", "Price", "Progress", "Status", "Step", "StepOutcome"]

Approval = Literal["refuse", "request", "bypass"]
"""What happens to values in environments that require an approval: the plan is not applied, change requests are created, or the
values are changed without it."""
Aspect = Literal["values", "rules", "percentages"]
"""Part of a value: what is served if no rule matches, rules that serve one value, or rules that serve values by percentage."""


class Action(str, Enum):
    """What a step does with an entity."""

    CREATE = "create"
    UPDATE = "update"
    REPLACE = "replace"
    """Deletes it and creates it again, because a field of it cannot be changed."""
    DELETE = "delete"

    def __str__(self) -> str:
        return self.value


class Status(str, Enum):
    """The result of a step."""

    DONE = "done"
    ALREADY_DONE = "alreadyDone"
    """The entity was already as the step wants it."""
    REQUESTED = "requested"
    """A change request was created, which others have to approve."""
    CONFLICT = "conflict"
    """The entity has been changed since the plan was made."""
    FAILED = "failed"
    """The service refused it, or did not respond."""
    SKIPPED = "skipped"
    """A step that it needs was not applied."""

    def __str__(self) -> str:
        return self.value

    @property
    def is_success(self) -> bool:
        """Whether the entity is, or will be after an approval, as the step wants it."""
        return self in (Status.DONE, Status.ALREADY_DONE, Status.REQUESTED)


@dataclass(frozen=True)
class Step:
    """One change to one entity.

    Attributes:
        action: What is done.
        section: Section of the entity, such as ``tags``, ``settings`` or ``values``.
        path: Names that lead to the entity: ``("Storefront", "newCheckout", "Production")``.
        before: Fields that change, as they are; everything that is deleted.
        after: Fields that change, as they will be.
        version: Version of the value that the step builds on.
        evaluation_version: Evaluation version of the config that the value belongs to.
        refused: Why the service would refuse the step. A plan with such a step is not applied.
        note: What to know about the step before it is applied.
    """

    action: Action
    section: str
    path: tuple[str, ...]
    before: Any = None
    after: Any = None
    version: str | None = None
    evaluation_version: str | None = None
    refused: str | None = None
    note: str | None = None

    @property
    def place(self) -> str:
        """The path for people: ``Storefront / newCheckout / Production``."""
        return " / ".join(self.path)


@dataclass(frozen=True)
class PlannedRequest:
    """A request that applies one or several steps.

    Attributes:
        operation: The operation, such as ``flag_values.replace_many``.
        steps: Positions of its steps in the plan.
        count: Number of requests: two if an entity is deleted and created again.
    """

    operation: str
    steps: tuple[int, ...]
    count: int


@hinted_methods
@dataclass(frozen=True)
class Price:
    """What a plan costs.

    Attributes:
        requests: Requests that applying sends, without retries.
        reads: Requests that making the plan has sent, without retries.
    """

    requests: int
    reads: int

    def least_wait(self, rate_limit: RateLimit) -> float | None:
        """Returns the least number of seconds that the requests wait for the rate limit; ``None`` if the service has reported none.

        Args:
            rate_limit: State of the rate limit, such as ``client.rate_limit``.
        """
        return least_wait(self.requests, rate_limit.remaining, rate_limit.resets_in)


@dataclass(frozen=True)
class StepOutcome:
    """The result of a step.

    Attributes:
        index: Position of the step in the plan.
        step: The step.
        status: Its result.
        id: Id of the entity that was created, or of the change request.
        error: Why it was not applied.
        kind: Kind of the error, such as ``not_found``, if a call failed.
        theirs: What others made of the entity, after a conflict.
    """

    index: int
    step: Step
    status: Status
    id: str | None = None
    error: str | None = None
    kind: str | None = None
    theirs: Any = None


@dataclass(frozen=True)
class Progress:
    """Progress of applying a plan.

    Attributes:
        completed: Steps that are completed, successfully or not.
        total: Steps of the plan.
    """

    completed: int
    total: int


def step_of(data: dict[str, Any]) -> Step:
    """Returns the step with these members."""
    return Step(
        Action(data["action"]),
        data["section"],
        tuple(data["path"]),
        data.get("before"),
        data.get("after"),
        data.get("version"),
        data.get("evaluationVersion"),
        data.get("refused"),
        data.get("note"),
    )


def outcome_of(steps: tuple[Step, ...], data: dict[str, Any]) -> StepOutcome:
    """Returns the outcome with these members."""
    index: int = data["step"]
    return StepOutcome(
        index,
        steps[index],
        Status(data["status"]),
        data.get("id"),
        data.get("error"),
        data.get("kind"),
        data.get("theirs"),
    )


def request_of(data: dict[str, Any]) -> PlannedRequest:
    """Returns the request with these members."""
    return PlannedRequest(data["operation"], tuple(data["steps"]), data["count"])
