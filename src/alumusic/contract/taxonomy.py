"""The tags that comments may carry, as the public API says them."""

from pydantic import Field

from alumusic.contract.message import Message


class TagInTaxonomy(Message):
    """A tag with the part of the business it belongs to."""

    code: str = Field(alias="codigo")
    explanation: str = Field(alias="explicacao")
    group: str = Field(alias="grupo")


class Taxonomy(Message):
    """Every tag there is."""

    tags: tuple[TagInTaxonomy, ...]
