"""One fixed colour for each class, on light and on dark, told apart by people who see few colours too.

They were searched for near green, orange, blue, purple and grey, so that any two stay apart through simulated
protanopia, deuteranopia and tritanopia; a test measures it. Colour never stands alone: the name is always beside it.
"""

from typing import Final, Literal

from alumusic.domain.comments import Category

Ground = Literal["light", "dark"]

COLOURS: Final[dict[Ground, dict[Category, str]]] = {
    "light": {
        Category.PRAISE: "#00693C",
        Category.CRITICISM: "#D56100",
        Category.SUGGESTION: "#0386D0",
        Category.QUESTION: "#7C2685",
        Category.SPAM: "#8A9197",
    },
    "dark": {
        Category.PRAISE: "#03C884",
        Category.CRITICISM: "#FF8031",
        Category.SUGGESTION: "#8BB3ED",
        Category.QUESTION: "#AC5DE1",
        Category.SPAM: "#7A8693",
    },
}
GROUNDS: Final[dict[Ground, str]] = {"light": "#FFFFFF", "dark": "#12161C"}
"""What the charts stand on."""


def colours(ground: Ground) -> dict[Category, str]:
    """The colour of each class on that ground."""
    return COLOURS[ground]
