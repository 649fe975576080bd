"""Simulators with a copy of a real product."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .._native import NativeMirror
from .._suggest import suggesting_methods
from . import Simulator

if TYPE_CHECKING:
    from types import TracebackType

    from typing_extensions import Self

    from ..changes import Approval, Plan

__all__ = ["AsyncMirror", "Mirror", "check_client"]


def check_client(client: object, wanted: type, other: str) -> None:
    """Refuses a client of the other kind."""
    if not isinstance(client, wanted):
        name = type(client).__name__
        hint = f"; {other}" if name in ("AsyncClient", "Client") else ""
        article = "an" if wanted.__name__.startswith("A") else "a"
        raise TypeError(f"client: must be {article} {wanted.__name__}, not {name}{hint}")


@suggesting_methods
class Mirror(Simulator):
    """A simulator with a copy of a real product, with the same ids, names, values, versions and SDK keys.

    Any program may run against it: ``mirror.environment`` has the variables. :meth:`changes` then returns what it has changed.

        with Simulator.mirror(client, "Web Shop") as mirror:
            subprocess.run([sys.executable, "cleanup.py"], env={**os.environ, **mirror.environment}, check=True)
            print(mirror.changes())
    """

    def __init__(self) -> None:
        raise TypeError("a mirror is made by Simulator.mirror(client, product)")

    @classmethod
    def _start(cls, seed: str, options: dict[str, Any]) -> Self:
        mirror = cls.__new__(cls)
        mirror._take(NativeMirror(seed, options), options["username"], options["password"])
        return mirror

    @property
    def placeholders(self) -> list[str]:
        """Secrets that cannot be read, for which the copy has placeholders: secure headers and signing keys of webhooks, in words."""
        assert isinstance(self._native, NativeMirror)
        return self._native.placeholders

    def changes(
        self, *, reason: str | None = None, approval: Approval = "refuse", strict: bool = False
    ) -> Plan:
        """Returns what has been changed since the product was copied, as a plan for the real product.

        When it is applied there, steps for what others have changed meanwhile are conflicts.

        Args:
            reason: Reason of the changes, which environments may require.
            approval: What happens to values in environments that require an approval: ``"refuse"``, ``"request"`` or ``"bypass"``.
                Default: ``"refuse"``.
            strict: Whether each value is written by a request of its own. Default: ``False``.

        Raises:
            RuntimeError: The mirror is closed.
            ConfigCatError: A call to the mirror failed.
        """
        from .._jobs import options
        from ..changes import Plan

        assert isinstance(self._native, NativeMirror)
        return Plan._of(self._native.changes(options(reason=reason, approval=approval, strict=strict)))

    def __repr__(self) -> str:
        return f"<Mirror {self.url}>"


@suggesting_methods
class AsyncMirror(Simulator):
    """A simulator with a copy of a real product, as :class:`Mirror`, for asyncio."""

    def __init__(self) -> None:
        raise TypeError("a mirror is made by Simulator.async_mirror(client, product)")

    @classmethod
    def _start(cls, seed: str, options: dict[str, Any]) -> Self:
        mirror = cls.__new__(cls)
        mirror._take(NativeMirror(seed, options), options["username"], options["password"])
        return mirror

    @property
    def placeholders(self) -> list[str]:
        """Secrets that cannot be read, for which the copy has placeholders: secure headers and signing keys of webhooks, in words."""
        assert isinstance(self._native, NativeMirror)
        return self._native.placeholders

    async def changes(
        self, *, reason: str | None = None, approval: Approval = "refuse", strict: bool = False
    ) -> Plan:
        """Returns what has been changed since the product was copied, as a plan for the real product.

        When it is applied there, steps for what others have changed meanwhile are conflicts.

        Args:
            reason: Reason of the changes, which environments may require.
            approval: What happens to values in environments that require an approval: ``"refuse"``, ``"request"`` or ``"bypass"``.
                Default: ``"refuse"``.
            strict: Whether each value is written by a request of its own. Default: ``False``.

        Raises:
            RuntimeError: The mirror is closed.
            ConfigCatError: A call to the mirror failed.
        """
        from .._async_connection import begin, result
        from .._jobs import options
        from ..changes import Plan

        assert isinstance(self._native, NativeMirror)
        wanted = options(reason=reason, approval=approval, strict=strict)
        inbox, future = begin()
        return Plan._of(await result(self._native.start_changes(inbox, future, wanted), future))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<AsyncMirror {self.url}>"
