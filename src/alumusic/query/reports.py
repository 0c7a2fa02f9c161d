"""Works out the live report: six charts of aggregates, in which no small count can be found."""

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, select

from alumusic.domain.comments import REVIEW_BELOW, Category
from alumusic.domain.releases import Release
from alumusic.domain.reports import Count, Report
from alumusic.domain.suppression import SMALLEST, Equation, hidden_cells
from alumusic.domain.tags import TAGS_BY_CODE
from alumusic.domain.taxonomy import Group
from alumusic.domain.weeks import day_of, start_of
from alumusic.query.counts import artist_counts, artist_names, daily_category_counts
from alumusic.store.releases import releases_between
from alumusic.store.tables import comment_tags, comments, daily_counts
from alumusic.text.repeating import is_safe_line

WEEK: Final = 7
DAYS: Final = 28
TAG_HOURS: Final = 48
TAGS: Final = 10
ARTISTS: Final = 8
RELEASES: Final = 4
DAYS_BEFORE_RELEASE: Final = 7
DAYS_AFTER_RELEASE: Final = 28
BANDS: Final = (0.0, 0.4, 0.6, 0.8, 0.9)
"""Where bands of confidence begin; 0.6 is where a person need not look any more."""

_LOOKED_AT: Final = "revisado"
_WAITING: Final = "a_revisar"
_SURE: Final = "confiavel"
STATES: Final = (_SURE, _WAITING, _LOOKED_AT)


@dataclass
class Cells:
    """Counts, what is to be shown of them, and how they add up."""

    counts: dict[Hashable, int] = field(default_factory=dict)
    shown: set[Hashable] = field(default_factory=set)
    equations: list[Equation] = field(default_factory=list)
    hidden: set[Hashable] = field(default_factory=set)

    def show(self, cells: Mapping[Hashable, int]) -> None:
        """Cells that the report would like to show."""
        self.counts.update(cells)
        self.shown.update(cells)

    def rest(self, name: Hashable, of: Sequence[Hashable], among: Sequence[Hashable]) -> None:
        """What the cells `of` have beyond the cells `among` is a cell that nobody is shown."""
        self.counts[name] = sum(self.counts[cell] for cell in of) - sum(self.counts[cell] for cell in among)
        self.equations.append(Equation(tuple(of), (*among, name)))

    def equal(self, left: Sequence[Hashable], right: Sequence[Hashable]) -> None:
        """What is on the left adds up to what is on the right."""
        self.equations.append(Equation(tuple(left), tuple(right)))

    def suppress(self) -> None:
        """Find out which cells must stay blank."""
        self.hidden = hidden_cells(self.counts, self.shown, self.equations)

    def __getitem__(self, cell: Hashable) -> Count:
        return None if cell in self.hidden else self.counts[cell]


def live_report(db: Connection, *, zone: ZoneInfo, now: datetime) -> Report:
    """The report as of `now`; days are those of `zone`, and today is one of them though it is not over."""
    today = day_of(now, zone)
    days = [today - timedelta(days=DAYS - 1 - n) for n in range(DAYS)]
    cells, artists, releases = gathered(db, days, zone=zone)
    cells.suppress()
    names = artist_names(db, artists)
    return Report(
        made_at=now,
        today=today,
        classes={category: (cells["now", category], cells["before", category]) for category in Category},
        volume={day: (cells["all", day], cells["criticism", day]) for day in days},
        tags=_tags(db, now),
        artists=[
            (_fit_to_show(names[artist]), {category: cells["artist", artist, category] for category in Category})
            for artist in artists
        ],
        releases=[
            (release, [cells["release", release.artist_key, day] for day in _days_around(release, today)])
            for release in releases
        ],
        confidence={start: cells["band", start] for start in BANDS},
        review={state: cells["state", state] for state in STATES},
    )


def gathered(db: Connection, days: Sequence[date], *, zone: ZoneInfo) -> tuple[Cells, list[str], list[Release]]:
    """Every cell of the report with all that is known of their sums, and whom it is about; nothing is hidden yet."""
    cells = Cells()
    _add_days(db, cells, days)
    _add_classes(cells, days)
    artists = _add_artists(db, cells, days)
    releases = _add_releases(db, cells, days, artists)
    _add_confidence(db, cells, days, zone)
    return cells, artists, releases


def _fit_to_show(name: str) -> str:
    """A name as it was written, unless it leads somewhere: a stranger wrote it, and this page is public."""
    return name if is_safe_line(name) else "(nome omitido)"


def _add_days(db: Connection, cells: Cells, days: Sequence[date]) -> None:
    found = daily_category_counts(db, days[0], days[-1])
    for day in days:
        by_class = {category: found.get((day, category), 0) for category in Category}
        cells.counts |= {("day", day, category): n for category, n in by_class.items()}
        cells.show({("all", day): sum(by_class.values()), ("criticism", day): by_class[Category.CRITICISM]})
        # Everything but CRÍTICA is shown nowhere, and easily worked out.
        cells.rest(("other", day), [("all", day)], [("criticism", day)])


