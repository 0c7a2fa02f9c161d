"""One stranger's stream, made seekable, measured, and read in blocks that do not depend on how it arrives."""

import io
import tempfile
from collections.abc import Iterator
from typing import BinaryIO, Final

from alumusic.domain.errors import TooLargeError
from alumusic.ingest.readers.limits import BLOCK, Limits

_KEPT_IN_MEMORY: Final = 4 * 1024 * 1024


class Source(io.RawIOBase):
    """A view of `stream` that can be closed and collected without closing the stream, which is the caller's."""

    def __init__(self, stream: BinaryIO) -> None:
        super().__init__()
        self._stream = stream

    def readable(self) -> bool:  # noqa: D102
        return True

    def seekable(self) -> bool:  # noqa: D102
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:  # noqa: D102
        self._stream.seek(offset, whence)
        return self._stream.tell()

    def tell(self) -> int:  # noqa: D102
        return self._stream.tell()

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]  # noqa: D102
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def buffered(self) -> io.BufferedReader:
        """The stream from its beginning, in full blocks whatever the sizes in which it gives its bytes."""
        self._stream.seek(0)
        return io.BufferedReader(Source(self._stream), BLOCK)

    def head(self, size: int) -> bytes:
        """The first `size` bytes, or all there are."""
        return self.buffered().read(size)

    def blocks(self) -> Iterator[bytes]:
        """All of the stream, in blocks of one size."""
        reader = self.buffered()
        while block := reader.read(BLOCK):
            yield block


def open_source(stream: BinaryIO, limits: Limits) -> Source:
    """Look at `stream` as a source; one that cannot seek (a pipe) is copied to a temporary file first.

    Raises:
        TooLargeError: more than `limits.max_bytes`; no more than that is ever read.
    """
    if not stream.seekable():
        stream = _copied(stream, limits)
    size = stream.seek(0, io.SEEK_END) or stream.tell()
    if size > limits.max_bytes:
        raise _too_large(limits)
    return Source(stream)


class _Copy(tempfile.SpooledTemporaryFile[bytes]):
    """A temporary file that goes with its last reader: whoever copies does not know when the rows are read."""

    def __del__(self) -> None:
        self.close()


def _copied(stream: BinaryIO, limits: Limits) -> BinaryIO:
    copy = _Copy(max_size=_KEPT_IN_MEMORY)
    size = 0
    while block := stream.read(BLOCK):
        size += len(block)
        if size > limits.max_bytes:
            raise _too_large(limits)
        copy.write(block)
    return copy  # type: ignore[return-value]


def _too_large(limits: Limits) -> TooLargeError:
    return TooLargeError("arquivo_grande", max_bytes=limits.max_bytes)
