"""Writes a summary in plain Portuguese without any model, and puts every summary into Markdown."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

from alumusic.domain.comments import Category
from alumusic.domain.summaries import (
    SPOKEN,
    Citation,
    Highlight,
    RisingTag,
    Summary,
    Trouble,
    WeekFacts,
)
from alumusic.domain.tags import explanation_of, is_known
from alumusic.domain.weeks import Week
from alumusic.summarize.sample import Sampled
from alumusic.text.repeating import is_safe_line

PLURALS: Final = {
    Category.PRAISE: "elogios",
    Category.CRITICISM: "críticas",
    Category.SUGGESTION: "sugestões",
    Category.QUESTION: "dúvidas",
    Category.SPAM: "spam",
}
_OPENINGS: Final = {
    Category.PRAISE: "Os elogios vão sobretudo para",
    Category.CRITICISM: "As críticas falam sobretudo de",
    Category.SUGGESTION: "As sugestões pedem mudanças sobretudo em",
    Category.QUESTION: "As dúvidas são sobretudo sobre",
}
_TROUBLES: Final = {
    Trouble.UNAVAILABLE: "O modelo de linguagem não respondeu",
    Trouble.UNUSABLE: "O modelo de linguagem não deu uma resposta aproveitável",
    Trouble.UNFOUNDED: "Nenhuma frase do modelo de linguagem se apoiava nos comentários",
}
QUOTES_EACH: Final = 2
_TAGS_NAMED: Final = 3
_RISING_NAMED: Final = 4
_NOTEWORTHY_POINTS: Final = 2.0
_MONTHS: Final = ("jan.", "fev.", "mar.", "abr.", "mai.", "jun.", "jul.", "ago.", "set.", "out.", "nov.", "dez.")
_MARKDOWN: Final = re.compile(r"([\\`*_\[\]#|~$<>&])")
_ENTITIES: Final = {"<": "&lt;", ">": "&gt;", "&": "&amp;"}


def written_by_template(facts: WeekFacts, sample: Sequence[Sampled]) -> tuple[Highlight, ...]:
    """What there is to say about a week, from its figures, each class with comments that are typical of it."""
    found = [_about_rising(rising, sample) for rising in facts.rising[:_RISING_NAMED]]
    for category in SPOKEN:
        of = facts.of(category)
        if not of.n:
            continue
        tags = [f"{tag_name(tag.code)} ({number(tag.n)})" for tag in of.tags[:_TAGS_NAMED]]
        sentence = (
            f"{_OPENINGS[category]} {listed(tags)}."
            if tags
            else f"Houve {counted(of.n, category)}, sem um tema que se destaque."
        )
        found.append(Highlight(sentence, _evidence(sample, category, [tag.code for tag in of.tags[:_TAGS_NAMED]])))
    return tuple(found)


def _about_rising(rising: RisingTag, sample: Sequence[Sampled]) -> Highlight:
    name, said = tag_name(rising.code), counted(rising.n, rising.category)
    sentence = (
        f"Assunto novo: {name} aparece em {said} e não aparecia nas quatro semanas anteriores."
        if rising.new
        else f"Em alta: {name} aparece em {said}; pelo ritmo das quatro semanas anteriores seriam"
        f" cerca de {number(rising.expected)}."
    )
    return Highlight(sentence, _evidence(sample, rising.category, [rising.code]))


def _evidence(sample: Sequence[Sampled], category: Category, codes: Sequence[str]) -> tuple[Citation, ...]:
    """Comments of a class, one for each of its tags where possible; the sample has the most telling ones first."""
    of_class = [one for one in sample if one.category is category]
    chosen = {one.id: one for code in codes for one in [next((o for o in of_class if code in o.tags), None)] if one}
    for one in of_class:
        chosen.setdefault(one.id, one)
    return tuple(Citation(one.id, one.quote) for one in list(chosen.values())[:QUOTES_EACH])


# --- Markdown ---------------------------------------------------------------------------------------------------


def as_markdown(summary: Summary) -> str:
    """A summary as a page in Markdown; nothing that a comment or a model said has any meaning in it but its words."""
    content = summary.content
    parts = [f"## Semana {summary.week}: {days_of(summary.week)}", _opening(content.facts, partial=content.partial)]
    changes = list(_changes(content.facts))
    if changes:
        parts.append("**O que mudou**\n\n" + "\n".join(f"- {change}" for change in changes))
    if content.highlights:
        parts.append("**O que os comentários dizem**\n\n" + "\n".join(map(_bullet, content.highlights)))
    artists = [
        f"{escaped(artist.name)} ({number(artist.n)})" for artist in content.facts.artists if is_safe_line(artist.name)
    ]
    if artists:
        parts.append(f"**Artistas mais citados:** {listed(artists)}.")
    parts.append(f"_{_footnote(summary)}_")
    return "\n\n".join(parts) + "\n"


def _opening(facts: WeekFacts, *, partial: bool) -> str:
    if not facts.total:
        return "Nenhum comentário classificado nesta semana."
    shares = [
        f"{counted(of.n, of.category)} ({percent(of.share)})"
        for of in sorted(facts.categories, key=lambda of: -of.n)
        if of.n
    ]
    until_now = "Até agora, " if partial else ""
    verb = "foi classificado" if facts.total == 1 else "foram classificados"
    opening = f"{verb} **{_comments(facts.total)}**"
    return f"{until_now}{opening if until_now else opening.capitalize()}{_against(facts)}: {listed(shares)}."


def _against(facts: WeekFacts) -> str:
    if not facts.total_before:
        return ""
    average = number(facts.average_of_four)
    return f" (na semana anterior, {number(facts.total_before)}; média das quatro anteriores, {average})"


def _changes(facts: WeekFacts) -> Iterable[str]:
    for of in sorted(facts.categories, key=lambda of: -abs(of.change or 0)):
        if of.change is None or abs(of.change) < _NOTEWORTHY_POINTS:
            continue
        verb = "subiu" if of.change > 0 else "caiu"
        against_four = ""
        if of.change_of_four is not None:
            against_four = f" ({signed(of.change_of_four)} em relação às quatro semanas anteriores)"
        yield f"A parte de {of.category} {verb} {points(of.change)}, para {percent(of.share)}{against_four}."


def _bullet(highlight: Highlight) -> str:
    quotes = "".join(f"\n  - “{escaped(citation.quote)}”" for citation in highlight.citations)
    return f"- {escaped(highlight.sentence)}{quotes}"


def _footnote(summary: Summary) -> str:
    content = summary.content
    read = f"Texto gerado automaticamente a partir de {number(content.considered)} de {_comments(content.facts.total)}"
    by = f", com apoio do modelo {escaped(summary.model)}" if summary.prompt_version and summary.trouble is None else ""
    note = f"{read}{by}; os números vêm do banco de dados e as citações são literais."
    if content.facts.waiting:
        waiting = content.facts.waiting
        waits = "espera" if waiting == 1 else "esperam"
        note += f" {_comments(waiting).capitalize()} da semana ainda {waits} classificação."
    if content.dropped:
        thrown = "frase foi descartada" if content.dropped == 1 else "frases foram descartadas"
        note += f" {number(content.dropped)} {thrown} por falta de evidência."
    if summary.trouble is not None:
        note += f" {_TROUBLES[summary.trouble]}: foi usado o modelo de texto da casa."
    return note


# --- words and figures, as people here write them ---------------------------------------------------------------


def tag_name(code: str) -> str:
    """What a tag is called in a sentence."""
    return f"“{explanation_of(code)}”" if is_known(code) else code.replace("_", " ")


def number(value: float) -> str:
    """A number with the separators of the language: 1.234 or 12,5."""
    text = f"{value:,.1f}" if value != int(value) else f"{int(value):,}"
    return text.translate(str.maketrans(",.", ".,"))


def percent(value: float) -> str:
    """A share: 12,5%."""
    return f"{number(value)}%"


def points(value: float) -> str:
    """A difference of shares, without its sign: 3,1 pontos."""
    return f"{number(abs(value))} {'ponto' if abs(value) == 1 else 'pontos'}"


def signed(value: float) -> str:
    """A difference of shares with its sign: +3,1 pontos."""
    return f"{'+' if value > 0 else '−' if value < 0 else ''}{points(value)}"


def counted(n: int, category: Category) -> str:
    """So many comments of a class, in words: 1 crítica, 12 críticas."""
    one = {"elogios": "elogio", "críticas": "crítica", "sugestões": "sugestão", "dúvidas": "dúvida", "spam": "spam"}
    plural = PLURALS[category]
    return f"{number(n)} {one[plural] if n == 1 else plural}"


def _comments(n: int) -> str:
    return f"{number(n)} {'comentário' if n == 1 else 'comentários'}"


def listed(items: Sequence[str]) -> str:
    """Items in a row: a, b e c."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} e {items[-1]}" if items else ""


def days_of(week: Week) -> str:
    """The days of a week: 16 a 22 de nov. de 2026."""
    first, last = week.monday, week.sunday
    start = f"{first.day}" if first.month == last.month else f"{first.day} de {_MONTHS[first.month - 1]}"
    if first.year != last.year:
        start += f" de {first.year}"
    return f"{start} a {last.day} de {_MONTHS[last.month - 1]} de {last.year}"


def escaped(text: str) -> str:
    """`text` with every sign defused that means something in Markdown or HTML."""
    return _MARKDOWN.sub(lambda match: _ENTITIES.get(match[1], f"\\{match[1]}"), text)
