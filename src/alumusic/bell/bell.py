"""What every bell promises: to wake a worker, some day, maybe."""

from typing import Protocol


class Bell(Protocol):
    """Wakes workers. Rings may be lost, doubled or late: rows say what there is to do."""

    def ring(self) -> None:
        """Say that there is work; returns at once, whatever became of the broker, and never raises."""

    def close(self) -> None:
        """Stop ringing."""
