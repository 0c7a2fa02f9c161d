"""No small count can be read off the public report, nor worked out from all that it shows together."""

import random
from datetime import timedelta

import pytest
from sqlalchemy import insert

from alumusic.domain.comments import Category
from alumusic.domain.suppression import SMALLEST, Equation, hidden_cells
from alumusic.query.reports import DAYS, gathered
from alumusic.store.database import reading
from alumusic.store.releases import add_release
from alumusic.store.tables import daily_counts
from tests.examples import MONDAY_NOON, SAO_PAULO

TODAY = MONDAY_NOON.date()


def test_a_small_count_is_hidden_and_so_is_the_next_smallest_when_the_total_is_known():
    counts = {"a": 3, "b": 20, "c": 50, "total": 73}
    hidden = hidden_cells(counts, set(counts), [Equation(("total",), ("a", "b", "c"))])
    assert hidden == {"a", "b"}


def test_a_count_that_is_part_of_no_sum_is_hidden_alone():
    assert hidden_cells({"a": 3, "b": 20}, {"a", "b"}, []) == {"a"}


def test_a_shield_must_be_large_enough_to_leave_everything_open():
    # With five beside it, anybody could tell: what the two have together is 6, one is 5 at least, so the other is 1.
    counts = {"a": 1, "b": 5, "c": 50, "total": 56}
    hidden = hidden_cells(counts, set(counts), [Equation(("total",), ("a", "b", "c"))])
    assert hidden == {"a", "b", "c"}


def test_what_is_never_shown_and_easily_worked_out_is_shielded_too():
    counts = {"all": 30, "criticism": 27, "other": 3}
    hidden = hidden_cells(counts, {"all", "criticism"}, [Equation(("all",), ("criticism", "other"))])
    assert hidden == {"criticism"}


def test_a_zero_is_blank_and_needs_no_shield():
    counts = {"a": 0, "b": 20, "c": 50, "total": 70}
    assert hidden_cells(counts, set(counts), [Equation(("total",), ("a", "b", "c"))]) == {"a"}


def filled(engine, seed):
    """A month of a house whose days, classes and artists have anything from no to a hundred comments."""
    draw = random.Random(seed)
    artists = ["", "anitta", "ze", "duda beat"][: draw.randint(1, 4)]
    scale = draw.choice([1, 3, 10, 40])
    rows = [
        {"day": TODAY - timedelta(days=n), "category": category, "artist_key": artist,
         "n": draw.randint(0, scale) if draw.random() < 0.7 else 0}
        for n in range(DAYS) for category in Category for artist in artists
    ]  # fmt: skip
    with engine.begin() as db:
        db.execute(insert(daily_counts), rows)
        for artist in artists[1:3]:
            add_release(db, artist=artist, title="x", day=TODAY - timedelta(days=draw.randint(0, 25)), by_user_id=None,
                        now=MONDAY_NOON)  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_nobody_can_work_out_a_small_count_with_linear_programming(sqlite_engine, seed):
    optimize = pytest.importorskip("scipy.optimize")
    filled(sqlite_engine, seed)
    days = [TODAY - timedelta(days=DAYS - 1 - n) for n in range(DAYS)]
    with reading(sqlite_engine) as db:
        cells, _, _ = gathered(db, days, zone=SAO_PAULO)
    # Bands and states come from rows, of which there are none here: their sums would contradict the others.
    cells.equations = [one for one in cells.equations if not {"band", "state"} & {cell[0] for cell in one.left}]
    cells.suppress()

    unknown = sorted({cell for one in cells.equations for cell in (*one.left, *one.right)
                      if cell in cells.hidden or cell not in cells.shown}, key=str)  # fmt: skip
    place = {cell: n for n, cell in enumerate(unknown)}
    matrix, sums = [], []
    for one in cells.equations:
        row, known = [0.0] * len(unknown), 0
        for side, sign in ((one.left, 1), (one.right, -1)):
            for cell in side:
                if cell in place:
                    row[place[cell]] += sign
                else:
                    known += sign * cells.counts[cell]
        matrix.append(row)
        sums.append(-known)
    bounds = [
        (0, None) if cell not in cells.shown else (0, 4) if cells.counts[cell] < SMALLEST else (5, None)
        for cell in unknown
    ]
    for cell in unknown:
        if not 0 < cells.counts[cell] < SMALLEST:
            continue
        ends = []
        for sign in (1, -1):
            goal = [0.0] * len(unknown)
            goal[place[cell]] = sign
            found = optimize.linprog(goal, A_eq=matrix, b_eq=sums, bounds=bounds, method="highs")
            assert found.status in {0, 3}, found.message
            ends.append(sign * found.fun if found.status == 0 else float("inf"))
        assert ends[1] - ends[0] >= 1, (cell, cells.counts[cell], ends)
