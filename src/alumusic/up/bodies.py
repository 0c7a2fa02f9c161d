"""Bodies that are too long: waitress keeps only so much of one, and leaves it to the application to refuse it."""

from typing import Final

from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser
from waitress.utilities import RequestEntityTooLarge

PATIENCE: Final = 16
"""How many times the longest body is read of one that is longer: a sender who is cut off hears no answer."""


class _Kept(OverflowableBuffer):  # type: ignore[misc]
    """Counts every byte and keeps the first `at_most`, so that the application sees how long the body was."""

    def __init__(self, overflow: int, at_most: int) -> None:
        super().__init__(overflow)
        self._at_most = at_most
        self._counted = 0

    def __len__(self) -> int:
        return self._counted

    def append(self, data: bytes) -> None:
        self._counted += len(data)
        if self._counted <= self._at_most:
            super().append(data)


class _Parser(HTTPRequestParser):  # type: ignore[misc]
    """Lets a body that is too long pass; only what goes on for ever is left unread."""

    longest = 0

    def parse_header(self, header_plus: bytes) -> None:
        """Read the header, and make ready for the body."""
        super().parse_header(header_plus)
        if self.body_rcv is not None:
            at_most = 0 if self.content_length > self.longest else self.longest
            self.body_rcv.buf = _Kept(self.adj.inbuf_overflow, at_most)

    def received(self, data: bytes) -> int:
        """Take in some bytes, and say how many of them were this request's."""
        consumed: int = super().received(data)
        if isinstance(self.error, RequestEntityTooLarge) or self._asks_in_vain() or self._frames_are_endless():
            self._leave_the_rest()
            return len(data)
        return consumed

    def _asks_in_vain(self) -> bool:
        """Whether somebody asks before sending what is too long: told at once, they need not send it."""
        return bool(self.expect_continue) and self.content_length > self.longest

    def _frames_are_endless(self) -> bool:
        """Whether what stands between and after the chunks, which is no body and kept in memory, is too long."""
        if not self.chunked:
            return False
        kept = len(self.body_rcv.control_line) + len(self.body_rcv.trailer)
        return kept > int(self.adj.max_request_header_size)

    def _leave_the_rest(self) -> None:
        """Hand the request on as it is; the connection ends with its answer, for what follows was never read."""
        self.error = None
        self.completed = True
        self.expect_continue = False
        self.headers["CONTENT_LENGTH"] = str(max(self.content_length, self.body_bytes_received, self.longest + 1))
        self.headers["CONNECTION"] = "close"


def channel_for(longest: int) -> type[HTTPChannel]:
    """Connections that keep at most `longest` bytes of a body."""
    parser = type("Parser", (_Parser,), {"longest": longest})
    return type("Channel", (HTTPChannel,), {"parser_class": parser})
