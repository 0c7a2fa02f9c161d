"""Makes the question about a batch of comments: rules first, then the comments as data behind a random fence."""

import hashlib
import json
import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any, Final

from alumusic.domain.comments import MAX_TAGS, Category
from alumusic.llm.model import Question
from alumusic.text.mask import mask

KEY_ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"
KEY_LENGTH: Final = 4
"""A million keys: a comment that guesses its neighbours' keys is wrong."""

_TAG: Final = re.compile(r"([a-z_]{2,40})(?: \([^)]*\))?")
_TOKENS_PER_ITEM: Final = 60
_TOKENS_AROUND: Final = 64

Draw = Callable[[int], str]


@dataclass(frozen=True, slots=True)
class Prompt:
    """Everything about the question that does not change from batch to batch."""

    version: str
    """The file's own number and a fingerprint of all that is said: two prompts never share a version."""
    instructions: str
    schema: Mapping[str, object]
    tags: tuple[str, ...]
    """The short names of tags that the model may use; `domain.tags` knows the code of each."""


@dataclass(frozen=True, slots=True)
class Example:
    """One comment that the model is shown with the answer we want."""

    text: str
    category: Category
    confidence: float
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Lesson:
    """A comment, masked, with what a curator said it is."""

    text: str
    category: Category


def draw_key(length: int) -> str:
    """Letters and digits that nobody can foresee."""
    return "".join(secrets.choice(KEY_ALPHABET) for _ in range(length))


def examples() -> tuple[Example, ...]:
    """The examples that the model is shown; no set that measures it may hold one of them."""
    return tuple(
        Example(row["t"], Category(row["c"]), float(row["p"]), tuple(row["t_"]))
        for row in json.loads(_read("examples.json"))
    )


@cache
def current_prompt() -> Prompt:
    """The prompt of this version of the program."""
    head, body = _read("comments.txt").split("\n---\n", 1)
    tags_text = _read("tags.txt").strip()
    instructions = body.strip().replace("{tags}", tags_text).replace("{examples}", _shown_examples())
    tags = _tag_names(tags_text)
    schema = _schema(tags)
    said = instructions + json.dumps(schema, ensure_ascii=False)
    fingerprint = hashlib.blake2b(said.encode(), digest_size=5).hexdigest()
    return Prompt(f"{head.removeprefix('versao: ').strip()}-{fingerprint}", instructions, schema, tags)


def ask_about(
    prompt: Prompt, texts: Sequence[str], *, lessons: Sequence[Lesson] = (), draw: Draw = draw_key
) -> tuple[Question, list[str]]:
    """The question about `texts`, which must be masked by now, and the key of each, in the same order."""
    keys = _distinct_keys(len(texts), draw)
    fence = f"comentarios-{draw(10)}"
    data = json.dumps(
        [{"k": key, "t": text} for key, text in zip(keys, texts, strict=True)],
        ensure_ascii=False,
        separators=(",", ":"),
    )
    question = Question(
        instructions=prompt.instructions,
        content=_shown_lessons(lessons, draw) + f"<{fence}>\n{data}\n</{fence}>",
        schema=prompt.schema,
        schema_name="classificacao",
        max_output_tokens=_TOKENS_AROUND + _TOKENS_PER_ITEM * len(texts),
    )
    return question, keys


def _shown_lessons(lessons: Sequence[Lesson], draw: Draw) -> str:
    """What curators decided, as data behind a fence of its own; after the rules, which providers can then keep."""
    if not lessons:
        return ""
    fence = f"decididos-{draw(10)}"
    shown = [{"texto": lesson.text, "decidido": lesson.category.value} for lesson in lessons]
    data = json.dumps(shown, ensure_ascii=False, separators=(",", ":"))
    return f"<{fence}>\n{data}\n</{fence}>\n"


def harmless_question(prompt: Prompt) -> Question:
    """A question that any model in its right mind answers."""
    return ask_about(prompt, [examples()[0].text])[0]


def estimate_of(prompt: Prompt, comments: int) -> int:
    """About how many tokens a question about so many comments and its answer use up, rather too many than too few."""
    fixed = len(prompt.instructions) + len(json.dumps(prompt.schema, ensure_ascii=False))
    return fixed // 3 + comments * _TOKENS_PER_ITEM * 2


def _distinct_keys(count: int, draw: Draw) -> list[str]:
    keys: dict[str, None] = {}
    while len(keys) < count:
        keys.setdefault(draw(KEY_LENGTH))
    return list(keys)


def _read(name: str) -> str:
    return (resources.files(__package__) / name).read_text(encoding="utf-8")


def _shown_examples() -> str:
    lines = []
    for shown in examples():
        answer = {"c": shown.category.value, "p": shown.confidence, "t": list(shown.tags)}
        lines.append(f"{shown.text} → {json.dumps(answer, ensure_ascii=False, separators=(',', ':'))}")
    return "\n".join(lines)


def _tag_names(tags_text: str) -> tuple[str, ...]:
    names = []
    for line in tags_text.splitlines():
        names += [match[1] for part in line.split(": ", 1)[1].split("; ") if (match := _TAG.fullmatch(part))]
    return tuple(names)


def _schema(tags: Sequence[str]) -> dict[str, Any]:
    """Only keywords that Gemini and OpenAI's strict mode both know."""
    item = {
        "type": "object",
        "properties": {
            "k": {"type": "string"},
            "c": {"type": "string", "enum": [category.value for category in Category]},
            "p": {"type": "number", "minimum": 0, "maximum": 1},
            "t": {"type": "array", "items": {"type": "string", "enum": list(tags)}, "maxItems": MAX_TAGS},
        },
        "required": ["k", "c", "p", "t"],
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {"r": {"type": "array", "items": item}},
        "required": ["r"],
        "additionalProperties": False,
    }


def render_prompt(texts: Sequence[str]) -> str:
    """Exactly what would be sent about `texts`, masked and all; only keys and fence are drawn anew for each call."""
    prompt = current_prompt()
    question, _ = ask_about(prompt, [mask(text) for text in texts])
    schema = json.dumps(question.schema, ensure_ascii=False, indent=1)
    return (
        f"# prompt {prompt.version}\n\n{question.instructions}\n\n# comentários\n\n{question.content}\n\n"
        f"# formato da resposta\n\n{schema}\n"
    )
