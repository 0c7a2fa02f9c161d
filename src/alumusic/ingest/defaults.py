"""What a sender says of all rows of a file: held to the same rules as what a row says of itself."""

from collections.abc import Mapping

from alumusic.domain.errors import FieldProblem, InvalidInputError
from alumusic.ingest.readers.columns import Field
from alumusic.ingest.readers.rows import FIELD_LIMITS
from alumusic.ingest.readers.values import RefusedValueError, short_text


def clean_defaults(given: Mapping[str, str | None]) -> dict[str, str]:
    """From the contract's names (`fonte`, `artista`…) to the attributes of a comment; what is empty is left out.

    Raises:
        InvalidInputError: it names each field that is too long or has a NUL or half a letter.
    """
    cleaned: dict[str, str] = {}
    problems: list[FieldProblem] = []
    for name, value in given.items():
        attribute, limit = FIELD_LIMITS[Field(name)]
        try:
            text = short_text(value or "", name, limit)
        except RefusedValueError as refused:
            problems.append(FieldProblem(name, refused.reason))
        else:
            cleaned |= {attribute: text} if text else {}
    if problems:
        raise InvalidInputError(fields=problems)
    return cleaned
