"""What the dashboard says where the API's own sentence names a route, a header or a field: nobody sees those here."""

from collections.abc import Mapping
from typing import Final

from alumusic.contract.problems import Problem

ENDED: Final = "Sua sessão terminou. Entre de novo para continuar de onde parou."

REPLIES: Final[Mapping[str, str]] = {
    **dict.fromkeys(("nao_autenticado", "token_invalido", "token_vencido", "sessao_encerrada"), ENDED),
    "email_em_uso": "Já existe uma conta com este e-mail; escolha “Entrar” ou use outro.",
    "usuario_nao_encontrado": "Esta conta não existe mais; recarregue a página.",
    "comentario_nao_encontrado": "Não encontramos este comentário; ele foi eliminado, ou o endereço está incompleto.",
    "tarefa_nao_encontrada": "Não encontramos este envio; confira o endereço ou escolha outro em Enviar.",
    "cursor_invalido": "A lista mudou desde que você a abriu; recarregue a página.",
    "chave_reutilizada": "Este envio já foi feito com outro conteúdo; recarregue a página e envie de novo.",
    "arquivo_ausente": "Falta o arquivo; escolha um e envie de novo.",
    "resumo_nao_encontrado": "Não há resumo desta semana; gere-o em Resumos.",
    "nenhum_resumo": "Ainda não há resumos; gere o primeiro em Resumos.",
    "lancamento_nao_encontrado": "Este lançamento já não está na lista; recarregue a página.",
}
"""From the code of an error to a sentence for the screen; what is not here, the API says well itself."""

FIELDS: Final[Mapping[str, str]] = {
    "email": "e-mail",
    "password": "senha",
    "senha_atual": "senha atual",
    "senha_nova": "senha nova",
    "search": "busca",
    "category": "classe",
    "categoria": "classe",
    "status": "situação",
    "ate": "até",
    "task_id": "código do envio",
    "confianca_min": "certeza mínima",
    "confianca_max": "certeza máxima",
    "titulo": "o que saiu",
    "data": "quando",
}
"""What the controls call the fields of the API that have another name."""


def reply_to(found: Problem) -> str:
    """What a person at a screen is told of a problem."""
    sentence = REPLIES.get(found.code, found.sentence)
    for trouble in found.fields or ():
        sentence = sentence.replace(f"“{trouble.field}”", f"“{FIELDS.get(trouble.field, trouble.field)}”")
    return sentence
