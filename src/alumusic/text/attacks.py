"""Notices texts that try to speak to a model instead of about music.

A suspicious comment is classified alone, so that it can hurt nobody but itself. Nothing is dropped or delayed for
looking suspicious: false alarms cost one small call, and no more.
"""

import re
from typing import Final

_HIDDEN: Final = re.compile("[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
                            "\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]")  # fmt: skip
"""Invisible, bidirectional and tag characters (Unicode 16, category Cf), but not the joiners of emoji."""

_CHAT_TOKENS: Final = re.compile(
    r"<\|[a-z_]+\|>|\[/?INST\]|<<SYS>>|</?(?:s|system|user|assistant|instructions?|coment[aá]rios?)>"
    r"|^\s*(?:#{1,6}\s*)?(?:system|assistant|user|sistema|assistente|usu[aá]rio|human)\s*:",
    re.IGNORECASE | re.MULTILINE,
)

_DELIMITERS: Final = re.compile(r"```|\"\"\"|-{5,}|={5,}|#{4,}|\{\s*[\"']|[\"']\s*:\s*[\"'\[{]|\\n|\\u00")

_ORDERS: Final = re.compile(
    r"\b(?:ignor[ea]\w*|desconsider\w+|esque[cç]\w+|disregard|forget|ignoren?|olvid\w+)\b.{0,40}"
    r"\b(?:instru\w+|regras?|rules?|prompt|anterior\w*|previous|above|acima|reglas?|ordens|orders?)\b"
    r"|\b(?:classifi\w+|rotul\w+|marqu?[ea]\w*|label|tag|categori[sz]\w+|etiquet\w+|responda|respond|answer|reply|retorn\w+|return|output)\b"
    r".{0,40}\b(?:elogio|cr[ií]tica|sugest[aã]o|d[uú]vida|spam|praise|criticism|json|categori\w+|confian[cç]a|confidence)\b"
    r"|\b(?:voc[eê]|vc|you|tu|usted)\b.{0,15}\b(?:agora|now|ahora|[eé]|are|eres|será|deve|must|debes)\b.{0,25}"
    r"\b(?:ia|ai|bot|modelo|model|assistente|assistant|asistente|dan|gpt|gemini|classificador|classifier)\b"
    r"|\b(?:system prompt|prompt do sistema|suas? instru[cç]\w+|your instructions"
    r"|tus instrucciones|developer mode|modo desenvolvedor|jailbreak)\b"
    r"|\b(?:coment[aá]rios?|comments?|comentarios?)\s+(?:acima|abaixo|anterior\w*|seguintes?|above|below|other|restantes?|demais)\b.{0,40}"
    r"\b(?:s[aã]o|devem|are|should|must|son|deben|como|as)\b",
    re.IGNORECASE | re.DOTALL,
)

# Most comments hold none of these, and an import of 300,000 rows should not pay for the long patterns.
_SIGNS: Final = re.compile(r"[<\[:`\"\\#=]")
_HINTS: Final = (
    "ignor desconsider esque disregard forget olvid classif rotul marque marca label tag categor etiquet respon answer "
    "reply retorn return output voc vc you usted prompt instru mode modo jailbreak coment comment"
).split()

_TU: Final = re.compile(r"\btu\b")
"""Most words with these two letters are others."""


def looks_like_an_attack(text: str) -> bool:
    """Whether `text` hides something, speaks a model's own language, or gives orders to one."""
    if not text.isascii() and _HIDDEN.search(text):
        return True
    if (_SIGNS.search(text) or "---" in text) and (_CHAT_TOKENS.search(text) or _DELIMITERS.search(text)):
        return True
    return _hints_at_orders(text) and _ORDERS.search(text) is not None


def _hints_at_orders(text: str) -> bool:
    # Letter by letter a pattern of so many words takes ten times longer than looking for each in turn. The pattern of
    # orders takes the two Turkish letters for an i.
    folded = text.replace("\u0130", "i").replace("\u0131", "i").casefold()
    return any(map(folded.__contains__, _HINTS)) or ("tu" in folded and _TU.search(folded) is not None)
