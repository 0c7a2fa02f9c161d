"""The base of everything the public API says or hears: Portuguese names outside, English ones inside."""

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field


class Message(BaseModel):
    """What the API answers."""

    model_config = ConfigDict(frozen=True, populate_by_name=True, serialize_by_alias=True, extra="ignore")

    def to_json(self) -> str:
        """The message as JSON, accents as they are."""
        return self.model_dump_json(by_alias=True)


class Request(Message):
    """What the API is asked, as a body or as a query: a field that nobody knows is a mistake, and is said so."""

    model_config = ConfigDict(extra="forbid", populate_by_name=False, str_max_length=100_000)


def _without_controls(value: str) -> str:
    if any(character < " " or "\x7f" <= character <= "\x9f" for character in value):
        raise ValueError("caracteres_invalidos")
    return value


PlainLine = Annotated[
    str,
    AfterValidator(_without_controls),
    Field(json_schema_extra={"pattern": r"^[^\u0000-\u001f\u007f-\u009f]*$"}),
]
"""A line of text: no control characters, which one database keeps and the other refuses."""

Moment = datetime
"""An aware moment, said as ISO 8601; in UTC it ends with `Z`."""
