"""What is said about being alive."""

from typing import Literal

from pydantic import Field

from alumusic.contract.message import Message


class Alive(Message):
    """The process answers."""

    state: Literal["ok"] = Field("ok", alias="estado")


class Ready(Message):
    """Everything needed is there."""

    state: Literal["pronto"] = Field("pronto", alias="estado")
    database: bool = Field(default=True, alias="banco")
    worker: bool = Field(default=True, alias="trabalhador")
