"""Streams of rows, and of rejects, from the files people really have."""

from alumusic.ingest.readers.detection import Kind
from alumusic.ingest.readers.limits import Limits
from alumusic.ingest.readers.lines import decoded_lines
from alumusic.ingest.readers.opening import CommentReader, FileFormat, Preview, open_comments, preview
from alumusic.ingest.readers.rows import read_row

__all__ = [
    "CommentReader",
    "FileFormat",
    "Kind",
    "Limits",
    "Preview",
    "decoded_lines",
    "open_comments",
    "preview",
    "read_row",
]
