"""Tells whether a sentence speaks of what the comments it names speak of, by the words they share.

No proof of truth: it keeps out sentences that somebody else put into a model's mouth and pinned on comments about
other things. Paraphrases pass as long as half of their telling words come from the comments or the names of their tags.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from alumusic.domain.tags import TAGS_BY_CODE
from alumusic.summarize.sample import Sampled
from alumusic.text.normalize import search_words

_STEM: Final = 4
"""Letters by which words of Portuguese are taken for relatives: reclama, reclamação, reclamaram."""

_LEAST_SHARED: Final = 0.5

_REPORTING: Final = (
    "ouvinte publico comentario reclamam criticam elogiam pedem sugerem perguntam querem gostam gostaram destacam "
    "citam falam dizem relatam apontam mencionam lamentam comemoram esperam desejam semana anterior atual subiu "
    "caiu aumentou diminuiu cresceu queda alta duvida critica elogio sugestao spam parte maior menor muito muita "
    "pouco bastante pessoas gente musica assunto tema principal sobretudo especialmente tambem ainda mais menos "
    "outro outra alguns algumas varios varias diversos todo toda houve teve tiveram foram forma modo pedido "
    "reclamacao problema motivo causa razao respeito sobre entre durante apos antes depois contra para pela pelo "
    "esse essa este esta isso isto como porque quando onde quem qual seria estao estava estavam sendo negativo "
    "positivo negativa positiva melhor pior melhora piora volume relacao ponto pontos percentual cento numero total "
    "aparece aparecem surge surgiu seguem segue continua continuam nova novo incomodou incomoda agradou agrada "
    "emocionou emociona chama atencao recebe recebeu recebem concentram concentra vinte cinco dezena "
)
_NEUTRAL: Final = frozenset(word[:_STEM] for word in _REPORTING.split())
"""Beginnings of the words with which anything at all is reported: they say nothing of what a sentence is about."""


def telling(text: str) -> set[str]:
    """The beginnings of those words of `text` that say what it is about."""
    return {word[:_STEM] for word in search_words(text).split() if len(word) >= _STEM} - _NEUTRAL


def grounded(sentence: str, cited: Sequence[Sampled]) -> list[Sampled]:
    """Those of the `cited` comments that speak of what `sentence` says; none where they bear too little of it out."""
    wanted = telling(sentence)
    if not wanted:
        return list(cited)
    bearing = [one for one in cited if wanted & _vocabulary([one])]
    known = wanted & _vocabulary(bearing)
    return bearing if len(known) >= _LEAST_SHARED * len(wanted) else []


def _vocabulary(comments: Iterable[Sampled]) -> set[str]:
    found: set[str] = set()
    for one in comments:
        found |= telling(one.text)
        for code in one.tags:
            tag = TAGS_BY_CODE.get(code)
            if tag is not None:
                found |= telling(f"{tag.explanation} {' '.join(tag.aliases)}")
    return found
