"""Personal data stays on the machine; the names that comments are about do not change."""

import random
import re
import uuid

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.br import cnpj, cpf

from alumusic.text.mask import mask

ARTISTS = """
Anitta; Pabllo Vittar; Gilberto Gil; Caetano Veloso; Gal Costa; Maria Bethânia; Elis Regina; Chico Buarque; Milton
Nascimento; Djavan; Tim Maia; Jorge Ben Jor; Rita Lee; Raul Seixas; Cazuza; Legião Urbana; Titãs; Os Paralamas do
Sucesso; Barão Vermelho; Kid Abelha; Sepultura; Angra; Charlie Brown Jr.; Raimundos; O Rappa; Planet Hemp; Racionais
MC's; Emicida; Criolo; Marcelo D2; BK'; Djonga; Baco Exu do Blues; Matuê; Teto; WIU; L7NNON; MC Cabelinho; MC
Hariel; MC Ryan SP; MC IG; MC Poze do Rodo; MC Kevin; MC Livinho; MC Guimê; MC Don Juan; MC PH; MC Daniel; MC 2K; Os
Barões da Pisadinha; Marília Mendonça; Maiara & Maraisa; Simone & Simaria; Jorge & Mateus; Henrique & Juliano; Zé
Neto & Cristiano; Gusttavo Lima; Luan Santana; Ana Castela; Simone Mendes; Chitãozinho & Xororó; Zezé Di Camargo &
Luciano; Leandro & Leonardo; Bruno & Marrone; César Menotti & Fabiano; Victor & Leo; Fernando & Sorocaba; Israel &
Rodolffo; Hugo & Guilherme; Lauana Prado; Ivete Sangalo; Claudia Leitte; Daniela Mercury; Banda Eva; Chiclete com
Banana; É o Tchan; Harmonia do Samba; Léo Santana; Psirico; BaianaSystem; Zeca Pagodinho; Alcione; Beth Carvalho;
Martinho da Vila; Cartola; Clara Nunes; Fundo de Quintal; Péricles; Thiaguinho; Ferrugem; Sorriso Maroto;
Exaltasamba; Raça Negra; Só Pra Contrariar; Turma do Pagode; Menos É Mais; Dilsinho; Ludmilla; Iza; Gloria Groove;
Luísa Sonza; Manu Gavassi; Jão; Vitor Kley; Melim; Anavitória; Tiago Iorc; Silva; Rubel; Liniker; Tim Bernardes; O
Terno; Boogarins; Carne Doce; Terno Rei; Tuyo; Letrux; Céu; Tulipa Ruiz; Mallu Magalhães; Marisa Monte; Tribalistas;
Arnaldo Antunes; Lenine; Nação Zumbi; Chico Science; Alceu Valença; Elba Ramalho; Geraldo Azevedo; Zé Ramalho; Luiz
Gonzaga; Dominguinhos; Falamansa; Wesley Safadão; Xand Avião; Calcinha Preta; Solange Almeida; João Gomes; Tarcísio
do Acordeon; Zé Vaqueiro; Aline Barros; Fernandinho; Gabriela Rocha; Isaías Saad; Anderson Freire; Padre Marcelo
Rossi; Padre Fábio de Melo; Rosa de Saron; Oficina G3; Hillsong; will.i.am; P!nk; Ke$ha; A$AP Rocky; $NOT; deadmau5;
blink-182; Sum 41; U2; UB40; Maroon 5; 5 Seconds of Summer; 30 Seconds to Mars; Twenty One Pilots; The 1975; 311;
10cc; 3OH!3; 50 Cent; 2Pac; 21 Savage; 24kGoldn; 4 Non Blondes; 98 Degrees; Boyz II Men; B-52's; Blur; AC/DC; Guns
N' Roses; R.E.M.; N.W.A; M.I.A.; T.I.; J. Cole; Dr. Dre; D.R.A.M.; S.O.S. Band; Portugal. The Man; fun.; Panic! at
the Disco; Beyoncé; Jay-Z; Rihanna; Drake; The Weeknd; Bad Bunny; J Balvin; Karol G; Rosalía; Shakira; Taylor Swift;
Olivia Rodrigo; Billie Eilish; Dua Lipa; Lady Gaga; Madonna; Michael Jackson; Prince; Queen; The Beatles; BTS;
BLACKPINK; TWICE; NewJeans; Stray Kids; (G)I-DLE; f(x); 2NE1; Girls' Generation; ATEEZ; M83; S Club 7; Eiffel 65;
Haim; alt-J; Mk.gee; Tyler, The Creator; †††; Sigur Rós; Björk
""".replace("\n", " ")
NAMES = [name.strip() for name in ARTISTS.split(";")]

