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
    r"|(?:^|[.!?;]\s)\s{0,4}(?:#{1,6}\s{0,4})?(?:system|assistant|user|sistema|assistente|usu[aá]rio|human)\s*:"
    r"|#{2,6}\s{0,4}(?:system|assistant|user|sistema|assistente|usu[aá]rio|human)\b",
    re.IGNORECASE | re.MULTILINE,
)

_DELIMITERS: Final = re.compile(r"```|\"\"\"|-{5,}|={5,}|#{4,}|\{\s*[\"']|[\"']\s*:\s*[\"'\[{]|\\n|\\u00")

_ORDERS: Final = re.compile(
    r"\b(?:ignor[ea]\w*|desconsider\w+|esque[cç]\w+|disregard|forget|ignoren?|olvid\w+)\b.{0,40}"
    r"\b(?:instru\w+|regras?|rules?|prompt|anterior\w*|previous|above|acima|reglas?|ordens|orders?)\b"
    r"|\b(?:classifi\w+|rotul\w+|marqu?[ea]\w*|label|tag|categori[sz]\w+|etiquet\w+|responda|respond|answer|reply|retorn\w+|return|output)\b"
    r".{0,40}\b(?:elogio|cr[ií]tica|sugest[aã]o|d[uú]vida|spam|praise|criticism|json|categori\w+|confian[cç]a|confidence)\b"
    r"|\b(?:voc[eê]|vc|you|tu|usted)\b.{0,15}\b(?:agora|now|ahora|[eé]|are|eres|será|deve|must|debes)\b.{0,25}"
    r"\b(?:ia|ai|bot|modelo|model|assistente|assistant|asistente|admin\w*|dan|gpt|gemini|classificador|classifier)\b"
    r"|\b(?:system prompt|prompt do sistema|suas? instru[cç]\w+|your instructions"
    r"|tus instrucciones|developer mode|modo desenvolvedor|jailbreak)\b"
    r"|\b(?:coment[aá]rios?|comments?|comentarios?)\s+(?:acima|abaixo|anterior\w*|seguintes?|above|below|other|restantes?|demais)\b.{0,40}"
    r"\b(?:s[aã]o|devem|are|should|must|son|deben|como|as)\b",
    re.IGNORECASE | re.DOTALL,
)

_RULES: Final = r"\b(?:regras?|instru\w+|prompt|reglas?|rules?|chaves|keys|claves)\b"
_MODEL: Final = r"\b(?:ia|ai|bot|modelo?|llm|admin\w*|curador\w*|classif\w+|clasif\w+|as+istente?|assistant|sistema)\b"
_COMMENTS: Final = r"(?:coment[aá]rios?|comments?|itens|items)"
_CLASS: Final = r"(?:elogio|cr[ií]tica|sugest[aã]o|d[uú]vida|spam|praise|criticism)"

