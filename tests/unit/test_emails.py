"""E-mail addresses: which are taken, and in which form they are kept."""

import pytest

from alumusic.accounts.emails import canonical_email
from alumusic.domain.errors import InvalidInputError


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("ana@exemplo.com", "ana@exemplo.com"),
        ("  Ana.Souza+Musica@Exemplo.COM.br ", "ana.souza+musica@exemplo.com.br"),
        ("o'brien@exemplo.com", "o'brien@exemplo.com"),
        ("josé@café.com.br", "josé@café.com.br"),
        ("jose\u0301@exemplo.com", "josé@exemplo.com"),
        ("a@b.co", "a@b.co"),
        ("a" * 64 + "@exemplo.com", "a" * 64 + "@exemplo.com"),
        ("ana@xn--caf-dma.com", "ana@xn--caf-dma.com"),
    ],
)
def test_an_address_is_kept_in_one_form(typed, kept):
    assert canonical_email(typed) == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "ana",
        "@",
        "ana@",
        "@exemplo.com",
        "ana@exemplo",
        "ana@@exemplo.com",
        "ana souza@exemplo.com",
        "ana@exem plo.com",
        ".ana@exemplo.com",
        "ana.@exemplo.com",
        "an..a@exemplo.com",
        "ana@.com",
        "ana@exemplo..com",
        "ana@-exemplo.com",
        "ana@exemplo-.com",
        "ana@127.0.0.1",
        "ana@[127.0.0.1]",
        '"ana"@exemplo.com',
        "ana@exemplo.com\r\nBcc: caio@exemplo.com",
        "ana@exemplo.com\0",
        "a" * 65 + "@exemplo.com",
        "ana@" + "a" * 64 + ".com",
        "ana@" + "exemplo." * 40 + "com",
        "<script>@exemplo.com",
    ],
)
def test_what_cannot_be_a_mailbox_is_refused(typed):
    with pytest.raises(InvalidInputError) as refused:
        canonical_email(typed)

    assert refused.value.code == "email_invalido"
