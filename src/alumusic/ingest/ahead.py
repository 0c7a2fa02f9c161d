"""Works out what comes next while somebody else is busy with what came before."""

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

_END: Final = object()

T = TypeVar("T")


def one_ahead(items: Iterator[T]) -> Generator[T]:
    """Yield `items`, each made in another thread while the caller works on the one before it.

    What making one raises is raised here, in its turn. `items` is never touched by two threads at once, nor after the
    end.
    """
    with ThreadPoolExecutor(1, thread_name_prefix="ahead") as maker:
        coming = maker.submit(next, items, _END)
        while (item := coming.result()) is not _END:
            coming = maker.submit(next, items, _END)
            yield item  # type: ignore[misc]
