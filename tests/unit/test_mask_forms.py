"""Personal data in all the ways in which people write it to get past filters, and ordinary talk that looks like it."""

import random
import re
import unicodedata
from collections.abc import Callable

from stdnum import luhn
from stdnum.br import cnpj, cpf

from alumusic.text.mask import mask
from tests.unit.test_mask import NAMES, digits

SEPARATORS = [".", "-", " ", ",", "_", "*", "/", "|", "=", "'", "~", "·", "–", ":", " - ", ". ", ""]

AROUND = [
    "me chama {} quero conversar",
    "{} amei a música",
    "Péssimo atendimento. Meu contato: {}.",
    "oi{}",
    "🎸👩\u200d🎤 {} 👏🏽",
    "responde em ({}), por favor",
]

DISGUISES: dict[str, Callable[[str], str]] = {
    "plain": lambda secret: secret,
    "full width": lambda secret: "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in secret),
    "zero-width spaces": "\u200b".join,
    "one joiner": lambda secret: secret[: len(secret) // 2] + "\u2060" + secret[len(secret) // 2 :],
    "soft hyphens": "\u00ad".join,
    "direction": lambda secret: f"\u202a{secret}\u202c",
    "struck through": lambda secret: "".join(c + "\u0336" for c in secret),
    "mathematical": lambda secret: "".join(chr(0x1D7CE + int(c)) if c in "0123456789" else c for c in secret),
    "keys": lambda secret: re.sub(r"\d", lambda digit: digit[0] + "\ufe0f\u20e3", secret),
}


def grouped(number: str, sizes: str, separator: str) -> str:
    parts, rest = [], number
    for size in map(int, sizes.split("-")):
        parts.append(rest[:size])
        rest = rest[size:]
    return separator.join(parts)


def a_cpf(rng: random.Random) -> str:
    plain = next(number for number in iter(lambda: digits(rng, 11), "") if cpf.is_valid(number))
    separator, last = rng.choice(SEPARATORS), rng.choice(["-", "/", "", " ", "_"])
    return rng.choice([grouped(plain[:9], "3-3-3", separator) + last + plain[9:], grouped(plain, "3-3-3-2", separator)])


def a_cnpj(rng: random.Random) -> str:
    letters = rng.choice(["0123456789", "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"])
    base = "".join(rng.choice(letters) for _ in range(8)) + rng.choice(["0001", "01DE"])
    plain = base + cnpj.calc_check_digits(base)
    mark = rng.choice([".", ".", "_", " "])
    return f"{plain[:2]}{mark}{plain[2:5]}{mark}{plain[5:8]}/{plain[8:12]}{rng.choice('-–_')}{plain[12:]}"


def a_phone(rng: random.Random) -> str:
    plain = rng.choice(["11", "21", "48", "85"]) + "9" + digits(rng, 8)
    separator = rng.choice([".", "-", " ", "_", "*", "/", "|", "~", "·", "–", ",", ""])
    return rng.choice(["", "", "+55 "]) + grouped(plain, rng.choice(["2-5-4", "2-9", "2-1-4-4"]), separator)


def a_card(rng: random.Random) -> str:
    base = "4" + digits(rng, 14)
    return grouped(base + luhn.calc_check_digit(base), "4-4-4-4", rng.choice([" ", "-", "_", "*", ".", ",", ""]))


def an_email(rng: random.Random) -> str:
    name, host = rng.choice(["joao.silva", "bia_87", "caiomusica"]), rng.choice(["gmail", "hotmail", "uol", "yahoo"])
    at = rng.choice(["@", " @ ", "@ ", " @", "[at]", "(at)", " [at] ", " arroba ", "(arroba)", "{at}", "﹫", "＠"])
    dot = rng.choice([".", " . ", "[dot]", "(dot)", " ponto ", "[ponto]", " .", "。"])
    return rng.choice([f"{name}{at}{host}{dot}com", f"{name}{at}{host}{dot}com{dot}br", f"{name}{at}{host}"])


def a_handle(rng: random.Random) -> str:
    return rng.choice(["@", "＠", "﹫", "@ ", "＠ "]) + rng.choice(["fulano", "caio.silva_9", "bia2000", "dj_beltrano"])


KINDS = {
    "cpf": a_cpf,
    "cnpj": a_cnpj,
    "phone": a_phone,
    "card": a_card,
    "email": an_email,
    "handle": a_handle,
}


def positives(count: int) -> list[tuple[str, str, str]]:
    """Comments with a secret: its kind with its disguise, itself, the comment."""
    rng = random.Random(3434)
    made = []
    for number in range(count):
        kind = list(KINDS)[number % len(KINDS)]
        disguise = rng.choice(list(DISGUISES))
        secret = KINDS[kind](rng)
        around = AROUND[0] if kind in {"handle", "email"} and disguise != "plain" else rng.choice(AROUND)
        made.append((f"{kind}, {disguise}", secret, around.replace("{}", DISGUISES[disguise](secret))))
    return made


def seen(text: str) -> str:
    """What is left of `text` for whoever reads it: letters and digits in their plain form."""
    resolved = unicodedata.normalize("NFKC", text).lower()
    return "".join(letter for letter in resolved if letter.isalnum())


def leaks(secret: str, masked: str) -> bool:
    told = seen(re.split(r"[@＠﹫]|arroba|\bat\b|[(\[{]at", secret.lstrip("@＠﹫ "))[0])
    return told in seen(masked)


def test_of_2000_secrets_in_every_spelling_hardly_one_and_no_cpf_is_left():
    cases = positives(2_000)

    leaked = [(kind, text, mask(text)) for kind, secret, text in cases if leaks(secret, mask(text))]

    assert [one for one in leaked if one[0].startswith("cpf")] == []
    assert len(leaked) <= len(cases) // 100, leaked


REPORTED = [
    "meu cpf 741,374,847-91",
    "cpf 156_404_104-26 ok",
    "joao@\u200bgmail.com",
    "joao＠gmail.com",
    "joao @ gmail . com",
    "joao[at]gmail[dot]com",
    "joao arroba hotmail",
    "segue ＠joao",
    "fala com @ joao",
    "liga 11_91511_8150",
    "liga 11*95724*1884",
    "oi12.ABC.345/01DE-35",
    "em 2023\u200b52998224725",
]


def test_no_spelling_that_once_got_through_does_so_again():
    kept = [text for text in REPORTED if re.search(r"joao|\d{4}", mask(text).replace("2023", ""))]

    assert kept == []


ORDINARY = """
30,000 pessoas no show; 1,234,567 visualizações; 10,000,000 de plays; mais de +10.000.000 de views
1.234.567.890 streams; 2,345,678,901 de plays no total; +1,000,000,000 de streams; custou R$ 1.234,56
R$ 350,00 a meia e R$ 700,00 a inteira; ingresso a 120,50 ou 99,90; nota 9,8 para ela e 9,7 para ele
dou 10/10, 9/10, 8/10 e 7/10; placar 3x2, 4:1, 2-2; ficou em 3:45, podia ter 5:00
faixas de 2:35, 3:10, 3:58, 4:02 e 5:17; das 20:30 às 23:45 e das 13:15 às 15:40
saiu em 2019, 2020, 2021 e 2022; shows em 1998,1999,2001; turnê 2019_2020; 1984/1985/1986/1987
de 1999-2003 e 2010-2014; faixas 1, 2, 3, 4, 5, 6, 7 e 8; 1, 2, 5, 7, 10, 12, 15 são as melhores; capítulos 1; 2
3; 4; 5; top 10, top 20, top 50; me encontra @ show; te vejo @ casa; nos vemos @ Allianz Parque
Panic! @ the Disco arrasou; tod@s cantando; amig@s lind@s; 2 cervejas @ R$ 12 cada; ingressos @ 50 reais
hoje @ 20h; festa @ a praia; M@donna é r@inha; @ é só um sinal; arroba do boi subiu; cem arrobas de alegria
look at this; at the disco foi tudo; cheguei em casa. com amigos ouvi tudo; ponto com ponto não é nada
moro em sp. br é longe; gostei. me emocionei; foi demais.volta logo; isso.aquilo.e mais; versão 2.0.1; v1_2_3
IMG_20231015_123456; DSC_0042; faixa_01_02_03; BPM 128, tom 4/4; 24/7 no repeat; 4x4 na veia
dia 20/11/2026 às 20h30; 12.10.1988 foi o primeiro; 2026-11-20; 20_11_2026; entre 8,5 e 9,5
50,000 likes, 20,000 comentários; 12345,67 km de estrada; 3,1415926 é pi; 0,333333 do tempo; temperatura 36,5
volume 100%; 99,99% perfeito; 1/2, 3/4, 5/8; 7 de 10, 8 de 10, 9 de 10; 5*****; ***** cinco estrelas; nota ****
1***; _amei_ demais; ~amei~; *amei* **muito** 2x; fila 12, cadeira 34, setor 5; lote 3, 4 e 5; 4,4,2 no campo
3-5-2 ou 4-3-3; 1:0, 2:1, 3:2; 90:00 de jogo; 1h30, 2h15; café ☕ 2️⃣ vezes; 🔟/🔟; Ⅳ disco; 1º lugar, 2ª faixa
½ show; n° 5; ² ao quadrado; é… ótimo; ﬁnal feliz; família 👩‍👩‍👧 no show
""".replace("\n", "; ")

FRAMES = ["{}", "achei que {}", "{}, amei", "Olha: {}!"]


def negatives() -> list[str]:
    said = [text.strip() for text in ORDINARY.split(";") if text.strip()]
    about_names = [
        f"{name} {said}" for name in NAMES for said in ("em 2019, 2020 e 2021", "@ Rock in Rio 2024, nota 9,5")
    ]
    return [frame.replace("{}", text) for text in said for frame in FRAMES] + about_names


def test_of_800_ordinary_comments_hardly_one_is_changed():
    ordinary = negatives()

    changed = [(text, mask(text)) for text in ordinary if mask(text) != text]

    assert len(ordinary) >= 800
    assert len(changed) <= len(ordinary) // 100, changed


HOSTILE = [
    "1," * 2_500, "1 , " * 1_250, "a @ " * 1_250, "a [at] " * 700, "a arroba b ponto " * 290, "@ " * 2_500,
    "a . " * 1_250, "joao" + " " * 5_000 + "arroba", "x@" + " . " * 1_600, "\u200b@" * 2_500, "a\u0301" * 2_500,
    "ﷺ" * 5_000, "[at]" * 1_250, "12.ABC.345/" * 450, "A1" * 2_500, "1_" * 2_500, "９" * 5_000,
    "1\ufe0f\u20e3," * 1_250, "((((" * 1_250, "a" * 5_000 + "@",
]  # fmt: skip


def test_no_hostile_text_takes_long():
    for text in HOSTILE:
        masked = mask(text)
        assert mask(masked) == masked


def test_where_nothing_is_masked_nothing_changes():
    for text in ("família 👩\u200d👩\u200d👧 no show 10/10", "é… ótimo ½", "nai\u0308f 2x", "\u202egostei 3x\u202c"):
        assert mask(text) == text


def test_what_stands_around_a_secret_stays_readable():
    assert mask("ação ótima ❤\ufe0f joao＠gmail.com, não é?") == "ação ótima ❤ [EMAIL], não é?"