KEPT = [
    "blink-182 em 1999 era melhor que sum 41 em 2004",
    "esperei 25 anos por isso, desde 2001 2002",
    "10.000.000 de visualizações em 24h",
    "saiu dia 20/11/2026 às 20h30",
    "turnê 2019-2020",
    "nota 10/10, ouvi 1000 vezes",
    "ingresso a R$ 1.234,56 é roubo",
    "will.i.am e M.I.A. no mesmo palco",
    "ficou 3:45, podia ter 5:00",
    "gostei.me emocionou demais",
    "o BPM é 128, em 4/4",
    "M@donna é r@inha",
    "ano 1984, 12/10/1988 foi o primeiro show",
]


def digits(rng: random.Random, count: int) -> str:
    return "".join(str(rng.randrange(10)) for _ in range(count))


def a_cpf(rng: random.Random) -> str:
    plain = next(number for number in iter(lambda: digits(rng, 11), "") if cpf.is_valid(number))
    dotted = f"{plain[:3]}.{plain[3:6]}.{plain[6:9]}-{plain[9:]}"
    return rng.choice([plain, dotted, dotted.replace(".", " ").replace("-", " ")])


def a_cnpj(rng: random.Random) -> str:
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
    base = rng.choice([digits(rng, 12), "".join(rng.choice(letters) for _ in range(12))])
    plain = base + cnpj.calc_check_digits(base)
    return rng.choice([plain, f"{plain[:2]}.{plain[2:5]}.{plain[5:8]}/{plain[8:12]}-{plain[12:]}"])


def a_phone(rng: random.Random) -> str:
    ddd, a, b = rng.choice(["11", "21", "31", "48", "71", "81", "91"]), f"9{digits(rng, 4)}", digits(rng, 4)
    return rng.choice(
        [
            f"({ddd}) {a}-{b}", f"({ddd}){a}-{b}", f"{ddd} {a}-{b}", f"{ddd}{a}{b}", f"+55 {ddd} {a}-{b}",
            f"+55{ddd}{a}{b}",
            f"0{ddd} {a} {b}", f"{ddd} {a} {b}", f"{a}-{b}", f"({ddd}) 3{digits(rng, 3)}-{b}", f"{ddd} 9 {a[1:]}-{b}",
        ]
    )  # fmt: skip


def a_card(rng: random.Random) -> str:
    base = "4" + digits(rng, 14)
    plain = base + luhn.calc_check_digit(base)
    return rng.choice([plain, " ".join(plain[start : start + 4] for start in range(0, 16, 4))])


def an_email(rng: random.Random) -> str:
    name = rng.choice(["ana.souza", "bia_1987", "caio+musica", "joao-silva", "maria"])
    host = rng.choice(["gmail.com", "hotmail.com", "uol.com.br", "empresa.net", "usp.br"])
    return rng.choice([f"{name}@{host}", f"{name.upper()}@{host}", f"{name} arroba gmail ponto com"])


def a_link(rng: random.Random) -> str:
    return rng.choice(
        [
            "https://exemplo.com/a?b=1",
            "http://bit.ly/3xYz",
            "www.exemplo.com.br",
            "exemplo.com",
            "youtu.be/dQw4w9",
            "t.me/canal",
        ]
    )


