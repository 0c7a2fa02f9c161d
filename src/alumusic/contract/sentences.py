"""One Portuguese sentence for every code of an error: what is wrong, and what to do about it.

`{name}` stands for a detail of the error. A test walks the source: every code that is raised has a sentence here.
"""

from collections.abc import Mapping
from typing import Final

_GENERAL: Final = {
    "pedido_invalido": "Não foi possível entender o pedido; confira o endereço, os campos e o formato.",
    "entrada_invalida": "Há campos com problema: {fields}. Corrija e envie de novo.",
    "nao_autenticado": "Entre com POST /auth/login e envie o cabeçalho Authorization: Bearer <access_token>.",
    "nao_permitido": "Sua conta não tem permissão para isto; peça a quem administra.",
    "nao_encontrado": "Não encontramos o que você pediu; confira o endereço ou o identificador.",
    "conflito": "Já existe algo com esta identificação e outro conteúdo; use outro id ou envie o mesmo conteúdo.",
    "chave_reutilizada": "Esta Idempotency-Key já foi usada com outro conteúdo; use uma chave nova.",
    "muitas_tentativas": "Foram muitas tentativas em pouco tempo; espere {seconds} s e tente de novo.",
    "muitos_pedidos": "Foram pedidos demais em pouco tempo; espere {seconds} s e tente de novo.",
    "indisponivel": "O serviço está indisponível no momento; tente de novo em {seconds} s.",
    "ocupado": "Há gente demais entrando ao mesmo tempo; tente de novo em {seconds} s.",
    "banco_indisponivel": "O banco de dados não respondeu; nada foi gravado. Tente de novo em {seconds} s.",
    "consulta_demorada": "A consulta demorou demais e foi interrompida; use filtros mais específicos e tente de novo.",
    "nao_pronto": "O serviço ainda não está pronto: {missing}. Tente de novo em {seconds} s.",
    "metodo_nao_permitido": "Este endereço não aceita o método {method}; aceita: {allowed}.",
    "tipo_nao_suportado": "Envie o corpo como JSON, com o cabeçalho Content-Type: application/json.",
    "codificacao_nao_suportada": "Envie o corpo sem compressão (sem o cabeçalho Content-Encoding).",
    "http_erro": "O pedido não pôde ser atendido; confira o endereço, o método e os cabeçalhos.",
    "revisao_desconhecida": "Não há a revisão “{revision}” do banco; veja a mais nova com `alumusic db current`.",
    "erro_interno": "Algo deu errado do nosso lado e já foi registrado; se continuar, informe o código {instance}.",
}

_BODY: Final = {
    "grande_demais": "O conteúdo enviado é maior do que o aceito aqui{limit}; envie em partes menores.",
    "corpo_invalido": "O corpo não é um JSON válido (linha {line}, coluna {column}); corrija e envie de novo.",
    "json_vazio": "O corpo está vazio; envie um JSON.",
    "json_bom": "O JSON começa com uma marca BOM; grave o conteúdo em UTF-8 sem BOM.",
    "json_charset": "O JSON precisa estar em UTF-8; converta o conteúdo e envie de novo.",
    "json_fundo": "O JSON tem mais de {max_depth} níveis de listas e objetos; envie uma estrutura mais simples.",
    "json_partes": "O JSON tem partes demais (mais de {limit} textos, chaves e vírgulas); envie em listas menores.",
    "json_numero": "O JSON tem um número que não é aceito: só valores finitos e inteiros de até 64 bits.",
    "json_caractere": "O JSON tem um caractere Unicode incompleto (\\ud800 a \\udfff sem par); remova-o.",
    "json_repetido": "O JSON repete a chave “{key}” no mesmo objeto; deixe só uma.",
    "nulo_no_endereco": "O endereço ou a consulta tem um caractere nulo; remova-o.",
}

_ACCOUNTS: Final = {
    "credenciais": "E-mail ou senha não conferem; confira os dois e tente de novo.",
    "token_invalido": "O token não é válido; entre de novo com POST /auth/login.",
    "token_vencido": "O token venceu; renove com POST /auth/refresh ou entre de novo com POST /auth/login.",
    "sessao_encerrada": "Esta sessão foi encerrada; entre de novo com POST /auth/login.",
    "email_invalido": "O e-mail não é válido; confira e envie algo como ana@exemplo.com.br.",
    "senha_fraca": "Esta senha não pode ser usada: {fields}.",
    "senha_atual_errada": "A senha atual não confere; confira e tente de novo.",
    "email_em_uso": "Já existe uma conta com este e-mail; entre com POST /auth/login ou use outro e-mail.",
    "convite_necessario": "Para criar uma conta aqui é preciso um convite; peça um a quem administra.",
    "convite_invalido": "O convite não vale: já foi usado, venceu ou é de outro e-mail; peça um novo.",
    "cadastro_fechado": "O cadastro de novas contas está fechado; fale com quem administra.",
    "usuario_nao_encontrado": "Não há conta com esta identificação; veja a lista em GET /admin/users.",
    "titular_nao_encontrado": "Não há comentários nem conta com este nome; confira a grafia do autor.",
    "ultimo_admin": "Esta é a última conta admin ativa; promova outra antes de mudar esta.",
}

