"""What an operator has to mend before anything starts: a Portuguese sentence for every code, above the reason."""

from collections.abc import Mapping
from typing import Final

from alumusic.domain.errors import ConfigurationError

SET_UP_SENTENCES: Final[Mapping[str, str]] = {
    "llm_key": "Falta a chave do modelo de linguagem; defina GOOGLE_API_KEY (Gemini) ou ALUMUSIC_LLM_API_KEY.",
    "llm_base_url": "O endereço em ALUMUSIC_LLM_BASE_URL não pode ser usado; corrija-o ou deixe-o de fora.",
    "extra_missing": "Falta instalar uma parte do produto que estas configurações pedem.",
    "database_url": "O endereço em DATABASE_URL não serve; use postgresql://… ou sqlite:///….",
    "database_newer": "O banco é de uma versão mais nova do que esta; instale a versão que o atualizou.",
    "sqlite_version": "O SQLite deste Python é antigo demais; atualize o Python ou use PostgreSQL em DATABASE_URL.",
    "secrets_file": "O arquivo de segredos na pasta dos dados está incompleto; apague-o para que outros sejam criados.",
    "celery_broker_url": "O endereço em CELERY_BROKER_URL não serve; use redis://…, rediss://…, amqp://… ou amqps://….",
    "no_broker": "Falta CELERY_BROKER_URL; sem ele, use `alumusic up`, que trabalha sozinho.",
    "cors": "Há em ALUMUSIC_CORS_ORIGINS algo que não é uma origem, como https://painel.exemplo.com.br.",
    "chave_curta": "JWT_SECRET_KEY é curta demais; use 32 bytes ou mais, ou deixe-a de fora para que uma seja criada.",
}
"""From the code of a `ConfigurationError` to what a person can do."""

DANGEROUS: Final = "Em produção, ou onde outros chegam, estas configurações são um perigo; corrija-as e tente de novo."
"""For all that is refused in production and beyond loopback; each danger has a line of its own."""

UNREADABLE: Final = "Há configurações que não dá para entender; corrija-as no ambiente ou no arquivo .env."
"""For settings that cannot even be read; each has a line of its own."""


def sentence_of_set_up(error: ConfigurationError) -> str:
    """What is wrong and what to do about it; then, for machines and for whoever searches, the code and the reason."""
    sentence = SET_UP_SENTENCES.get(error.code)
    if sentence is None:
        return f"{DANGEROUS}\n{error}"
    return f"{sentence}\n  [{error.code}] {error}"
