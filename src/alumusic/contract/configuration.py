"""The settings in force, as an admin may see them: of a secret, only whether it is set."""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr
from pydantic.fields import FieldInfo

from alumusic.contract.message import Message
from alumusic.settings import Settings

_SET: Final = "definido"
_UNSET: Final = "não definido"


class SettingView(Message):
    """One setting."""

    name: str = Field(alias="nome")
    """As the environment knows it."""
    value: str = Field(alias="valor")
    is_default: bool = Field(alias="padrao")


class SettingsView(Message):
    """All of them, in the order of their documentation."""

    settings: tuple[SettingView, ...] = Field(alias="configuracoes")

    @classmethod
    def of(cls, settings: Settings) -> "SettingsView":
        """`settings`, without anything that must not be seen."""
        return cls(settings=tuple(_views(settings)))


def _views(settings: Settings) -> Iterator[SettingView]:
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        yield SettingView(
            name=_environment_name(name, field), value=shown(value, is_secret=_is_secret(field)),
            is_default=value == field.get_default(call_default_factory=True, validated_data={}),
        )  # fmt: skip


def _environment_name(name: str, field: FieldInfo) -> str:
    alias = field.validation_alias
    if isinstance(alias, AliasChoices):
        return str(alias.choices[0])
    return alias if isinstance(alias, str) else f"ALUMUSIC_{name.upper()}"


def _is_secret(field: FieldInfo) -> bool:
    return "SecretStr" in str(field.annotation)


def shown(value: Any, *, is_secret: bool = False) -> str:
    """`value` for a person; of an address only its kind and its host, since the rest may hold a password."""
    if is_secret or isinstance(value, SecretStr):
        return _UNSET if value is None else _SET
    if value is None:
        return _UNSET
    if isinstance(value, bool):
        return "sim" if value else "não"
    text = str(value)
    return _address(text) if "://" in text else text


def _address(text: str) -> str:
    try:
        parts = urlsplit(text)
        host, port = parts.hostname, parts.port
    except ValueError:
        return _SET
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}" if host else parts.scheme