_TRICKS: Final = re.compile(
    # What it shall not follow, or shall tell: its rules, and the keys of others.
    rf"\b(?:n[aã]o|not|don't|no)\s+(?:sig\w+|obede\w+|follow|obey)\b.{{0,30}}{_RULES}"
    r"|\b(?:mostr\w+|revel\w+|copi\w+|imprim\w+|apag\w+|sobrescrev\w+|complet\w+|invent\w*|devolv\w+|print|erase|dump"
    rf"|muestr\w+|borr\w+|answers?)\b.{{0,40}}{_RULES}"
    # Who it shall be.
    r"|\b(?:finj\w+|finge|pretend|role-?play|act as|aja como|act[uú]a como|fa[cç]a de conta|interpret\w+ o papel)\b"
    rf".{{0,50}}(?:{_MODEL}|\b{_COMMENTS}\b)"
    r"|\b(?:partir de ag?h?ora|from now on|ahora)\b.{0,30}\b(?:[eé]|eres|are|devem)\b"
    rf".{{0,25}}(?:{_MODEL}|\b{_CLASS}\b)"
    r"|\b(?:s[ei]|if)\b.{0,10}\b(?:[eé]|eres|are)\b.{0,6}\b(?:ia|ai|modelo|(?:language )?model)\b"
    # Words to a machine.
    r"|\b(?:aviso|nota|mensagem|aten[cç][aã]o|note|message|attention|mensaje|atenci[oó]n)\b"
    rf"(?:,| (?:ao?|à|al|to|to the|para (?:o|a|el|la)))? (?:{_MODEL}|\bmodel\b)"
    r"|\bmodo (?:de )?(?:depura\w+|administrador|desarrollador|manuten\w+)\b"
    r"|\b(?:debug|admin\w*|maintenance) (?:mode|override)\b"
    rf"|\b(?:fim|end|fin) (?:d[aeo]s?|of|de l[ao]s) (?:lista|lote|{_COMMENTS}|data|dados|input|datos)\b"
    r"|\b(?:tarefa acabou|task is over|tarea termin[oó])\b"
    r"|\b(?:nova|new|nueva) (?:tarefa|task|tarea|regra|rule|regla|instru\w+)\b"
    r"|\b(?:pare de|stop|deja de) clas+if\w+|\bignor\w+ (?:o|the|el) (?:json|schema|esquema|formato)\b"
    # What the task is made of, and the comments beside this one.
    r"|\b(?:us[ae]|utiliz\w+|troque|mud[ae]\w*|invert\w+|inviert\w+|swap|change|return|retorne)\b.{0,25}\bcategor\w+"
    rf"|\bcategor\w+.{{0,25}}\b(?:mudaram|changed|cambiaron|{_CLASS})\b"
    rf"|\b(?:outros|demais|pr[oó]ximos?|other|remaining|next|otros|dem[aá]s|siguientes?)\s+{_COMMENTS}\b.{{0,30}}"
    r"\b(?:n[aã]o existem|devem|should|must|deben|s[aã]o falsos|son falsos|are fake|is always|[eé] sempre|es siempre)\b"
    rf"|\b{_COMMENTS}\s+seguintes?\b.{{0,10}}\bsempre\b|\bconfian[cç]a\b.{{0,40}}\bzero\b|\b\d{{2,4}} tags\b",
    re.IGNORECASE | re.DOTALL,
)
"""What else a prompt is made of, besides orders to label: rules, roles, ends of data, keys, neighbours."""

_CLASSES: Final = "ELOGIO CRÍTICA SUGESTÃO DÚVIDA SPAM PRAISE CRITICISM QUESTION".split()
_SHOUTED_CLASS: Final = re.compile(
    r"(?i:\b(?:tudo?|tod[oa]s?|sempre|siempre|all|always|every\w*|s[oó]lo?|only|quando|por|respond\w*)\b).{0,30}"
    rf"\b(?:{'|'.join(_CLASSES)})\b",
    re.DOTALL,
)
"""Classes as only our own machinery writes them, for more than one comment."""

# Most comments hold none of these, and an import of 300,000 rows should not pay for the long patterns.
_SIGNS: Final = re.compile(r"[<\[:`\"\\#=]")
_HINTS: Final = (
    "ignor desconsider esque disregard forget olvid classif rotul marque marca label tag categor etiquet respon answer "
    "reply retorn return output voc vc you usted prompt instru mode modo jailbreak coment comment"
).split()

_HINTS_AT_TRICKS: Final = (
    "regra|regla|rule|instru|prompt|aves|keys|fin|pretend|role|act as|a como|de conta|o papel|partir de a|from now|"
    "é uma ia|eres|you are|modelo|aviso|mensa|nota para|aten|note to|modo |mode |overr|fim d|end of|tare|task|sif|"
    "categor|coment|comment|items|confian|tags|ahora"
).split("|")
"""Some are parts of several words: each costs every comment that is handed in."""

_TU: Final = re.compile(r"\btu\b")
"""Most words with these two letters are others."""


def looks_like_an_attack(text: str) -> bool:
    """Whether `text` hides something, speaks a model's own language, or gives orders to one."""
    if not text.isascii() and _HIDDEN.search(text):
        return True
    if (_SIGNS.search(text) or "---" in text) and (_CHAT_TOKENS.search(text) or _DELIMITERS.search(text)):
        return True
    # The patterns take the two Turkish letters for an i.
    folded = text.replace("\u0130", "i").replace("\u0131", "i").casefold()
    if _hints_at_orders(folded) and _ORDERS.search(text):
        return True
    if any(map(folded.__contains__, _HINTS_AT_TRICKS)) and _TRICKS.search(text):
        return True
    return any(map(text.__contains__, _CLASSES)) and _SHOUTED_CLASS.search(text) is not None


def _hints_at_orders(folded: str) -> bool:
    # Letter by letter a pattern of so many words takes ten times longer than looking for each in turn.
    return any(map(folded.__contains__, _HINTS)) or ("tu" in folded and _TU.search(folded) is not None)
