"""The names by which work is asked for, so that nobody has to import who does it."""

from enum import StrEnum
from typing import Final


class JobName(StrEnum):
    """A task without arguments: what there is to do, rows say."""

    CLASSIFY_DUE = "classify_due"
    WEEKLY_SUMMARY = "weekly_summary_task"
    REQUESTED_SUMMARIES = "requested_summaries"
    HOUSEKEEPING = "housekeeping"


EXPIRES_SECONDS: Final = 60
"""A ring that nobody heard for so long is of no use: workers look for themselves every few seconds."""
