"""A second reading is compared with the corpus as statisticians do."""

import pytest

from alumusic.classify.local.corpus import Example
from alumusic.evals.second_labels import second_reading


def example(text: str, label: str) -> Example:
    return Example(text=text, label=label, tags=(), language="pt", register="", phenomenon="", voice="v", line=1)


def test_agreement_is_counted_over_the_texts_that_are_still_there(tmp_path):
    labels = tmp_path / "second_labels.csv"
    labels.write_text("texto,categoria_segunda\na,ELOGIO\nb,SPAM\nc,SPAM\nd,ELOGIO\ngone,SPAM\n", encoding="utf-8")
    examples = [example("a", "ELOGIO"), example("b", "SPAM"), example("c", "ELOGIO"), example("d", "ELOGIO")]

    reading = second_reading([*examples, example("e", "SPAM")], labels)

    assert (reading.rows, reading.share, reading.agreement) == (4, 0.8, 0.75)
    # By hand: chance agrees in 3/4 * 2/4 + 1/4 * 2/4 = 1/2 of the rows.
    assert reading.kappa == pytest.approx(0.5)
