"""Refuses to start in production, or where others can reach us, with what is only good enough for one's own machine."""

import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from pydantic import SecretStr

from alumusic.domain.errors import ConfigurationError
from alumusic.llm.address import is_plainly_inside
from alumusic.settings import Settings
from alumusic.text.hosts import is_loopback

SHORTEST_SECRET: Final = 32
"""Bytes of a key that nobody tries out."""

_FEWEST_CHARACTERS: Final = 10
"""Different characters that a random key of this length has, and `aaaa…` or `abcabc…` has not."""

# What examples, tutorials and other people's repositories call a secret.
_EXAMPLES: Final = (
    "change", "troque", "secret", "segredo", "example", "exemplo", "default", "senha", "password", "insecure",
    "minha-chave", "sua-chave", "your-key", "my-key", "supersecret", "development", "dev-key", "teste", "12345",
)  # fmt: skip
_WEAK_PASSWORDS: Final = frozenset(
    {
        "postgres", "password", "senha", "alumusic", "admin", "root", "guest", "redis", "rabbitmq", "123456",
        "12345678", "changeme", "troque-me", "secret", "segredo", "user", "test", "teste",
    }
)  # fmt: skip
_TLS: Final = {"rediss": True, "amqps": True, "redis": False, "amqp": False, "pyamqp": False}
_WORLD: Final = stat.S_IROTH | stat.S_IWOTH
_DEBUG_NAMES: Final = ("FLASK_DEBUG", "PYTHONASYNCIODEBUG", "WERKZEUG_DEBUG_PIN")
_OFF: Final = frozenset({"", "0", "false", "no", "off"})

Mode = Callable[[Path], int | None]


@dataclass(frozen=True, slots=True)
class Danger:
    """Something that must not be so in production: `code` names it, `sentence` says what to do."""

    code: str
    sentence: str


def mode_of(path: Path) -> int | None:
    """The permissions of a file; None where there is none."""
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None


def refuse_dangers(settings: Settings, environment: dict[str, str]) -> None:
    """Let only a safe set-up pass.

    Raises:
        ConfigurationError: something that must not be so in production, or where ALUMUSIC_HOST lets others in; all of
            it is named.
    """
    if settings.env == "production":
        _refuse(list(dangers(settings, environment)), where="in production")
    elif not is_loopback(settings.host):
        # Whoever forgot the word is not left with doors that anybody can open.
        _refuse(list(exposures(settings, environment)), where=f"where others can reach it, at {settings.host}")


def _refuse(found: list[Danger], *, where: str) -> None:
    if found:
        lines = "\n".join(f"  [{danger.code}] {danger.sentence}" for danger in found)
        raise ConfigurationError(found[0].code, f"refusing to start {where}:\n{lines}")


def dangers(settings: Settings, environment: dict[str, str], *, mode: Mode = mode_of) -> Iterator[Danger]:
    """Everything about `settings` and the process's environment that must not be so in production."""
    yield from exposures(settings, environment)
    yield from _missing_keys(settings)
    yield from _openness(settings)
    yield from _database(settings, mode)
    if settings.celery_broker_url is not None:
        yield from _server("broker", "CELERY_BROKER_URL", urlsplit(settings.celery_broker_url))
    yield from _provider(settings)


def exposures(settings: Settings, environment: dict[str, str]) -> Iterator[Danger]:
    """What lets in anybody who can reach us, whatever the house is for."""
    yield from _keys(settings)
    for name in _DEBUG_NAMES:
        if environment.get(name, "").lower() not in _OFF:
            yield Danger("debug", f"{name} must not be set: errors would show the inside to anybody")
    if any(map(_is_any, _origins(settings))):
        yield Danger("cors_any", "ALUMUSIC_CORS_ORIGINS must name its origins; * would let every page call the API")


def _keys(settings: Settings) -> Iterator[Danger]:
    named = {
        "SECRET_KEY": settings.secret_key,
        "JWT_SECRET_KEY": settings.jwt_secret_key,
        "ALUMUSIC_JWT_PREVIOUS_SECRET_KEY": settings.jwt_previous_secret_key,
        "ALUMUSIC_METRICS_TOKEN": settings.metrics_token,
        "ALUMUSIC_DASHBOARD_KEY": settings.dashboard_key,
    }
    for name, secret in named.items():
        if secret is not None:
            yield from _key(name, secret)
    if settings.secret_key is not None and settings.secret_key == settings.jwt_secret_key:
        yield Danger("same_key_twice", "SECRET_KEY and JWT_SECRET_KEY must differ")


