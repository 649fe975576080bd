"""Methods of the asyncio client for whole jobs."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from ._suggest import suggesting_methods

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from . import changes
    from ._connection import Connection


@suggesting_methods
class AsyncChangeMethods:
    """Export, plan and apply, and what is made of them."""

    _connection: Connection

    async def export(self, product: str) -> changes.Document:
        """Reads a product as a document.

        Everything is read with as few requests as possible: one per list, config, and environment of a config. What the service does
        not return is not part of the document: members, secrets, history.

        Args:
            product: Name or id of the product.

        Raises:
            NotFoundError: No product has the name; the message suggests a similar one.
            ConflictError: Several products have the name.
            ConfigCatError: A call failed.
        """
        from . import _jobs, changes

        return changes.Document._of(await self._connection.run_job(_jobs.export(product)))

    async def plan(
        self,
        document: changes.DocumentLike,
        *,
        prune: Iterable[str] = (),
        allow_replace: bool = False,
        approval: changes.Approval = "refuse",
        reason: str | None = None,
        strict: bool = False,
    ) -> changes.Plan:
        """Compares a document with the product, and returns the steps from one to the other with their price. Only reads.

        Args:
            document: The desired state: a document, its YAML or JSON text, the path of a file, or a dictionary.
            prune: Sections of which everything is deleted that the document does not have: ``tags``, ``settings``, ``configs`` and so
                on. Default: none.
            allow_replace: Whether entities may be deleted and created again, if a field differs that cannot be changed: the type of a
                flag, the evaluation version of a config. Default: ``False``.
            approval: What happens to values in environments that require an approval: with ``"refuse"``, the plan is not applied;
                ``"request"`` creates change requests; ``"bypass"`` changes the values without it. Default: ``"refuse"``.
            reason: Reason of the changes, which environments may require. At most 1,000 characters.
            strict: Whether each value is written by a request of its own, with the version that it builds on. By default, one request
                writes several values of a config in an environment; what others write between reading and writing is then lost.

        Raises:
            BadRequestError: The document is invalid; ``field_errors`` has every name that does not exist and every limit that is
                exceeded, by their places in the document.
            OSError: The file cannot be read.
            ConfigCatError: A call failed.
        """
        from . import _jobs, changes

        options = _jobs.options(
            prune=prune, allow_replace=allow_replace, approval=approval, reason=reason, strict=strict
        )
        job = _jobs.plan(await asyncio.to_thread(_jobs.document_of, document), options)
        return changes.Plan._of(await self._connection.run_job(job))

    async def apply(
        self,
        plan_or_document: changes.Plan | changes.DocumentLike,
        *,
        on_progress: Callable[[changes.Progress], object] | None = None,
        prune: Iterable[str] = (),
        allow_replace: bool = False,
        approval: changes.Approval = "refuse",
        reason: str | None = None,
        strict: bool = False,
    ) -> changes.Report:
        """Applies a plan if nothing has moved, or makes a plan of a document and applies it at once.

        A plan is made again first. A step that has become another one is a conflict, which does not stop the others. If applying is
        interrupted, no more requests are sent; applying again continues where it ended.

        Args:
            plan_or_document: A plan; or a document, its YAML or JSON text, the path of a file, or a dictionary.
            on_progress: Function that is called after each request with a :class:`changes.Progress`, in the event loop. An exception that it raises
                ends the call.
            prune: Sections of which everything is deleted that the document does not have: ``tags``, ``settings``, ``configs`` and so
                on. Default: none.
            allow_replace: Whether entities may be deleted and created again, if a field differs that cannot be changed: the type of a
                flag, the evaluation version of a config. Default: ``False``.
            approval: What happens to values in environments that require an approval: with ``"refuse"``, the plan is not applied;
                ``"request"`` creates change requests; ``"bypass"`` changes the values without it. Default: ``"refuse"``.
            reason: Reason of the changes, which environments may require. At most 1,000 characters.
            strict: Whether each value is written by a request of its own, with the version that it builds on. By default, one request
                writes several values of a config in an environment; what others write between reading and writing is then lost.

        The options other than ``on_progress`` are those of a document. A plan has the options that it was made with.

        Returns:
            The result of each step. Failures of calls that write are in the report; ``report.raise_for_failures()`` raises them.

        Raises:
            BadRequestError: The service would refuse steps of the plan, or the document is invalid.
            OSError: The file cannot be read.
            ConfigCatError: A call that reads failed.
        """
        from . import _jobs, changes

        options = _jobs.options(
            prune=prune, allow_replace=allow_replace, approval=approval, reason=reason, strict=strict
        )
        report = _jobs.reporter(on_progress)
        what = plan_or_document
        if not isinstance(what, changes.Plan):
            what = await asyncio.to_thread(_jobs.document_of, what)
        return changes.Report._of(await self._connection.run_job(_jobs.apply(what, options), report))

    async def promote(
        self,
        product: str,
        config: str,
        from_environment: str,
        to_environment: str,
        *,
        flags: Iterable[str] | None = None,
        aspects: Iterable[changes.Aspect] | None = None,
        approval: changes.Approval = "refuse",
        reason: str | None = None,
        strict: bool = False,
    ) -> changes.Plan:
        """Plans to give flags of an environment the values that they have in another one.

        Args:
            product: Name or id of the product.
            config: Name of the config.
            from_environment: Environment whose values are promoted.
            to_environment: Environment that gets them.
            flags: Keys of the flags. Default: all.
            aspects: Parts of the values: ``"values"``, ``"rules"`` and ``"percentages"``. Default: all.
            approval: What happens to values in environments that require an approval: with ``"refuse"``, the plan is not applied;
                ``"request"`` creates change requests; ``"bypass"`` changes the values without it. Default: ``"refuse"``.
            reason: Reason of the changes, which environments may require. At most 1,000 characters.
            strict: Whether each value is written by a request of its own, with the version that it builds on. By default, one request
                writes several values of a config in an environment; what others write between reading and writing is then lost.

        Raises:
            NotFoundError: There is no product, config, environment or flag of this name; the message suggests a similar one.
            ConfigCatError: A call failed.
        """
        from . import _jobs, changes

        options = _jobs.options(approval=approval, reason=reason, strict=strict)
        job = _jobs.promote(product, config, from_environment, to_environment, flags, aspects, options)
        return changes.Plan._of(await self._connection.run_job(job))

    async def compare(self, a: str, b: str) -> changes.Plan:
        """Returns what differs between two products: the steps that would make the second one like the first one.

        Args:
            a: Name or id of the first product.
            b: Name of the second product.

        Raises:
            NotFoundError: There is no product of this name; the message suggests a similar one.
            ConfigCatError: A call failed.
        """
        from . import _jobs, changes

        return changes.Plan._of(await self._connection.run_job(_jobs.compare(a, b)))

    async def clone_product(self, product: str, name: str, organization: str | None = None) -> changes.Plan:
        """Plans to create a copy of a product. Members and secrets are not copied.

        Args:
            product: Name or id of the product.
            name: Name of the copy.
            organization: Name or id of the organization of the copy. Default: the only one there is.

        Raises:
            ConflictError: A product has the name already.
            NotFoundError: There is no product or organization of this name; the message suggests a similar one.
            ConfigCatError: A call failed.
        """
        from . import _jobs, changes

        return changes.Plan._of(await self._connection.run_job(_jobs.clone(product, name, organization)))