_COMMENTS: Final = {
    "comentario_nao_encontrado": "Não encontramos este comentário; confira o id.",
    "tarefa_nao_encontrada": "Não encontramos esta tarefa; confira o task_id que veio no envio.",
    "sem_categoria": "Este comentário ainda não tem categoria; envie também a categoria.",
    "cursor_invalido": "O cursor não vale para esta lista; use o proximo_cursor como veio, com os mesmos filtros.",
    "eliminado": "Este comentário foi eliminado a pedido e não pode voltar.",
    "texto_vazio": "O texto está vazio; envie de 1 a 5.000 caracteres.",
    "texto_longo": "O texto passa de 5.000 caracteres; encurte-o e envie de novo.",
    "data_invalida": "A data não foi entendida; use ISO 8601, como 2026-11-24T10:00:00-03:00.",
    "id_invalido": "O id não é um UUID; corrija-o ou deixe-o de fora.",
    "campo_longo": "Um campo é longo demais; encurte-o e envie de novo.",
    "lista_longa": "A lista tem mais de {limit} comentários; envie em partes, ou como arquivo.",
    "formato_da_linha": "Um comentário precisa ser um texto ou um objeto com o campo “texto”.",
    "tipo_do_campo": "Um campo tem uma lista, um objeto ou outro valor que não é um texto; corrija-o.",
    "celulas_demais": "A linha tem mais células do que o cabeçalho; ponha entre aspas o texto que tem o separador.",
}

_INSIGHT: Final = {
    "resumo_nao_encontrado": "Não há resumo da semana {semana}; gere-o com POST /admin/weekly_summary.",
    "lancamento_existe": "Este lançamento já está na lista; mude o que existe ou use outro nome.",
    "lancamento_nao_encontrado": "Não há lançamento com este id; veja a lista em GET /api/lancamentos.",
    "semana_futura": "A semana {semana} ainda não começou; peça uma que já começou.",
    "sem_classificacao": "Este comentário ainda não tem classificação; diga a categoria ou espere o modelo.",
    "nenhum_resumo": "Ainda não há resumos; gere o primeiro com POST /admin/weekly_summary.",
}

_FILES: Final = {
    "arquivo_ilegivel": "O arquivo não pôde ser lido; confira se não está danificado e envie de novo.",
    "formato_nao_suportado": "O conteúdo do arquivo parece ser {found}; envie .csv, .json, .jsonl ou .xlsx.",
    "conteudo_nao_confere": "O nome diz que o arquivo é {named}, mas o conteúdo é {found}; salve-o de novo.",
    "arquivo_grande": "O arquivo passa do tamanho aceito ({max_bytes} bytes); divida-o em partes e envie cada uma.",
    "arquivo_vazio": "O arquivo está vazio; confira e envie de novo.",
    "arquivo_ausente": "Falta o arquivo: envie-o no campo “file” do formulário, ou o texto no campo “text”.",
    "linhas_demais": "O arquivo passa de {max_rows} linhas; divida-o em partes e envie cada uma.",
    "sem_comentarios": "O arquivo não tem nenhum comentário; confira se há linhas além do cabeçalho.",
    "sem_coluna_de_texto": "Não achamos a coluna com o texto; chame-a de “texto”. Colunas do arquivo: {columns}.",
    "coluna_inexistente": "O arquivo não tem a coluna “{column}”; as colunas são: {columns}.",
    "muitas_colunas": "O arquivo tem {found} colunas e o máximo é {max_columns}; remova as que não usa.",
    "codificacao_invalida": "A linha {line} não está em {encoding}; salve o arquivo em UTF-8 e envie de novo.",
    "codificacao_mista": "A linha {line} mistura codificações; salve o arquivo inteiro em UTF-8 e envie de novo.",
    "codificacao_desconhecida": "A codificação da linha {line} é desconhecida; salve o arquivo em UTF-8.",
    "caracteres_invalidos": "Há caracteres de controle que não são aceitos; remova-os e envie de novo.",
    "caractere_nulo": "Há um caractere nulo na linha {line}; remova-o ou salve o arquivo de novo como texto.",
    "aspas_sem_fecho": "As aspas abertas na linha {line} não foram fechadas; feche-as e envie de novo.",
    "aspas_fora_do_lugar": 'Há aspas fora do lugar na linha {line}; escreva-as em dobro ("") dentro de um campo.',
    "celula_grande": "Um campo passa de {max_characters} caracteres (linha {line}); encurte-o ou feche as aspas.",
    "linha_sem_fim": "A linha {line} tem mais de {max_characters} caracteres; veja se as quebras de linha se perderam.",
    "json_invalido": "O JSON tem um erro na linha {line}; corrija-o e envie de novo.",
    "json_cortado": "O JSON acaba no meio (linha {line}); confira se o arquivo está inteiro e envie de novo.",
    "json_chave_repetida": "O JSON repete a chave “{key}” no mesmo objeto; deixe só uma.",
    "json_fundo_demais": "O JSON tem níveis demais de listas e objetos; envie uma lista de comentários.",
    "json_numero_invalido": "O JSON tem um número que não é aceito (NaN, infinito ou grande demais); corrija-o.",
    "planilha_grande": "A planilha é grande demais depois de descompactada; divida-a ou salve-a como CSV.",
    "xlsx_ilegivel": "A planilha não pôde ser aberta; salve-a de novo como .xlsx, sem senha, ou como CSV.",
}

SENTENCES: Final[Mapping[str, str]] = {**_GENERAL, **_BODY, **_ACCOUNTS, **_COMMENTS, **_INSIGHT, **_FILES}
"""From the code of an error to its sentence."""
