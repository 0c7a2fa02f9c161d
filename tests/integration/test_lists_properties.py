"""Lists that are read page by page, and searches: nothing twice, nothing missed, nothing that was not asked for."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from random import Random
from typing import Any
from unicodedata import normalize
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from alumusic.domain import search as domain_search
from alumusic.domain.batches import BatchKind
from alumusic.domain.comments import Category, Classification, NewComment, Origin, Status
from alumusic.domain.search import CommentFilter, FoundComment, Order
from alumusic.ingest.receive import receive
from alumusic.query.comments import search, stream
from alumusic.query.filters import narrowed
from alumusic.store.batches import Delivery
from alumusic.store.changes import correct, erase
from alumusic.store.database import is_sqlite, reading
from alumusic.store.opinions import Opinion
from alumusic.store.tables import comments
from alumusic.store.work import ClaimSizes, claim, complete
from alumusic.text.normalize import search_words
from tests.examples import MONDAY_NOON, SAO_PAULO, handed_in, stored
from tests.fakes import FakeBell
from tests.fragile import emptied, quick
from tests.naughty import NAUGHTY

LATER = MONDAY_NOON + timedelta(hours=1)
THOROUGH = settings(
    max_examples=25,
    phases=[Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)
TAGS = ("refrao", "melodia", "letra")


# --- pages ----------------------------------------------------------------------------------------------------

FILTERS: dict[str, tuple[CommentFilter, Callable[[FoundComment], bool]]] = {
    "all": (CommentFilter(), lambda found: True),
    "words": (CommentFilter(words="musica"), lambda found: "música" in found.text),
    "two classes": (
        CommentFilter(categories=(Category.PRAISE, Category.SPAM)),
        lambda found: found.category in {Category.PRAISE, Category.SPAM},
    ),
    "a class": (CommentFilter(categories=(Category.PRAISE,)), lambda found: found.category is Category.PRAISE),
    "a tag": (CommentFilter(tags=("refrao",)), lambda found: "refrao" in found.tags),
    "two tags": (CommentFilter(tags=("refrao", "letra")), lambda found: bool({"refrao", "letra"} & set(found.tags))),
    "an artist": (CommentFilter(artist="ANITTA"), lambda found: found.artist == "Anitta"),
    "pending": (CommentFilter(statuses=(Status.PENDING,)), lambda found: found.status is Status.PENDING),
    "done": (CommentFilter(statuses=(Status.DONE,)), lambda found: found.status is Status.DONE),
    "certain": (CommentFilter(confidence_min=0.5), lambda found: (found.confidence or 0) >= 0.5),
    "days": (
        CommentFilter(since=MONDAY_NOON - timedelta(days=2), until=MONDAY_NOON),
        lambda found: MONDAY_NOON - timedelta(days=2) <= found.written_at < MONDAY_NOON,
    ),
    "reviewed": (CommentFilter(reviewed=True), lambda found: found.reviewed),
    "unreviewed": (CommentFilter(reviewed=False), lambda found: not found.reviewed),
}


def sent(engine: Engine, user_id: int, choice: Random, n: int) -> None:
    """Comments of the last few days, many of them at the same moment."""
    receive(
        [
            NewComment(
                f"{choice.choice(['música', 'som'])} {choice.choice(['boa', 'ruim'])}",
                artist=choice.choice(["Anitta", "Liniker", None]),
                written_at=choice.choice([None, MONDAY_NOON - timedelta(days=choice.randint(0, 4))]),
            )
            for _ in range(n)
        ],
        engine=engine, bell=FakeBell(), delivery=Delivery(user_id), kind=BatchKind.COMMENTS, zone=SAO_PAULO,
        now=MONDAY_NOON,
    )  # fmt: skip


def classified(engine: Engine, choice: Random, n: int, spared: frozenset[object] = frozenset()) -> None:
    """Some comments get an opinion, apart from the `spared` ones, which are forgotten in hand."""
    lease = uuid4()
    with engine.begin() as db:
        held = claim(db, lease=lease, sizes=ClaimSizes(first=n), lasts=timedelta(days=9), now=MONDAY_NOON)
        opinions = {
            one.id: Opinion(
                Classification(
                    choice.choice(list(Category)),
                    choice.choice([0.25, 0.5, 0.5, 1 / 3, 0.75]),
                    tuple(choice.sample(TAGS, choice.randint(0, 2))),
                ),
                Origin.LOCAL,
                "m",
            )
            for one in held
            if one.id not in spared
        }
        complete(db, lease=lease, opinions=opinions, now=MONDAY_NOON)


def place(order: Order) -> Callable[[FoundComment], Any]:
    if order is Order.SUREST:
        return lambda found: (found.confidence, found.seq)
    return lambda found: (found.written_at, found.seq)


@pytest.mark.slow
@pytest.mark.parametrize("order", list(Order))
def test_pages_repeat_nothing_and_miss_nothing_while_others_write(engine, order):
    quick(engine)

    @THOROUGH
    @given(choice=st.randoms(use_true_random=False), name=st.sampled_from(sorted(FILTERS)), limit=st.integers(1, 9))
    def read_on(choice: Random, name: str, limit: int) -> None:
        user_id = emptied(engine)
        sent(engine, user_id, choice, choice.randint(0, 25))
        classified(engine, choice, 12)
        with engine.begin() as db:
            for comment in stored(engine, now=LATER)[:20:7]:
                correct(db, comment_id=comment.id, category=Category.PRAISE, tags=None, by_user_id=user_id, now=LATER)
        wanted, fits = FILTERS[name]
        before = {comment.id: comment for comment in stored(engine, now=LATER)}
        expected = [comment.id for comment in before.values() if fits(comment)]
        if order is Order.SUREST:
            expected = [id_ for id_ in expected if before[id_].confidence is not None]
        untouched = set(before)

        seen: list[FoundComment] = []
        cursor = None
        while True:
            with reading(engine) as db:
                page = search(db, wanted, order=order, limit=limit, cursor=cursor, now=LATER)
            assert len(page.comments) <= limit
            seen += page.comments
            cursor = page.next_cursor
            if cursor is None:
                break
            untouched -= others_write(engine, user_id, choice, before, untouched)

        ids = [comment.id for comment in seen]
        assert len(ids) == len(set(ids))
        assert set(expected) & untouched <= set(ids)
        assert set(ids) & untouched <= set(expected)
        ranks = [place(order)(comment) for comment in seen]
        assert ranks == sorted(ranks, reverse=order is not Order.OLDEST)

    read_on()


def others_write(
    engine: Engine, user_id: int, choice: Random, before: dict[Any, FoundComment], untouched: set[Any]
) -> set[Any]:
    """Somebody inserts, classifies or erases; the ids of old comments that this has changed."""
    match choice.randint(0, 3):
        case 0:
            sent(engine, user_id, choice, choice.randint(1, 4))
        case 1:
            classified(engine, choice, 3)
            return {id_ for id_, comment in before.items() if comment.category is None}
        case 2 if untouched:
            # In the order they came in: ids are random, and the same choices must mean the same comments.
            gone = choice.choice(sorted(untouched, key=lambda id_: before[id_].seq))
            with engine.begin() as db:
                erase(db, comment_id=gone, now=LATER)
            return {gone}
    return set()


@pytest.mark.parametrize("order", list(Order))
def test_a_stream_and_all_pages_are_the_same_and_as_many_as_was_said(engine, order):
    quick(engine)

    @THOROUGH
    @given(choice=st.randoms(use_true_random=False), name=st.sampled_from(sorted(FILTERS)))
    def read(choice: Random, name: str) -> None:
        user_id = emptied(engine)
        sent(engine, user_id, choice, 20)
        classified(engine, choice, 12)
        wanted, fits = FILTERS[name]
        with reading(engine) as db:
            pages = list(all_pages(db, wanted, order))
            whole = list(stream(db, wanted, order=order, now=LATER))
        assert [comment for page in pages for comment in page.comments] == whole
        assert {page.total for page in pages} == {len(whole)}
        assert all(fits(comment) for comment in whole)

    read()


def all_pages(db: Any, wanted: CommentFilter, order: Order, limit: int = 3) -> Iterator[domain_search.Page]:
    cursor = None
    while True:
        page = search(db, wanted, order=order, limit=limit, cursor=cursor, now=LATER)
        yield page
        cursor = page.next_cursor
        if cursor is None:
            return


# --- words ----------------------------------------------------------------------------------------------------

# What the readers let through: no controls, no lone surrogates, no NUL.
LETTERS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1, max_size=4)
PHRASES = st.lists(st.sampled_from(NAUGHTY) | LETTERS, min_size=1, max_size=4).map(" ".join)
GLUED = st.lists(st.sampled_from(NAUGHTY) | LETTERS, min_size=1, max_size=3).map("".join)


def kept(text: str) -> str:
    return normalize("NFC", text).strip()


def found_by_hand(texts: list[str], asked: str) -> list[str]:
    """Those of `texts` that have every word of `asked`, or words that begin with it; or else all its signs."""
    terms = list(dict.fromkeys(search_words(asked).split()))[:12]
    if not terms:
        return [text for text in texts if kept(asked) in text]
    return [
        text
        for text in texts
        if all(any(word.startswith(term[:500]) for word in search_words(text).split()) for term in terms)
    ]


@pytest.mark.slow
@pytest.mark.parametrize("by_index", [True, False])
def test_a_search_finds_what_has_every_word_as_a_beginning_and_nothing_else(engine, by_index):
    quick(engine)

    @settings(THOROUGH, max_examples=40)
    @given(
        texts=st.lists((PHRASES | GLUED).map(kept).filter(bool), min_size=1, max_size=8, unique=True),
        asked=st.lists(PHRASES | GLUED, min_size=1, max_size=6),
        choice=st.randoms(use_true_random=False),
    )
    def ask(texts: list[str], asked: list[str], choice: Random) -> None:
        emptied(engine)
        texts = list(dict.fromkeys(text[:5_000] for text in texts))
        handed_in(engine, *texts)
        begun = [text[: choice.randint(1, len(text))] for text in texts]
        for words in [*asked, *begun, *texts]:
            question = narrowed(
                select(comments.c.text), CommentFilter(words=words), sqlite=is_sqlite(engine), now=LATER,
                by_index=by_index,
            )  # fmt: skip
            with reading(engine) as db:
                found = list(db.scalars(question.order_by(comments.c.seq)))
            assert found == found_by_hand(texts, words), words

    ask()


def test_an_erased_comment_is_found_no_more_and_a_new_one_in_its_place_is(engine):
    handed_in(engine, "primeiro", "segundo")
    with engine.begin() as db:
        erase(db, comment_id=stored(engine)[-1].id, now=LATER)
    # SQLite gives the number of its last row again.
    handed_in(engine, "terceiro")

    with reading(engine) as db:
        found = {
            word: [one.text for one in stream(db, CommentFilter(words=word), order=Order.OLDEST, now=LATER)]
            for word in ("primeiro", "segundo", "terceiro")
        }
    assert found == {"primeiro": ["primeiro"], "segundo": [], "terceiro": ["terceiro"]}
