"""Before and after: McNemar's test against values computed by hand, and baselines that survive being written down."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alumusic.domain.comments import Category
from alumusic.evals.answers import Answered, AnsweredSet, Effort, Said
from alumusic.evals.comparing import (
    Baseline,
    UnreadableBaselineError,
    compare,
    digest,
    mcnemar,
    read_baseline,
    save_baseline,
)
from alumusic.evals.reading import Labelled
from alumusic.evals.scoring import score

PRAISE, SPAM = Category.PRAISE, Category.SPAM
EFFORT = Effort(1.0, 1.0, own_time=True)


def the_set(*answers):
    return AnsweredSet("ouro", tuple(Answered(comment, said) for comment, said in answers), EFFORT)


@pytest.mark.parametrize(
    ("lost", "gained", "p_value", "exact"),
    [
        (0, 0, 1.0, True),
        (1, 7, 18 / 256, True),  # 2 · (C(8,0) + C(8,1)) / 2⁸
        (0, 5, 2 / 32, True),
        (4, 4, 1.0, True),
        (10, 30, 0.00266312, False),  # χ² = 19² / 40 = 9.025, whose tail is erfc(√(9.025 / 2))
        (20, 20, 1.0, False),
    ],
)
def test_mcnemar_is_that_of_a_calculation_by_hand(lost, gained, p_value, exact):
    found, was_exact = mcnemar(lost, gained)

    assert found == pytest.approx(p_value, rel=1e-4)
    assert was_exact is exact


@settings(deadline=None)
@given(lost=st.integers(0, 60), gained=st.integers(0, 60))
def test_mcnemar_does_not_care_which_side_is_which(lost, gained):
    found, exact = mcnemar(lost, gained)

    assert 0 <= found <= 1
    assert mcnemar(gained, lost) == (pytest.approx(found), exact)


def test_changes_are_told_for_all_for_categories_and_for_slices():
    now = the_set(
        (Labelled("a", PRAISE, slices=("giria",)), Said(PRAISE)),
        (Labelled("b", SPAM), Said(SPAM)),
        (Labelled("c", SPAM), Said(PRAISE)),
        (Labelled("nova", SPAM), Said(SPAM)),
    )
    before = Baseline("velho", {digest("a"): Said(SPAM), digest("b"): Said(SPAM), digest("c"): Said(SPAM)})

    found = compare(now, before)

    changes = {change.name: (change.n, change.lost, change.gained) for change in found.changes}
    assert changes == {"todos": (3, 1, 1), "ELOGIO": (1, 0, 1), "SPAM": (2, 1, 0), "giria": (1, 0, 1)}
    assert found.missing == 1
    assert found.changes[0].before == found.changes[0].after == pytest.approx(2 / 3)


def test_tags_and_what_is_held_back_are_compared_too():
    tagged, neutral = Labelled("a", PRAISE, frozenset({"refrao"})), Labelled("n", None)
    now = the_set((tagged, Said(PRAISE, 0.9, ("refrao",))), (neutral, Said(SPAM, 0.2)))
    before = Baseline("velho", {digest("a"): Said(PRAISE, 0.9), digest("n"): Said(SPAM, 0.9)})

    found = compare(now, before)

    assert found.tags == (0.0, 1.0)
    assert found.held_back == (0.0, 1.0)


def test_a_baseline_is_read_as_it_was_saved_and_holds_no_text(tmp_path):
    answers = the_set(
        (Labelled("segredo", PRAISE), Said(PRAISE, 0.91234, ("refrao",))), (Labelled("b", SPAM), Said(None))
    )
    path = tmp_path / "pasta" / "referencia.json"

    save_baseline(path, [answers], [score(answers)], model="m-1")

    kept = read_baseline(path)
    assert kept.model == "m-1"
    assert kept.answers == {digest("segredo"): Said(PRAISE, 0.9123, ("refrao",)), digest("b"): Said(None)}
    assert "segredo" not in path.read_text(encoding="utf-8")
    assert json.loads(path.read_text(encoding="utf-8"))["resumo"][0]["acuracia"] == 0.5


@pytest.mark.parametrize(
    "content", ["", "[]", "{}", '{"versao": 1, "modelo": "m", "respostas": {"x": ["BRONCA", 1, []]}}']
)
def test_a_file_that_is_no_baseline_is_told(tmp_path, content):
    path = tmp_path / "b.json"
    path.write_text(content, encoding="utf-8")

    with pytest.raises(UnreadableBaselineError, match="não é uma referência"):
        read_baseline(path)


def test_a_baseline_of_another_version_is_told(tmp_path):
    path = tmp_path / "b.json"
    path.write_text('{"versao": 2}', encoding="utf-8")

    with pytest.raises(UnreadableBaselineError, match="versão 2"):
        read_baseline(path)
