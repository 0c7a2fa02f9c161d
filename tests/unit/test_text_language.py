"""The language of a comment, from its small words."""

import pytest

from alumusic.text.language import guess_language, language_shares


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Essa música é muito boa, não paro de ouvir", "pt"),
        ("this song is so good and I love it", "en"),
        ("la canción es muy buena, gracias", "es"),
        ("🔥🔥🔥", None),
        ("Anitta", None),
    ],
)
def test_function_words_tell_the_language(text, language):
    assert guess_language(text) == language


def test_words_of_several_languages_count_for_each_in_part():
    assert language_shares(["de"]) == {"pt": 0.5, "en": 0.0, "es": 0.5}


def test_without_function_words_no_language_has_a_share():
    assert set(language_shares(["xyz"]).values()) == {0.0}
