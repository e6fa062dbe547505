"""Around every call into a plugin: its bugs become an error that names it."""

from collections.abc import Iterator
from contextlib import contextmanager

from liandao_plugins.api import InputFault, OperatorFault


@contextmanager
def plugin_at_work(name: str) -> Iterator[None]:
    """Lets through what a plugin may raise, InputFault and OperatorFault.

    Anything else is a bug of the plugin: OperatorFault ``PLUGIN_FAILED``, with the
    exception as its cause.
    """
    try:
        yield
    except (InputFault, OperatorFault):
        raise
    except Exception as error:
        raise OperatorFault(
            "PLUGIN_FAILED", plugin=name, detail=f"{type(error).__name__}: {error}"[:200]
        ) from error