def _missing_keys(settings: Settings) -> Iterator[Danger]:
    for name, secret in (("SECRET_KEY", settings.secret_key), ("JWT_SECRET_KEY", settings.jwt_secret_key)):
        if secret is None and settings.database_url is not None:
            # Every machine would make one of its own, and refuse what the others have signed.
            yield Danger(f"{name.lower()}_missing", f"{name} must be set where several processes share a database")


def _key(name: str, secret: SecretStr) -> Iterator[Danger]:
    value, code = secret.get_secret_value(), name.removeprefix("ALUMUSIC_").lower()
    if len(value.encode()) < SHORTEST_SECRET:
        yield Danger(f"{code}_short", f"{name} needs {SHORTEST_SECRET} bytes or more: `openssl rand -base64 48`")
    elif any(word in value.lower() for word in _EXAMPLES) or len(set(value)) < _FEWEST_CHARACTERS:
        yield Danger(f"{code}_example", f"{name} looks like an example: `openssl rand -base64 48` makes a real one")


def _openness(settings: Settings) -> Iterator[Danger]:
    if settings.log_level == "DEBUG":
        yield Danger("debug_log", "ALUMUSIC_LOG_LEVEL=DEBUG writes listeners' words into the log")
    if any(not (_is_any(origin) or _is_secure_origin(origin)) for origin in _origins(settings)):
        yield Danger("cors_http", "ALUMUSIC_CORS_ORIGINS must be https:// addresses")
    if settings.registration == "open":
        yield Danger("registration_open", "ALUMUSIC_REGISTRATION=open lets anybody make an account")


def _origins(settings: Settings) -> list[str]:
    return [origin.strip() for origin in settings.cors_origins.split(",") if origin.strip()]


def _is_any(origin: str) -> bool:
    return "*" in origin or origin == "null"


def _is_secure_origin(origin: str) -> bool:
    parts = urlsplit(origin)
    return parts.scheme == "https" or is_loopback(parts.hostname or "")


def _database(settings: Settings, mode: Mode) -> Iterator[Danger]:
    url = settings.effective_database_url
    if url.startswith("sqlite"):
        yield from _database_file(url, mode)
    else:
        yield from _server("database", "DATABASE_URL", urlsplit(url))


def _database_file(url: str, mode: Mode) -> Iterator[Danger]:
    file = Path(unquote(urlsplit(url).path).removeprefix("/"))
    if str(file) in {"", ".", ":memory:"}:
        yield Danger("database_in_memory", "DATABASE_URL must be a file: this one is gone with the process")
        return
    found = mode(file)
    folder = mode(file.parent)
    # A folder that nobody else may enter protects every file in it.
    if found is not None and found & _WORLD and (folder is None or folder & (stat.S_IXOTH | _WORLD)):
        yield Danger("database_readable", f"everybody on this machine can read {file.name}: chmod 600, its folder 700")


def _server(what: str, name: str, parts: SplitResult) -> Iterator[Danger]:
    host = parts.hostname or ""
    if parts.password is not None and (parts.password.lower() in _WEAK_PASSWORDS or parts.password == parts.username):
        yield Danger(f"{what}_password_example", f"{name} has a password that everybody tries first")
    if is_loopback(host) or not host:
        return
    if not parts.password:
        yield Danger(f"{what}_without_password", f"{name} needs a password, since {host} is not this machine")
    if not _is_inside(host) and not _is_encrypted(parts):
        yield Danger(
            f"{what}_without_tls", f"{name} leaves the own network unencrypted: rediss://, amqps://, sslmode=require"
        )


def _is_inside(host: str) -> bool:
    """Whether `host` is an address of the own network, or a name without a domain, such as a container's."""
    try:
        return ip_address(host).is_private
    except ValueError:
        return "." not in host


def _is_encrypted(parts: SplitResult) -> bool:
    if parts.scheme in _TLS:
        return _TLS[parts.scheme]
    return any(f"sslmode={mode}" in parts.query for mode in ("require", "verify-ca", "verify-full"))


def _provider(settings: Settings) -> Iterator[Danger]:
    url = settings.llm_base_url
    if url is None:
        return
    if settings.llm_api_key is None and not settings.llm_local:
        yield Danger("llm_key_missing", "ALUMUSIC_LLM_BASE_URL needs a key of its own, ALUMUSIC_LLM_API_KEY")
    parts = urlsplit(url)
    host = parts.hostname or ""
    if parts.scheme != "https" and not (is_loopback(host) or (settings.llm_local and is_plainly_inside(host))):
        yield Danger("llm_without_tls", "ALUMUSIC_LLM_BASE_URL must be https://, or a model of one's own")
