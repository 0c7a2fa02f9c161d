"""What the dashboard says in words and in colours."""

import itertools
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from alumusic.dashboard import words
from alumusic.dashboard.palette import COLOURS, GROUNDS
from alumusic.dashboard.tag_names import TAG_NAMES, tag_name
from alumusic.domain.comments import Category
from alumusic.domain.tags import KNOWN_CODES


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (words.number(1_234_567), "1.234.567"),
        (words.number(0.256, decimals=2), "0,26"),
        (words.percent(0.125, decimals=1), "12,5%"),
        (words.counted(1, "comentário", "comentários"), "1 comentário"),
        (words.counted(2_000, "comentário", "comentários"), "2.000 comentários"),
        (words.change(112, 100), "+12%"),
        (words.change(88, 100), "-12%"),
        (words.change(5, 0), None),
        (words.points(0.215, 0.2), "+1,5 p.p."),
        (words.points(0.2, 0.215), "-1,5 p.p."),
        (words.share(1, 0), 0.0),
        (words.day(date(2026, 11, 3)), "03/11/2026"),
        (words.duration(0.2), "menos de 1 s"),
        (words.duration(42), "42 s"),
        (words.duration(600), "10 min"),
        (words.duration(7_500), "2 h 5 min"),
        (words.listed(["a", "b", "c"]), "a, b e c"),
        (words.listed([]), ""),
        (words.cut("um\n dois", 20), "um dois"),
        (words.cut("uma frase comprida", 10), "uma frase…"),
        (words.moment(datetime(2026, 11, 23, 2, 5, tzinfo=UTC), ZoneInfo("America/Sao_Paulo")), "22/11/2026 às 23:05"),
    ],
)
def test_numbers_and_moments_are_said_as_brazilians_say_them(said, expected):
    assert said == expected


def test_plain_text_leaves_no_mark_of_markdown_unescaped():
    hostile = "![a](https://x.y) **b** `c` <d> $e$ :red[f] ana@b.com www.z.com # g | h ~~i~~ _j_ &lt; \\k\n\n- l"

    said = words.plain(hostile)

    assert "\n" not in said
    for position, character in enumerate(said):
        if character in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~" and character != "\\":
            assert said[position - 1] == "\\"
    # An address that is interrupted by a word joiner is none, also for GitHub's Markdown.
    unescaped = said.replace("\\", "")
    assert "https://" not in unescaped
    assert "www." not in unescaped
    assert "ana@" not in unescaped


def test_plain_text_can_still_be_read():
    assert words.plain("Amei o refrão, 10/10!").replace("\\", "") == "Amei o refrão, 10/10!"


def test_every_tag_has_a_name_of_its_own():
    assert set(TAG_NAMES) == set(KNOWN_CODES)
    assert len(set(TAG_NAMES.values())) == len(TAG_NAMES)
    assert tag_name("tag_de_amanha") == "tag de amanha"


# --- colours ----------------------------------------------------------------------------------------------------

BLINDNESS = {
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.011820, 0.042940, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.303900)),
}
"""What linear RGB becomes: Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color
Vision Deficiency" (2009), at full severity."""


def linear(colour):
    parts = (int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5))
    return tuple(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)


def seen(colour, matrix):
    return tuple(min(1.0, max(0.0, sum(m * c for m, c in zip(row, linear(colour), strict=True)))) for row in matrix)


def lab(rgb):
    r, g, b = rgb
    xyz = (
        (0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505,
        0.2126 * r + 0.7152 * g + 0.0722 * b,
        (0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089,
    )
    x, y, z = (v ** (1 / 3) if v > 0.008856 else 7.787 * v + 16 / 116 for v in xyz)
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def luminance(colour):
    r, g, b = linear(colour)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


@pytest.mark.parametrize("ground", COLOURS)
@pytest.mark.parametrize("blindness", BLINDNESS)
def test_classes_are_told_apart_whatever_colours_one_sees(ground, blindness):
    for one, other in itertools.combinations(Category, 2):
        a, b = (lab(seen(COLOURS[ground][category], BLINDNESS[blindness])) for category in (one, other))
        distance = sum((x - y) ** 2 for x, y in zip(a, b, strict=True)) ** 0.5
        assert distance > 20, (one, other, round(distance, 1))


@pytest.mark.parametrize("ground", COLOURS)
def test_every_class_stands_out_from_its_ground(ground):
    for category, colour in COLOURS[ground].items():
        light, dark = sorted((luminance(colour), luminance(GROUNDS[ground])), reverse=True)
        assert (light + 0.05) / (dark + 0.05) >= 3, category  # WCAG 2.2, 1.4.11