def _add_classes(cells: Cells, days: Sequence[date]) -> None:
    for name, window in (("now", days[-WEEK:]), ("before", days[-2 * WEEK : -WEEK])):
        cells.show(
            {(name, category): sum(cells.counts["day", day, category] for day in window) for category in Category}
        )
        cells.equal([(name, category) for category in Category], [("all", day) for day in window])
        cells.equal([(name, Category.CRITICISM)], [("criticism", day) for day in window])


def _add_artists(db: Connection, cells: Cells, days: Sequence[date]) -> list[str]:
    found = artist_counts(db, days[0], days[-1], limit=ARTISTS)
    for artist, by_class in found.items():
        cells.show({("artist", artist, category): n for category, n in by_class.items()})
    every = [("artist", artist, category) for artist in found for category in Category]
    criticism = [("artist", artist, Category.CRITICISM) for artist in found]
    cells.rest("other artists", [("all", day) for day in days], every)
    cells.rest("criticism of other artists", [("criticism", day) for day in days], criticism)
    return list(found)


def _add_releases(db: Connection, cells: Cells, days: Sequence[date], artists: Sequence[str]) -> list[Release]:
    today = days[-1]
    first = today - timedelta(days=DAYS_BEFORE_RELEASE + DAYS_AFTER_RELEASE)
    releases = releases_between(db, first, today + timedelta(days=DAYS_BEFORE_RELEASE), limit=RELEASES)
    wanted = sorted({(one.artist_key, day) for one in releases for day in _days_around(one, today)})
    found = _criticism_of(db, wanted)
    cells.show({("release", artist, day): found.get((artist, day), 0) for artist, day in wanted})
    keys = sorted({one.artist_key for one in releases})
    for artist in keys:
        if artist in artists:
            theirs = [("release", artist, day) for day in days if (artist, day) in wanted]
            cells.rest(("other days", artist), [("artist", artist, Category.CRITICISM)], theirs)
    for day in days:
        theirs = [("release", artist, day) for artist in keys if (artist, day) in wanted]
        if theirs:
            cells.rest(("other artists", day), [("criticism", day)], theirs)
    return releases


def _days_around(release: Release, today: date) -> list[date]:
    last = min(today, release.day + timedelta(days=DAYS_AFTER_RELEASE))
    first = release.day - timedelta(days=DAYS_BEFORE_RELEASE)
    return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def _criticism_of(db: Connection, wanted: Sequence[tuple[str, date]]) -> dict[tuple[str, date], int]:
    if not wanted:
        return {}
    d = daily_counts.c
    # All three columns of the key, so that days with thousands of artists cost no more than others.
    rows = db.execute(
        select(d.artist_key, d.day, d.n).where(
            d.day.in_(sorted({day for _, day in wanted})),
            d.category == Category.CRITICISM,
            d.artist_key.in_(sorted({artist for artist, _ in wanted})),
        )
    )
    return {(row.artist_key, row.day): row.n for row in rows}


def _add_confidence(db: Connection, cells: Cells, days: Sequence[date], zone: ZoneInfo) -> None:
    c = comments.c
    ends = [*BANDS[1:], 2.0]
    in_band = [
        func.count().filter(c.confidence >= start, c.confidence < end) for start, end in zip(BANDS, ends, strict=True)
    ]
    in_state = [
        func.count().filter(c.reviewed_at.is_(None), c.confidence >= REVIEW_BELOW),
        func.count().filter(c.reviewed_at.is_(None), c.confidence < REVIEW_BELOW),
        func.count().filter(c.reviewed_at.is_not(None)),
    ]
    # One pass over an index that holds all three columns, and no sorting: a week may have a hundred thousand rows.
    counted = db.execute(
        select(*in_band, *in_state)
        .where(c.confidence.is_not(None), c.written_at >= start_of(days[-WEEK], zone))
        .where(c.written_at < start_of(days[-1] + timedelta(days=1), zone))
    ).one()
    bands = dict(zip(BANDS, counted[: len(BANDS)], strict=True))
    states = dict(zip(STATES, counted[len(BANDS) :], strict=True))
    cells.show({("band", start): n for start, n in bands.items()})
    cells.show({("state", name): n for name, n in states.items()})
    everything = [("all", day) for day in days[-WEEK:]]
    cells.equal([("band", start) for start in BANDS], everything)
    cells.equal([("state", name) for name in STATES], everything)
    unsure = [("band", start) for start in BANDS if start < REVIEW_BELOW]
    cells.equal([("state", _WAITING)], unsure)


def _tags(db: Connection, now: datetime) -> list[tuple[str, int]]:
    """The tags that comments of the last 48 hours carry most often; those of SPAM are about nothing.

    A comment carries several tags, so that their counts add up to nothing that is shown elsewhere.
    """
    codes = [code for code, tag in TAGS_BY_CODE.items() if tag.group is not Group.SPAM]
    t = comment_tags.c
    counted = func.count().label("n")
    rows = db.execute(
        select(t.tag, counted)
        .where(t.tag.in_(codes), t.written_at > now - timedelta(hours=TAG_HOURS), t.written_at <= now)
        .group_by(t.tag)
        .having(func.count() >= SMALLEST)
        .order_by(counted.desc(), t.tag)
        .limit(TAGS)
    )
    return [(row.tag, row.n) for row in rows]
