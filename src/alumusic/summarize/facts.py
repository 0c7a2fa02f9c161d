"""Works out every number that a summary of a week may say, from the database and nothing else."""

from dataclasses import dataclass
from typing import Final, Self
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from alumusic.domain.comments import Category, Status
from alumusic.domain.summaries import SPOKEN, ArtistCount, CategoryFacts, RisingTag, TagCount, WeekFacts
from alumusic.domain.tags import KNOWN_CODES
from alumusic.domain.trends import FALSE_ALARMS_PER_WEEK, MIN_COUNT, upper_tail
from alumusic.domain.weeks import Week
from alumusic.query.counts import artist_counts, artist_names, category_counts, tag_counts
from alumusic.store.tables import comments

WEEKS_BEFORE: Final = 4
"""The weeks that say what is usual."""

TAGS_PER_CATEGORY: Final = 5
TAGS_IN_ALL: Final = 15
ARTISTS: Final = 5

_THRESHOLD: Final = FALSE_ALARMS_PER_WEEK / (len(SPOKEN) * len(KNOWN_CODES))

TagCounts = dict[tuple[Category, str], int]


def facts_of(db: Connection, week: Week, *, zone: ZoneInfo) -> WeekFacts:
    """The figures of `week`: its volume, classes, tags and artists, beside those of the weeks before."""
    now = _Counts.between(db, week, week)
    before = _Counts.between(db, week.back(1), week.back(1))
    usual = _Counts.between(db, week.back(WEEKS_BEFORE), week.back(1))
    return WeekFacts(
        week=str(week),
        total=now.volume,
        total_before=before.volume,
        average_of_four=round(usual.volume / WEEKS_BEFORE, 1),
        waiting=_waiting(db, week, zone),
        categories=tuple(_category(category, now, before, usual) for category in Category),
        tags=_all_tags(now.tags, before.tags),
        rising=_rising(now, usual),
        artists=_artists(db, week),
    )


def _waiting(db: Connection, week: Week, zone: ZoneInfo) -> int:
    c = comments.c
    waits = select(func.count()).where(
        c.status.in_([Status.PENDING, Status.PROCESSING]),
        c.category.is_(None),
        c.written_at >= week.start(zone),
        c.written_at < week.end(zone),
    )
    return db.scalar(waits) or 0


@dataclass(frozen=True, slots=True)
class _Counts:
    """What the counters say of some weeks."""

    categories: dict[Category, int]
    tags: TagCounts

    @classmethod
    def between(cls, db: Connection, first: Week, last: Week) -> Self:
        return cls(
            category_counts(db, first.monday, last.sunday),
            tag_counts(db, first.monday, last.sunday),
        )

    @property
    def volume(self) -> int:
        return sum(self.categories.values())

    def share(self, category: Category) -> float | None:
        return 100 * self.categories[category] / self.volume if self.volume else None


def _category(category: Category, now: _Counts, before: _Counts, usual: _Counts) -> CategoryFacts:
    share, share_before, share_of_four = now.share(category) or 0.0, before.share(category), usual.share(category)
    counted = sorted(
        ((n, tag) for (of, tag), n in now.tags.items() if of is category), key=lambda pair: (-pair[0], pair[1])
    )
    return CategoryFacts(
        category=category,
        n=now.categories[category],
        share=round(share, 1),
        change=None if share_before is None else round(share - share_before, 1),
        change_of_four=None if share_of_four is None else round(share - share_of_four, 1),
        tags=tuple(TagCount(tag, n, before.tags.get((category, tag), 0)) for n, tag in counted[:TAGS_PER_CATEGORY]),
    )


def _all_tags(tags: TagCounts, before: TagCounts) -> tuple[TagCount, ...]:
    totals: dict[str, list[int]] = {}
    for counts, place in ((tags, 0), (before, 1)):
        for (category, tag), n in counts.items():
            # SPAM is about nothing a curator could act upon.
            if category is not Category.SPAM:
                totals.setdefault(tag, [0, 0])[place] += n
    ranked = sorted(totals.items(), key=lambda item: (-item[1][0], item[0]))
    return tuple(TagCount(tag, n, previous) for tag, (n, previous) in ranked[:TAGS_IN_ALL] if n)


def _rising(now: _Counts, usual: _Counts) -> tuple[RisingTag, ...]:
    """The tags of which the week has more than the four weeks before let expect, the most improbable first."""
    if not usual.volume:
        return ()
    found = []
    for (category, tag), n in now.tags.items():
        if category not in SPOKEN or n < MIN_COUNT:
            continue
        seen = usual.tags.get((category, tag), 0)
        # Four weeks say little about how much a week varies; a fifth of its mean is a usual deviation.
        expected, shape = (seen + 0.5) * now.volume / usual.volume, 1 / (1 / (seen + 0.5) + 0.04)
        probability = upper_tail(n, expected, shape)
        if probability <= _THRESHOLD:
            rising = RisingTag(category, tag, n, round(seen * now.volume / usual.volume, 1), new=seen == 0)
            found.append((probability, rising))
    return tuple(rising for _, rising in sorted(found, key=lambda pair: (pair[0], pair[1].code)))


def _artists(db: Connection, week: Week) -> tuple[ArtistCount, ...]:
    counts = artist_counts(db, week.monday, week.sunday, limit=ARTISTS)
    names = artist_names(db, list(counts))
    return tuple(ArtistCount(names[key], sum(of.values()), of[Category.CRITICISM]) for key, of in counts.items() if of)
