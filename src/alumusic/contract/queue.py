"""The queue and the provider behind it, as the public API says them."""

from collections.abc import Mapping
from datetime import date
from typing import Final, Literal, Self

from pydantic import Field

from alumusic.contract.message import Message, Moment
from alumusic.domain.comments import Status
from alumusic.domain.providers import ProviderState, Trouble

TROUBLE_SENTENCES: Final = {
    Trouble.BUSY: "O provedor está recebendo pedidos demais; os comentários esperam e vão aos poucos.",
    Trouble.QUOTA: "A cota do dia no provedor acabou, ou falta crédito; espere a renovação ou aumente o plano.",
    Trouble.SERVER: "O provedor está com problemas; tentamos de novo sozinhos.",
    Trouble.CONNECTION: "Não há conexão com o provedor; confira a rede. Tentamos de novo sozinhos.",
    Trouble.TIMEOUT: "O provedor não respondeu a tempo; tentamos de novo sozinhos.",
    Trouble.KEY: "O provedor recusou a chave; confira GOOGLE_API_KEY ou ALUMUSIC_LLM_API_KEY.",
    Trouble.MODEL: "O provedor não tem mais este modelo; escolha outro em ALUMUSIC_LLM_MODEL.",
    Trouble.CONFIGURATION: "O provedor recusa todos os pedidos; confira ALUMUSIC_LLM_PROVIDER, _MODEL e _BASE_URL.",
    Trouble.UNUSABLE: "O modelo responde fora do formato; tentamos de novo sozinhos. Se continuar, troque de modelo.",
    Trouble.PAUSED: "A classificação foi pausada por uma pessoa; retome com POST /api/fila/retomar.",
    Trouble.BUDGET: "O orçamento de hoje não basta; o resto vai amanhã, ou aumente ALUMUSIC_DAILY_BUDGET_TOKENS.",
    Trouble.RATE: "O ritmo máximo foi atingido; os comentários vão aos poucos.",
}
"""What a person is told, and can do."""


class ReasonView(Message):
    """Why something waits."""

    code: str = Field(alias="codigo")
    sentence: str = Field(alias="frase")

    @classmethod
    def of(cls, trouble: Trouble) -> Self:
        """The reason in the contract's words."""
        return cls(code=trouble, sentence=TROUBLE_SENTENCES[trouble])


class SpendView(Message):
    """What a day has cost so far."""

    day: date = Field(alias="dia")
    tokens: int
    limit: int | None = Field(alias="limite_tokens")
    cost_usd: float = Field(alias="custo_usd")


class ProviderView(Message):
    """Who classifies, and whether it may be asked."""

    name: str = Field(alias="nome")
    model: str | None = Field(alias="modelo")
    state: Literal["fechado", "aberto", "pausado"] = Field(alias="estado")
    """Of the breaker: `fechado` lets calls through, `aberto` does not until `aberto_ate`."""
    open_until: Moment | None = Field(alias="aberto_ate")
    reason: ReasonView | None = Field(alias="motivo")
    away_since: Moment | None = Field(alias="sem_resposta_desde")
    spend: SpendView = Field(alias="gasto")

    @classmethod
    def of(cls, state: ProviderState, *, model: str | None, limit: int | None, today: date) -> Self:
        """The state of a provider in the contract's words; `limit` is of tokens a day."""
        spent = state.tokens_on(today)
        reason = state.reason_on(today)
        if reason is None and limit is not None and spent >= limit:
            reason = Trouble.BUDGET
        is_open = state.open_until is not None
        return cls(
            name=state.name,
            model=model,
            state="pausado" if state.paused else "aberto" if is_open else "fechado",
            open_until=state.open_until,
            reason=ReasonView.of(reason) if reason is not None else None,
            away_since=state.away_since,
            spend=SpendView(day=today, tokens=spent, limit=limit, cost_usd=round(state.cost_on(today) / 1_000_000, 6)),
        )


class QueueView(Message):
    """How much waits, for how long, and for whom."""

    oldest_due_seconds: float = Field(alias="mais_antigo_segundos")
    by_status: dict[Status, int] = Field(alias="por_status")
    provider: ProviderView = Field(alias="provedor")

    @classmethod
    def of(cls, *, oldest_due_seconds: float, by_status: Mapping[Status, int], provider: ProviderView) -> Self:
        """The queue in the contract's words."""
        return cls(oldest_due_seconds=round(oldest_due_seconds, 1), by_status=dict(by_status), provider=provider)
