"""The taxonomy as data: what a comment may be about, and by what other names people and models call it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Group(StrEnum):
    """The part of the business a tag belongs to."""

    WORK = "música / obra"
    VISUAL = "visual"
    SHOW = "show"
    ARTIST = "artista / marca"
    PLATFORM = "plataforma"
    SPAM = "spam"


@dataclass(frozen=True, slots=True)
class Tag:
    """One thing a comment may be about."""

    code: str
    explanation: str
    """For a person, in Portuguese."""
    group: Group
    aliases: tuple[str, ...]
    """Other names for it, folded by `search_words`; no alias belongs to two tags."""


def _tags(group: Group, *rows: tuple[str, str, str]) -> tuple[Tag, ...]:
    return tuple(Tag(code, explanation, group, tuple(aliases.split(", "))) for code, explanation, aliases in rows)


TAXONOMY: Final[tuple[Tag, ...]] = (
    *_tags(
        Group.WORK,
        (
            "composicao_letra",
            "Letra, versos, rimas e mensagem da música",
            "letra, letras, composicao, versos, verso, rima, rimas, lirica, poesia, mensagem, lyrics, "
            "lyric, songwriting",
        ),
        (
            "significado_letra",
            "Dúvida ou interpretação sobre o que a letra/clipe quer dizer",
            "significado, interpretacao, sentido, explicacao, sentido da letra, significado da letra, "
            "meaning, lyrics meaning",
        ),
        (
            "producao_musical",
            "Produção e gravação em estúdio",
            "producao, produtor, gravacao, estudio, production, producer, recording",
        ),
        (
            "mixagem_masterizacao",
            "Mixagem, masterização, volume e equilíbrio do som gravado",
            "mixagem, mix, masterizacao, master, volume, equilibrio, mixing, mastering, sound mix",
        ),
        (
            "qualidade_vocal",
            "Voz, afinação, técnica e interpretação vocal",
            "voz, vocal, vocais, vozes, afinacao, tecnica vocal, canto, desafinado, desafinacao, "
            "agudo, vocals, singing, voice",
        ),
        (
            "autotune",
            "Uso de autotune ou efeito na voz",
            "auto tune, efeito na voz, efeito vocal, vocoder, pitch correction",
        ),
        (
            "melodia",
            "Melodia e harmonia",
            "harmonia, melodias, acordes, melody, harmony, tune",
        ),
        (
            "refrao",
            "Refrão / trecho chiclete",
            "refroes, chiclete, gancho, chorus, hook, trecho chiclete",
        ),
        (
            "batida_ritmo",
            "Batida, groove, ritmo, drop",
            "batida, ritmo, beat, groove, drop, bpm, beats, rhythm, grave, percussao",
        ),
        (
            "arranjo_instrumental",
            "Arranjo, instrumentos e solos",
            "arranjo, arranjos, instrumental, instrumentos, instrumento, solo, solos, guitarra, "
            "violao, bateria, teclado, banda de apoio, arrangement, instruments, guitar",
        ),
        (
            "participacao_feat",
            "Parcerias, colaborações e participações",
            "participacao, participacoes, feat, feats, parceria, parcerias, colaboracao, dueto, "
            "collab, featuring, collaboration",
        ),
        (
            "versao_remix_cover",
            "Versões, remixes, covers, acústicos",
            "versao, versoes, remix, remixes, cover, covers, acustico, versao acustica, regravacao, acoustic, version",
        ),
        (
            "duracao_faixa",
            "Duração da faixa (curta/longa)",
            "duracao, duracao da musica, tamanho da musica, faixa curta, musica curta, musica longa, "
            "song length, track length",
        ),
        (
            "genero_estilo",
            "Gênero musical e mudança de estilo",
            "genero, genero musical, estilo musical, mudanca de estilo, estilo, genre, style, funk, "
            "sertanejo, pagode, samba, rock, pop, trap, rap, gospel, mpb, forro",
        ),
        (
            "originalidade",
            "Originalidade, criatividade ou plágio",
            "criatividade, plagio, copia, inovacao, originality, creativity, plagiarism",
        ),
        (
            "emocao_conexao",
            "Impacto emocional, identificação pessoal",
            "emocao, emocional, conexao, conexao emocional, identificacao, impacto emocional, "
            "sentimento, emotion, emotional",
        ),
        (
            "nostalgia",
            "Nostalgia, lembranças, clássicos",
            "lembranca, lembrancas, saudade, saudades, memoria, memorias, classico, classicos, infancia, memories",
        ),
        (
            "album_conceito",
            "Álbum/EP: conceito, coesão, ordem das faixas",
            "album, ep, disco, conceito, coesao, ordem das faixas, tracklist, conceito do album, album concept",
        ),
        (
            "evolucao_artista",
            "Evolução, fase ou decadência do artista",
            "evolucao, decadencia, fase, amadurecimento, carreira, nova fase, artist evolution, career",
        ),
        (
            "informacoes_musica",
            "Perguntas de identificação, ficha técnica, cifra",
            "informacoes, informacao, ficha tecnica, cifra, cifras, partitura, nome da musica, "
            "identificacao da musica, creditos, song info, credits, chords",
        ),
        (
            "lancamento",
            "Lançamento, data, prévia, single",
            "lancamentos, data de lancamento, previa, single, estreia, pre save, release, release date, teaser",
        ),
    ),
    *_tags(
        Group.VISUAL,
        (
            "clipe_visual",
            "Clipe: fotografia, efeitos, direção de arte",
            "clipe, videoclipe, video, visual, fotografia, efeitos visuais, direcao de arte, music "
            "video, visuals, cinematography",
        ),
        (
            "clipe_narrativa",
            "Clipe: história, roteiro, final",
            "narrativa, roteiro, enredo, historia do clipe, final do clipe, storyline, plot, video story",
        ),
        (
            "coreografia_danca",
            "Dança e coreografia",
            "coreografia, danca, dancas, passinho, dancarinos, bailarinos, choreography, dance, dancing",
        ),
        (
            "figurino_estilo",
            "Figurino, look, estética pessoal",
            "figurino, figurinos, look, looks, roupa, roupas, estetica, cabelo, maquiagem, aparencia, "
            "outfit, fashion, costume",
        ),
        (
            "capa_arte",
            "Capa, arte gráfica, encarte",
            "capa, arte, arte grafica, encarte, capa do album, cover art, artwork, thumbnail",
        ),
        (
            "bastidores",
            "Making of, bastidores, conteúdo extra",
            "making of, conteudo extra, documentario, entrevista, behind the scenes",
        ),
    ),
    *_tags(
        Group.SHOW,
        (
            "show_performance",
            "Performance ao vivo, energia, presença de palco",
            "show, shows, performance, apresentacao, ao vivo, presenca de palco, energia, playback, "
            "live, live performance, concert, stage presence",
        ),
        (
            "show_som",
            "Qualidade do som no show",
            "som do show, som ao vivo, qualidade do som, som, audio do show, live sound, concert sound",
        ),
        (
            "show_repertorio",
            "Repertório / setlist",
            "repertorio, setlist, set list, bis, musicas do show, encore",
        ),
        (
            "show_duracao",
            "Duração do show",
            "show curto, show longo, tempo de show, duracao da apresentacao, concert length, show length",
        ),
        (
            "show_pontualidade",
            "Atraso ou pontualidade",
            "pontualidade, atraso, atrasos, demora, horario, delay, late, punctuality",
        ),
        (
            "show_palco_luz",
            "Palco, iluminação, telão, efeitos",
            "palco, luz, luzes, iluminacao, telao, cenario, pirotecnia, cenografia, stage, lighting, lights, pyro",
        ),
        (
            "show_estrutura",
            "Infraestrutura: banheiro, comida, acesso, transporte, local",
            "estrutura, infraestrutura, banheiro, banheiros, comida, bebida, acesso, transporte, "
            "local, estacionamento, venue, facilities, parking, local do show",
        ),
        (
            "show_organizacao",
            "Organização, filas, segurança, credenciamento",
            "organizacao, fila, filas, seguranca, segurancas, credenciamento, producao do evento, "
            "organization, security, queue",
        ),
        (
            "acessibilidade",
            "Acessibilidade: libras, legendas, PCD",
            "libras, pcd, legendas, cadeirante, deficiencia, interprete de libras, accessibility, captions, subtitles",
        ),
        (
            "turne_agenda",
            "Turnê, datas, cidades",
            "turne, agenda, datas, cidades, tour, show na cidade, datas de shows, agenda de shows, tour dates",
        ),
        (
            "preco_ingresso",
            "Preço de ingresso / custo do evento",
            "preco do ingresso, valor do ingresso, ingresso caro, custo, meia entrada, taxa de "
            "conveniencia, ticket price, preco",
        ),
        (
            "venda_ingresso",
            "Compra, bilheteria, site de ingressos",
            "ingresso, ingressos, bilheteria, compra de ingresso, venda de ingressos, site de "
            "ingressos, fila virtual, cambista, ticket, tickets, ticket sales",
        ),
        (
            "reembolso_cancelamento",
            "Reembolso e cancelamento de show",
            "reembolso, cancelamento, estorno, show cancelado, cancelamento de show, adiamento, refund, cancelled show",
        ),
        (
            "interacao_publico",
            "Interação com fãs e público",
            "interacao, publico, fas, interacao com fas, meet and greet, foto com fas, fan interaction, fans, audience",
        ),
    ),
    *_tags(
        Group.ARTIST,
        (
            "carisma_artista",
            "Carisma, talento e admiração pelo artista",
            "carisma, talento, artista, admiracao, idolo, simpatia, humildade, cantor, cantora, "
            "charisma, talent, artist",
        ),
        (
            "polemica_postura",
            "Postura, conduta, polêmica, conteúdo ofensivo",
            "polemica, postura, conduta, conteudo ofensivo, ofensivo, apologia, machismo, "
            "controversia, controversy, behavior, offensive",
        ),
        (
            "divulgacao",
            "Divulgação, mídia, alcance",
            "midia, alcance, marketing, promocao, visualizacoes, radio, reconhecimento, hype, viral, "
            "promotion, media, views",
        ),
        (
            "merchandising",
            "Produtos oficiais, vinil, camiseta, entrega",
            "merch, produto, produtos, produtos oficiais, vinil, camiseta, loja, loja oficial, "
            "entrega, cd, vinyl, store, delivery",
        ),
    ),
    *_tags(
        Group.PLATFORM,
        (
            "app_usabilidade",
            "Interface, navegação e funcionalidades do app",
            "usabilidade, interface, navegacao, funcionalidade, funcionalidades, app, aplicativo, "
            "layout, modo escuro, usability, feature, features, ui, ux",
        ),
        (
            "app_desempenho",
            "Travamentos, bugs, lentidão, queda do site/app",
            "desempenho, travamento, travamentos, bug, bugs, lentidao, erro, instabilidade, site fora "
            "do ar, bateria do celular, crash, crashes, slow, app performance",
        ),
        (
            "recomendacao_playlist",
            "Recomendações, algoritmo, playlists, rádio do artista",
            "recomendacao, recomendacoes, algoritmo, playlist, playlists, aleatorio, shuffle, "
            "descobertas, recommendation, recommendations, algorithm",
        ),
        (
            "disponibilidade_catalogo",
            "Disponibilidade em plataformas / catálogo",
            "disponibilidade, catalogo, spotify, plataformas, plataformas digitais, streaming, "
            "deezer, availability, catalog",
        ),
        (
            "download_offline",
            "Download e modo offline",
            "download, downloads, offline, modo offline, baixar, offline mode",
        ),
        (
            "letras_sincronizadas",
            "Exibição de letras no app/descrição",
            "letra sincronizada, letra no app, letras no app, letra na descricao, karaoke, synced "
            "lyrics, lyrics display",
        ),
        (
            "qualidade_audio_streaming",
            "Qualidade do áudio no streaming",
            "qualidade do audio, qualidade de audio, audio, hifi, lossless, bitrate, equalizador, "
            "audio quality, sound quality",
        ),
        (
            "anuncios",
            "Publicidade e anúncios",
            "anuncio, publicidade, propaganda, propagandas, comercial, comerciais, ads, ad, advertising",
        ),
        (
            "preco_assinatura",
            "Planos e preço da assinatura",
            "assinatura, plano, planos, premium, preco do plano, mensalidade, preco da assinatura, "
            "plano familia, subscription, subscription price, pricing",
        ),
        (
            "cobranca_pagamento",
            "Cobrança, pagamento, cancelamento de plano",
            "cobranca, pagamento, cobranca indevida, cartao, pix, boleto, fatura, cancelamento de "
            "plano, billing, payment",
        ),
        (
            "login_conta",
            "Login, senha e conta",
            "login, senha, conta, cadastro, acesso a conta, password, account, sign in",
        ),
        (
            "atendimento_suporte",
            "Atendimento e suporte",
            "atendimento, suporte, sac, suporte ao cliente, ajuda, chat de suporte, customer service, "
            "support, customer support",
        ),
    ),
    *_tags(
        Group.SPAM,
        (
            "spam_divulgacao",
            "Autopromoção / divulgação de canal",
            "autopromocao, divulgacao de canal, inscreva se, self promotion, canal, spam",
        ),
        (
            "spam_venda",
            "Venda de produtos, seguidores ou serviços",
            "venda, vendas, venda de seguidores, seguidores, venda de produtos, servicos, sales spam",
        ),
        (
            "spam_golpe",
            "Golpe, renda fácil, aposta, link suspeito",
            "golpe, fraude, aposta, apostas, cassino, renda extra, renda facil, link suspeito, "
            "phishing, scam, betting, casino",
        ),
        (
            "spam_corrente",
            "Corrente, caça-likes, fora do tema",
            "corrente, caca likes, fora do tema, pregacao, proselitismo, off topic, chain message, "
            "like begging, gibberish",
        ),
    ),
)
