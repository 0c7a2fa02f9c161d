"""Texts that come line by line: decoded as a file is, without waiting for the end."""

import io
from collections.abc import Iterator
from typing import BinaryIO

from alumusic.domain.errors import UnreadableFileError
from alumusic.ingest.readers.encoding import detect_encoding, open_text
from alumusic.ingest.readers.source import Source


def decoded_lines(stream: BinaryIO) -> Iterator[str]:
    """The lines of `stream` as they arrive, each in an encoding of its own; any newline ends one.

    Raises:
        UnreadableFileError: it tells the first line that no encoding fits.
    """
    for number, line in enumerate(stream, start=1):
        text = _decoded(line, number).replace("\r\n", "\n").replace("\r", "\n")
        yield from text.removesuffix("\n").split("\n")


def _decoded(line: bytes, number: int) -> str:
    if line.isascii() and b"\0" not in line:
        return line.decode("ascii")
    source = Source(io.BytesIO(line))
    try:
        return open_text(source, detect_encoding(source)).read()
    except UnreadableFileError as trouble:
        # It was the first line of all that the detector saw.
        encoding = trouble.details.get("encoding", "")
        raise UnreadableFileError(trouble.code, line=number, encoding=encoding) from trouble
