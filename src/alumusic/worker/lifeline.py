"""Tells the processes of a pool that the one which started them is going, or is gone: a pipe that it closes.

Celery tells its children only when they have finished their tasks, and ours work beside their tasks.
"""

import os
import threading
from collections.abc import Callable


class Lifeline:
    """Made before the children are; cut by whoever made it, on purpose or by dying."""

    def __init__(self) -> None:
        self._reader, self._writer = os.pipe()
        self._owner = os.getpid()
        self._is_cut = False

    def cut(self) -> None:
        """Tell every child; may be called in a signal handler, and twice."""
        if os.getpid() == self._owner and not self._is_cut:
            self._is_cut = True
            os.close(self._writer)

    def watch(self, then: Callable[[], None]) -> None:
        """In a child: call `then`, from a thread of its own, once the line is cut."""
        # A child's own copy of this end would keep the line whole for ever.
        os.close(self._writer)

        def wait() -> None:
            os.read(self._reader, 1)
            then()

        threading.Thread(target=wait, name="lifeline", daemon=True).start()