KINDS = {
    "cpf": a_cpf,
    "cnpj": a_cnpj,
    "phone": a_phone,
    "card": a_card,
    "cep": lambda rng: rng.choice([f"0{digits(rng, 4)}-{digits(rng, 3)}", f"9{digits(rng, 4)}-{digits(rng, 3)}"]),
    "pix": lambda rng: str(uuid.UUID(int=rng.getrandbits(128), version=4)),
    "email": an_email,
    "handle": lambda rng: rng.choice(["@fulana", "@caio.silva_9", "@DJ_Beltrano", "@ana2000"]),
    "link": a_link,
}
CARRIERS = [
    "que show lindo, me chama {} quero conversar",
    "{} amei a música",
    "Péssimo atendimento. Meu contato: {}.",
    "quando vem pra cá? responde em {}, por favor",
    "manda pra {} o valor do ingresso ({}) já paguei 2 vezes em 2025",
]


def test_of_500_comments_with_personal_data_none_keeps_it():
    rng = random.Random(34)
    leaked = []
    for number in range(500):
        kind = list(KINDS)[number % len(KINDS)]
        secret = KINDS[kind](rng)
        carrier = rng.choice(CARRIERS)
        masked = mask(carrier.replace("{}", secret))
        if secret.lower() in masked.lower() or (
            kind != "link" and re.sub(r"\D", "", secret) in re.sub(r"\D", "", masked) and re.search(r"\d{4}", secret)
        ):
            leaked.append((kind, secret, masked))
    assert leaked == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_becomes_a_word_and_the_rest_stays(kind):
    rng = random.Random(5)
    for _ in range(50):
        masked = mask(f"olha {KINDS[kind](rng)} aqui")
        assert re.fullmatch(r"olha \[[A-Z]+\] aqui", masked), masked


def test_names_of_artists_stay_as_they_are():
    assert len(NAMES) >= 200
    assert [name for name in NAMES if mask(f"{name} arrasou no show") != f"{name} arrasou no show"] == []


@pytest.mark.parametrize("text", KEPT)
def test_years_dates_prices_and_counts_stay_as_they_are(text):
    assert mask(text) == text


def test_a_number_next_to_another_is_found():
    assert mask("em 2023 52998224725 e 4111 1111 1111 1111 11 98765-4321") == "em 2023 [CPF] e [CARTAO] [FONE]"


parts = st.sampled_from(
    [
        "529.982.247-25",
        "52998224725",
        "(11) 98765-4321",
        "ana@gmail.com",
        "@ana",
        "www.a.com",
        "4111111111111111",
        "01310-100",
        "2026",
    ]
)


@given(st.lists(parts | st.text(max_size=12) | st.text("0123456789 .-()+@", max_size=16), max_size=8).map("".join))
@example("[EMAIL][CPF] 1")
@example("+(11 98765-43211 98765-4321")
def test_masking_twice_changes_nothing(text):
    assert mask(mask(text)) == mask(text)


@given(st.integers(0, 10**9 - 1), st.text(max_size=20), st.text(max_size=20), st.sampled_from(["", " ", ".", "-"]))
def test_no_valid_cpf_survives(base, before, after, separator):
    nine = f"{base:09}"
    assume(len(set(nine)) > 1 and not before[-1:].isdigit() and not after[:1].isdigit())
    whole = next(nine + f"{end:02}" for end in range(100) if cpf.is_valid(nine + f"{end:02}"))
    written = f"{whole[:3]}{separator}{whole[3:6]}{separator}{whole[6:9]}{separator}{whole[9:]}"

    masked = mask(f"{before}{written}{after}")

    assert whole not in re.sub(r"[ .-]", "", masked)


NOTHING_TO_MASK = ["a." * 2500, "a@" * 2500, "x arroba " * 500, "9" * 5000, "(" * 5000]


# Masking these takes less than a second: only a search that backtracks without end is still at it by then.
@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("text", "masked"),
    [
        # Eleven ones are a CPF that its check digits do not tell from a real one.
        ("1 " * 2500, "[CPF] " * 227 + "1 1 1 "),
        ("1.1-" * 1250, "[CPF].[CPF]-" * 113 + "[CPF].1-1.1-"),
        *((text, text) for text in NOTHING_TO_MASK),
    ],
    ids=lambda text: text[:9],
)
def test_a_long_text_made_to_be_searched_without_end_is_masked_like_any_other(text, masked):
    assert mask(text) == masked
