"""Text from outside stays text in the dashboard: the rules that make sure of it, checked on its source."""

import ast
from pathlib import Path

import pytest

import alumusic.dashboard

ROOT = Path(alumusic.dashboard.__file__).parent
FILES = sorted(ROOT.rglob("*.py"))

FORBIDDEN_WORDS = ("unsafe_allow_html", "unsafe_allow_javascript", "components.v1", "st.write", "st.html(f")
MARKDOWN = set(
    "markdown title header subheader caption info warning error success toast badge button link_button download_button "
    "page_link form_submit_button metric expander popover text_input text_area selectbox multiselect toggle checkbox "
    "slider pills segmented_control date_input file_uploader progress spinner".split()
)
"""What reads the text it is given as Markdown."""
HARMLESS = set(
    # From `words`, `tag_names` and the tables of names: numbers, dates, and words of our own.
    "plain number percent points counted change day short_day moment duration tag_name len _state".split()
)
TABLES = {"ROLE_NAMES", "CATEGORY_NAMES", "CATEGORY_PLURALS", "STATUS_NAMES", "ORDERS", "REVIEWED", "_STATES", "_TEXTS"}


def calls(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            yield node.func.attr, node


def is_streamlit(call):
    """`st.x(...)`, or `x(...)` of a place in the page."""
    value = call.func.value
    names = {"st", "place", "left", "right", "form"}
    return (isinstance(value, ast.Name) and value.id in names) or (
        isinstance(value, ast.Subscript) and isinstance(value.value, ast.Name) and value.value.id == "places"
    )


def is_ours(node, ours):
    """Whether `node` can only be text of our own: a literal, a name of it, or what harmless functions make."""
    parts = {
        ast.JoinedStr: lambda: node.values,
        ast.FormattedValue: lambda: [node.value],
        ast.IfExp: lambda: [node.body, node.orelse],
        ast.BinOp: lambda: [node.left, node.right],
        ast.BoolOp: lambda: node.values,
    }.get(type(node))
    if parts is not None:
        return all(is_ours(part, ours) for part in parts())
    return isinstance(node, ast.Constant) or _named(node) in HARMLESS | TABLES | ours or _named(node).isupper()


def _named(node):
    """The name of a variable, of the function that is called, or of the table that is looked into."""
    inner = node.func if isinstance(node, ast.Call) else node.value if isinstance(node, ast.Subscript) else node
    return inner.id if isinstance(inner, ast.Name) else ""


def names_of_our_text(function):
    """Variables of `function` that are only ever given text of our own, or loop over a table of ours."""
    given = {}
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            given.setdefault(node.targets[0].id, []).append(node.value)
    ours = set()
    for _ in range(len(given) + 1):
        ours |= {name for name, values in given.items() if all(is_ours(value, ours) for value in values)}
    for node in ast.walk(function):
        if isinstance(node, ast.For) and any(table in ast.dump(node.iter) for table in ("_EXPORTS", "_ABOUT")):
            ours |= {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)}
        if isinstance(node, ast.comprehension) and any(t in ast.dump(node.iter) for t in ("_ABOUT", "_EXAMPLES")):
            ours |= {name.id for name in ast.walk(node.target) if isinstance(name, ast.Name)}
    return ours


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_page_lets_html_through(path):
    source = path.read_text(encoding="utf-8")

    assert [word for word in FORBIDDEN_WORDS if word in source] == []


def spoken(name, call):
    """The arguments of a call that are read as Markdown."""
    if name == "link":
        return call.args[1:2]
    # A page, a share: what is written comes by name.
    first = [] if name in {"page_link", "progress"} else call.args[:1]
    return [*first, *(word.value for word in call.keywords if word.arg in {"label", "help", "text"})]


def is_read(path, name, call):
    if name == "link":
        return ast.unparse(call.func) == "go.link"
    # What `go` is given as a label is looked at where it is given.
    return name in MARKDOWN and is_streamlit(call) and path.name != "go.py"


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_is_read_as_markdown_is_our_own_text_or_has_been_made_plain(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    strangers = []
    for function in (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)):
        ours = names_of_our_text(function)
        for name, call in calls(function):
            if is_read(path, name, call):
                strangers += [(call.lineno, ast.unparse(one)) for one in spoken(name, call) if not is_ours(one, ours)]

    assert strangers == []


def test_the_rule_finds_what_it_is_for():
    code = "def f(comment):\n    st.markdown(f'**{comment.text}**')\n    st.button(plain(comment.text))"
    function = ast.parse(code).body[0]

    found = [is_ours(call.args[0], names_of_our_text(function)) for _, call in calls(function) if is_streamlit(call)]

    assert found == [False, True]


def test_html_is_only_the_style_sheet_of_ours():
    found = [
        (path.name, ast.unparse(call.args[0]))
        for path in FILES
        for name, call in calls(ast.parse(path.read_text(encoding="utf-8")))
        if name == "html"
    ]

    assert found == [("main.py", "_ASSETS / 'style.css'")]


def test_a_script_runs_in_the_page_only_to_set_the_cookie():
    found = [
        path.name
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "component"
    ]

    assert found == ["cookie.py"]


def test_the_style_sheet_asks_nobody_else_for_anything():
    assert "url(" not in (ROOT / "assets" / "style.css").read_text(encoding="utf-8")
    assert "http" not in (ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8")
