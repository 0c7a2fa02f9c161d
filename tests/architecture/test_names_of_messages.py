"""The OpenAPI document names schemas by their class, so of two classes with one name one would hide the other."""

import ast
from collections import Counter
from pathlib import Path

import alumusic.contract

FOLDER = Path(alumusic.contract.__file__).parent


def test_no_two_messages_of_the_contract_have_one_name():
    trees = [ast.parse(path.read_text(encoding="utf-8")) for path in sorted(FOLDER.glob("*.py"))]

    names = Counter(node.name for tree in trees for node in tree.body if isinstance(node, ast.ClassDef))

    assert len(names) > 30
    assert [name for name, count in names.items() if count > 1] == []
