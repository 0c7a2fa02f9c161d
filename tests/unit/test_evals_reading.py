"""Labelled comments from files: every name of a column, every spelling of a category, and files that are none."""

import csv
import io
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alumusic.domain.comments import Category
from alumusic.evals.reading import Labelled, UnreadableDatasetError, read_dataset, read_datasets


@pytest.fixture
def written(tmp_path):
    def write(content, name="set.csv"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.mark.parametrize(
    "header",
    ["texto,categoria", "text,expected_category", "Comentário;Categoria Esperada", "CATEGORIA\tTEXTO", "label|comment"],
)
def test_columns_go_by_many_names_in_any_order(written, header):
    separator = next(sign for sign in ",;\t|" if sign in header)
    names = header.split(separator)
    is_text = [name.casefold().startswith(("tex", "com")) for name in names]
    row = separator.join("que som feio" if text else "crítica" for text in is_text)

    assert read_dataset(written(f"{header}\n{row}\n")).comments == (Labelled("que som feio", Category.CRITICISM),)


@pytest.mark.parametrize(
    ("label", "category"),
    [
        ("CRÍTICA", Category.CRITICISM),
        ("critica", Category.CRITICISM),
        (" Sugestão ", Category.SUGGESTION),
        ("DUVIDA", Category.QUESTION),
        ("elogio", Category.PRAISE),
        ("praise", Category.PRAISE),
        ("spam", Category.SPAM),
        ("NEUTRO", None),
        ("neutral", None),
    ],
)
def test_a_category_may_be_written_with_or_without_accents_and_capitals(written, label, category):
    file = written(json.dumps([{"texto": "x", "categoria": label}]), "set.json")

    assert read_dataset(file).comments[0].category is category


def test_json_has_lists_of_tags_and_slices(written):
    row = {
        "texto": "x",
        "categoria_esperada": "SPAM",
        "tags_esperadas": ["spam_corrente"],
        "fatias": ["curto", "giria"],
    }

    assert read_dataset(written(json.dumps([row]), "a.json")).comments == (
        Labelled("x", Category.SPAM, frozenset({"spam_corrente"}), ("curto", "giria")),
    )


def test_tags_as_the_api_shows_them_are_read(written):
    row = {"texto": "x", "categoria": "SPAM", "tags": [{"codigo": "spam_corrente", "explicacao": "Corrente"}]}

    assert read_dataset(written(json.dumps([row]), "a.json")).comments[0].tags == {"spam_corrente"}


@pytest.mark.parametrize("cell", ["refrao;melodia", "refrao, melodia", "refrao|melodia", "['refrao', 'melodia']"])
def test_a_cell_separates_tags_in_several_ways(written, cell):
    file = written(f'texto,categoria,tags\nx,elogio,"{cell}"\n')

    assert read_dataset(file).comments[0].tags == {"refrao", "melodia"}


def test_free_names_of_tags_become_codes_and_strangers_are_told(written):
    file = written("texto,categoria,tags\nx,elogio,Refrão;zzz\n")

    dataset = read_dataset(file)

    assert dataset.comments[0].tags == {"refrao"}
    assert dataset.unknown_tags == ("zzz",)


def test_no_column_for_tags_is_not_the_same_as_no_tags(written):
    without = read_dataset(written("texto,categoria\nx,elogio\n"))
    empty = read_dataset(written("texto,categoria,tags\nx,elogio,\n", "b.csv"))

    assert without.comments[0].tags is None
    assert empty.comments[0].tags == frozenset()


def test_json_lines_and_a_list_inside_an_object_are_read(written):
    row = {"text": "x", "expected_category": "SPAM"}
    lines = written("\n".join([json.dumps(row)] * 3), "a.jsonl")
    wrapped = written(json.dumps({"comentarios": [row, row]}), "b.json")

    assert len(read_dataset(lines).comments) == 3
    assert len(read_dataset(wrapped).comments) == 2


def test_old_windows_files_are_read(written):
    file = written("texto;categoria\nnão gostei da canção;CRÍTICA\n".encode("cp1252"))

    assert read_dataset(file).comments == (Labelled("não gostei da canção", Category.CRITICISM),)


def test_rows_nobody_has_labelled_are_left_out_and_counted(written):
    dataset = read_dataset(written("texto,categoria\na,elogio\nb,\n"))

    assert (len(dataset.comments), dataset.unlabelled) == (1, 1)


def test_sets_called_alike_are_told_apart_by_their_folder(written):
    files = [written("texto,categoria\na,elogio\n", f"{folder}/teste.csv") for folder in ("um", "dois")]

    names = [dataset.name for dataset in read_datasets(files)]

    assert [name.replace("\\", "/").split("/")[-2:] for name in names] == [["um", "teste"], ["dois", "teste"]]
    assert read_datasets(files[:1])[0].name == "teste"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("texto,categoria\nx,elogio\ny,bronca\n", "linha 3: categoria desconhecida 'bronca'"),
        ("texto,nota\nx,3\n", "linha 2: falta a categoria"),
        ("texto,categoria\n,elogio\n", "linha 2: falta o texto"),
        ("texto,categoria\n", "nenhum comentário com categoria"),
        ("", "não há comentários no arquivo"),
        ('texto,categoria\n"x,elogio\n', "linha 2: há aspas que não fecham"),
        ("nota,categoria\n1,elogio\n", "falta uma coluna com o texto"),
        ('[{"texto": "x", "categoria"', "o JSON termina antes da hora"),
        ('["x"]', "linha 1: esperava um objeto"),
        (b"%PDF-1.7 ...", "o formato não é CSV, JSON, JSON Lines nem XLSX"),
    ],
)
def test_what_cannot_be_read_is_told_in_a_sentence_with_the_line(written, content, reason):
    file = written(content, "set.dat")

    with pytest.raises(UnreadableDatasetError) as refused:
        read_dataset(file)

    assert str(refused.value).startswith(f"{file}: ")
    assert reason in str(refused.value)


def test_a_file_that_is_not_there_is_told(tmp_path):
    with pytest.raises(UnreadableDatasetError, match="não consigo abrir"):
        read_dataset(tmp_path / "nada.csv")


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"], include_characters=" "), min_size=1).filter(
    lambda text: bool(text.strip())
)


@settings(deadline=None)
@given(rows=st.lists(st.tuples(TEXTS, st.sampled_from(Category)), min_size=1, max_size=8))
def test_what_is_written_is_read_the_same_from_csv_and_json(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("same")
    table = io.StringIO()
    csv.writer(table).writerows([("texto", "categoria"), *rows])
    (folder / "a.csv").write_text(table.getvalue(), encoding="utf-8")
    objects = [{"text": text, "category": category} for text, category in rows]
    (folder / "b.json").write_text(json.dumps(objects, ensure_ascii=False), encoding="utf-8")

    expected = tuple(Labelled(text, category) for text, category in rows)
    assert read_dataset(folder / "a.csv").comments == expected
    assert read_dataset(folder / "b.json").comments == expected
