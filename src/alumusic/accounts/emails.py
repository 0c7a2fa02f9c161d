"""Checks the form of an e-mail address, without asking the network, and gives it the one form it is kept in."""

import re
import unicodedata
from typing import Final

from alumusic.domain.errors import FieldProblem, InvalidInputError

_LONGEST: Final = 254
_LONGEST_LOCAL: Final = 64
# RFC 5321 § 4.1.2 (a dot-string), with the letters of RFC 6531. Quoted names and address literals are lawful too, but
# nobody's mailbox is called that: they are typing mistakes or attacks.
_LOCAL: Final = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_LABEL: Final = re.compile(r"[^\W_]([\w-]{0,61}[^\W_])?")


def canonical_email(text: str) -> str:
    """The address as it is kept and compared: trimmed, composed (NFC), in small letters.

    Raises:
        InvalidInputError: it cannot be the address of a mailbox.
    """
    address = folded_email(text)
    local, at, domain = address.rpartition("@")
    labels = domain.split(".")
    good = (
        at
        and len(address) <= _LONGEST
        and len(local.encode()) <= _LONGEST_LOCAL
        and _LOCAL.fullmatch(local)
        and len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
        and not labels[-1].isdigit()
    )
    if not good:
        raise InvalidInputError("email_invalido", fields=[FieldProblem("email", "email_invalido")])
    return address


def folded_email(text: str) -> str:
    """`text` in the form that addresses are compared in, whether it is one or not."""
    return unicodedata.normalize("NFC", text.strip()).lower()[: _LONGEST + 1]
