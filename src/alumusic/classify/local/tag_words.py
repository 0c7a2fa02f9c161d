"""What words point to which tag, as data: entries as in `lexicons.py` (folded words, stems, phrases)."""

from typing import Final

TAG_WORDS: Final[dict[str, str]] = {
    "composicao_letra": """
        letra, letras, verso, versos, estrofe*, rima, rimas, rimou, poesia, poeta, composic*, compositor*,
        compos, mensagem, palavras, frase, escreve, escrita, caneta, caneteira, lyric*, verse*, songwrit*,
        rhym*, penned
    """,
    "significado_letra": """
        significad*, significa, quer dizer, quis dizer, se refere, fala sobre o que, e sobre o que,
        interpretac*, metafora, entendi, entender a letra, sentido da letra, historia por tras, meaning,
        mean*, about what, refer*, que significa
    """,
    "producao_musical": """
        producao, produc*, produtor*, produzid*, estudio, gravacao, gravad*, gravar, produced, producer,
        recording, recorded, studio, daw, sample, sintetizador, synth
    """,
    "mixagem_masterizacao": """
        mix, mixagem, mixad*, mixar, master, masteriz*, volume, abafad*, estourad*, chiado, grave demais,
        voz baixa, baixo demais, equaliz*, eq, mixing, mixed, mastered, loudness, muffled, clipping,
        reverb
    """,
    "qualidade_vocal": """
        voz, vozes, vozeirao, vocal, vocais, vocalista, canta, cantando, cantar, cantou, afinad*,
        afinacao, desafin*, agudo*, falsete*, melisma*, timbre, grita, gritando, respiracao, nota alta,
        interpretacao, voice, vocals, sing, singing, sings, sang, singer, pitch, falsetto, high note,
        cantante
    """,
    "autotune": """
        autotune, auto tune, autotun*, vocoder, efeito na voz, voz de robo, voz robotic*, robotic*,
        melodyne
    """,
    "melodia": """
        melodia*, melodic*, harmonia, harmonic*, acorde*, tom, modulacao, melody, melod*, harmony, chord
        progression, tune
    """,
    "refrao": """
        refrao, refrões, refroes, chiclete, gruda, grudou, grudento, na cabeca, chorus, hook, catchy,
        estribillo, stuck in my head
    """,
    "batida_ritmo": """
        batida*, beat, beats, ritmo, groove, drop, bpm, grave, graves, batuque, percussao, suingue, swing,
        balanco, 808, bumbo, rhythm, bass, bassline, ritmic*
    """,
    "arranjo_instrumental": """
        arranjo*, instrument*, solo, solos, guitarra*, violao, violoes, viola, piano, teclado*, bateria,
        baterista, baixista, contrabaixo, sanfona, acordeon, cavaco, cavaquinho, pandeiro, sax, saxofone,
        trompete, metais, cordas, violino*, orquestra, flauta, riff, riffs, banda toca, guitar, drums,
        drummer, strings, brass, sanfoneiro, guitarrista, coral, introducao, intro
    """,
    "participacao_feat": """
        feat, feats, ft, participac*, parceria*, dueto, dupla, colabora*, collab*, juntos, com a
        participacao, convidad*, featuring, duet, together, ft.
    """,
    "versao_remix_cover": """
        versao, versoes, remix*, cover, covers, acustic*, regrava*, ao vivo no estudio, releitura,
        original, speed up, sped up, slowed, piseiro, karaoke, instrumental, version, acoustic, unplugged,
        remaster*
    """,
    "duracao_faixa": """
        duracao, minutos de musica, curta, curtinha, longa, faixa de, acaba rapido, acabou rapido, dois
        minutos, 2 minutos, minuto e meio, too short, too long, minutes long, mais longa, mais curta,
        acaba do nada, alonga*
    """,
    "genero_estilo": """
        genero, estilo, funk, sertanej*, pagode, samba, rock, pop, trap, rap, gospel, mpb, forro, piseiro,
        brega, axe, metal, reggae, bossa, jazz, eletronic*, k pop, kpop, arrocha, hip hop, country, genre,
        indie, punk, emo, musica de verdade, musica hoje, hoje em dia, de raiz, reggaeton, universitario,
        modao, choro
    """,
    "originalidade": """
        original, originalidade, criativ*, plagi*, copia, copiou, copiad*, igual a, identic*, inova*,
        diferente, unic*, imita*, mesma formula, mais do mesmo, generic*, plagiar*, ripoff, copied,
        creative, unique, parece com, mesma base
    """,
    "emocao_conexao": """
        chorei, chorando, choro, chorar, lagrima*, emocion*, emocao, arrepi*, coracao, alma, me identifi*,
        identifiq*, me representa, toca, tocou, paz, dor, saudade, terminei, termino, sofr*, depress*,
        ansiedade, luto, me ajudou, ajudou, salvou, consol*, acalma, goosebumps, chills, tears, cry,
        cried, crying, soul, feel*, healing, got me through, comfort, llorar, lloro, me llega
    """,
    "nostalgia": """
        nostalg*, infancia, lembr*, saudade*, sdds, adolescencia, anos 80, anos 90, anos 2000, antiga*,
        antigamente, tempo bom, tempos, bons tempos, epoca, memoria*, crianca, vovo, classico*, marcou,
        minha vo, memories, childhood, remember*, old school, takes me back, throwback, recuerdo*, anos
        atras
    """,
    "album_conceito": """
        album, albuns, disco, discos, ep, faixas, tracklist, conceito, conceitual, coes*, ordem das
        faixas, interludio, interludios, deluxe, lado b, concept, skips, tracks, discografia, obra
        completa
    """,
    "evolucao_artista": """
        evolu*, fase, amadurec*, cresceu, decad*, decaiu, mudou, carreira, comeco, essencia, raizes,
        inicio da carreira, primeiro disco, desde o primeiro, antes era, ja foi, nova fase, career, era,
        grown, growth, fell off, used to, voltou as origens, perdeu a mao, voltou
    """,
    "informacoes_musica": """
        nome da musica, qual o nome, qual a musica, que musica, nome da, quem canta, quem compos, quem
        toca, quem produziu, quem escreveu, cifra*, tom da musica, qual tom, tablatura, partitura, ficha
        tecnica, creditos, sample, trilha, minuto, what song, song name, name of, who sings, which song,
        bpm, chords, tabs, qual instrumento, ano de, credits, que ano, como se llama, gravadora
    """,
    "lancamento": """
        lanc*, lancamento, previa, single, estreia, estreou, sai quando, quando sai, pre save, teaser,
        data de lancamento, vazou, release*, drop the, coming out, out now, adiad*, prometer*, sair, saiu,
        inedita*, spoiler
    """,
    "clipe_visual": """
        clipe*, videoclipe*, video, fotografia, efeito*, imagem, imagens, cenario, edicao, cameras,
        camera, filmagem, paleta, direcao, colorido, plano sequencia, visual, visuais, mv, visuals,
        cinematograph*, directed, colors, drone, cgi, estetica
    """,
    "clipe_narrativa": """
        historia, roteiro, enredo, narrativa, final do clipe, fim do clipe, personagem, personagens,
        atriz, ator, atores, cena, cenas, segunda parte, parte 2, continuacao, plot, storyline, ending,
        story, spoiler, desfecho, novela
    """,
    "coreografia_danca": """
        coreo*, danca*, dancar, dancarin*, bailarin*, passinho*, passo, passos, rebol*, quebra*, balé,
        bale, dance, danc*, choreo*, moves, baile, coreografo
    """,
    "figurino_estilo": """
        figurino*, look, looks, roupa*, vestido, cabelo*, maquiagem, make, oculos, bone, estilosa,
        estiloso, modelito, bota, jaqueta, salto, outfit*, hair, makeup, dress, clothes, fashion, styling,
        peruca, unha*, tenis, terno, visu
    """,
    "capa_arte": """
        capa*, arte, encarte, ilustra*, fonte da capa, design, thumb*, miniatura, cover art, artwork,
        album cover, poster, cartaz, logo, desenho
    """,
    "bastidores": """
        bastidor*, making of, makingof, documentario, entrevista*, erros de gravacao, ensaio, ensaios, por
        tras, behind the scenes, bts video, vlog, backstage, camarim, diario
    """,
    "show_performance": """
        show, shows, ao vivo, palco, performance, apresentac*, energia, playback, presenca de palco,
        concerto, live, concert, gig, stage presence, cantou ao vivo, dublando, dublag*, entrega no palco,
        festival, vivo, turne
    """,
    "show_som": """
        som do show, som estourad*, som abafad*, som embol*, som ruim, som baixo, som alto, som pessimo,
        som horrivel, microfone, microfonia, caixa de som, caixas de som, acustica do, retorno, som da,
        qualidade do som, nao dava para ouvir, p a, pa, sound system, the sound was, sound, speakers, mic,
        eco
    """,
    "show_repertorio": """
        repertorio, setlist, set list, bis, classicos, tocou so, so tocou, nao tocou, tocaram, tocar,
        toquem, antigas, musicas antigas, encore, lado b, hits, ordem das musicas, deixou de fora, played
    """,
    "show_duracao": """
        durou, duracao do show, 40 minutos, 45 minutos, 50 minutos, uma hora de show, duas horas de show,
        tres horas, show curto, show longo, acabou cedo, horas de show, hour show, minutes show, hours,
        uma hora so, uma hora e
    """,
    "show_pontualidade": """
        atras*, atrasad*, atraso, pontual*, horario, na hora marcada, comecou no horario, comecou tarde,
        esperando, espera, demorou para comecar, duas horas de atraso, late, on time, delay*, que horas
        comeca, que horas, hora marcada, madrugada
    """,
    "show_palco_luz": """
        palco, luz, luzes, ilumina*, telao, teloes, cenografia, cenario, fogos, pirotecn*, laser, led,
        confete, fumaca, passarela, stage, lights, lighting, screen*, pyro, visao do palco, estrobo, grade
    """,
    "show_estrutura": """
        estrutura, banheiro*, agua, cerveja, comida, bebida, estacionamento, estacionar, transporte,
        metro, onibus, uber, acesso, local, arena, estadio, gramado, lama, calor, ventilacao, ar
        condicionado, pista, camarote, arquibancada, bebedouro, lanche, copo, venue, parking, toilet*,
        bathroom*, food, water, guarda volumes, cadeira, cadeiras, lotacao, cobertura, chuva
    """,
    "show_organizacao": """
        organiz*, desorganiz*, fila, filas, seguranc*, revista, credencia*, entrada, portao, portoes,
        abertura dos portoes, tumulto, superlot*, pulseira, equipe, staff, security, queue, line, lines,
        crowd control, produtora, produtores, meia hora na fila, empurra, assalt*, furt*, confusao,
        orientac*
    """,
    "acessibilidade": """
        acessib*, libras, pcd, cadeirante*, cadeira de rodas, surd*, cego*, cegos, deficien*, legenda,
        legendas, legendad*, autista*, autismo, rampa, elevador, audiodescr*, interprete, daltonic*,
        leitor de tela, wheelchair, deaf, subtitles, captions, blind, accessible, muleta, idoso*, letra
        maior, fonte maior
    """,
    "turne_agenda": """
        turne, agenda, datas, cidade, vem para, venha para, vem pra, venham, show em, show aqui, nordeste,
        interior, brasil, portugal, recife, salvador, curitiba, manaus, belem, fortaleza, goiania,
        brasilia, bh, rio, sp, sao paulo, porto alegre, floripa, data extra, tour, come to, dates, city,
        gira, vengan, passa por, proximo show, proximos shows
    """,
    "preco_ingresso": """
        preco do ingresso, ingresso caro, ingressos caros, valor do ingresso, ingresso, ingressos, preco,
        precos, caro, cara, caros, meia, meia entrada, taxa, reais, paguei, barato, custa, valor, lote,
        ticket price, tickets, expensive, worth the money, cobrar, facada, _price_, salgad*, inteira
    """,
    "venda_ingresso": """
        ingresso, ingressos, comprar, compra, comprei, bilheteria, site, fila virtual, cambista*, esgot*,
        esgotou, pre venda, prevenda, venda, vendas, lote, nominal, transferir, qr code, tickets, ticket,
        sold out, presale, scalper*, bots, entradas, carrinho, sympla
    """,
    "reembolso_cancelamento": """
        reembols*, cancelad*, cancelamento, cancelou, cancelaram, cancelar o show, estorn*, devolu*,
        devolver, dinheiro de volta, adiad*, adiou, adiaram, adiamento, remarca*, refund*, cancelled,
        canceled, postponed, money back, devolvem
    """,
    "interacao_publico": """
        interag*, interac*, publico, plateia, fas, conversa*, conversou, desceu, galera, tirou foto, foto
        com, autografo*, atende os fas, respond*, acenou, ignorou, agradeceu, cantou junto, coro, crowd,
        audience, fans, meet, greet, interacts, atencioso, boa noite, oi para, abracou
    """,
    "carisma_artista": """
        carism*, talent*, humilde, humildade, simpat*, maravilhos*, idol*, idolo, artista, rainha, rei,
        diva, genio, mito, lenda, fofo, fofa, melhor cantor*, melhor cantora, mulher, homem, cara, menina,
        moleque, banda, te amo, amo voce, orgulho, queen, king, legend, goat, talented, artist, icon,
        charisma, arrogan*, metid*, antipatic*, sou fa, fa, lindo, linda, gata, idola
    """,
    "polemica_postura": """
        polemic*, postura, conduta, machis*, racis*, homofob*, misogin*, apologia, crime, drogas,
        ofensiv*, preconceit*, agrediu, agress*, violencia, politic*, bolson*, lula, desrespeit*,
        arrogan*, estrel*, vulgar*, baixaria, criancas, imoral, putaria, sexual*, objetific*, traiu,
        traicao, cancelem, processo, acusad*, denuncia, offensive, racist, sexist, abus*, controver*,
        respeito, mau exemplo, exemplo, indecen*, hipocri*, atitude, declarac*, entrevista, polit*
    """,
    "divulgacao": """
        divulg*, midia, radio, radios, tv, alcance, reconhec*, subestimad*, underrated, merecia mais, mais
        views, visualiz*, views, hype, viral*, viralizou, tiktok, trend, marketing, propaganda do disco,
        gravadora nao divulga, billboard, parada, em alta, promot*, promo, label, famos*, estour*, globo,
        novela, milhoes, charts, desconhecid*
    """,
    "merchandising": """
        merch*, camiseta*, camisa*, vinil, vinis, lp, cd, cds, box, poster, caneca, moletom, loja, loja
        oficial, produto, produtos, entrega, chegou, correios, pedido, tamanho, estampa, tecido, encolh*,
        lightstick, photocard*, vinyl, shirt, hoodie, shipping, order, arrived, package, boxset, brinde,
        bone oficial, kit, embalagem, frete
    """,
    "app_usabilidade": """
        app, aplicativo, interface, menu, botao, botoes, tela, layout, navega*, modo escuro, fila de
        reproducao, busca, pesquisa, filtro, filtrar, organizar, pastas, widget, atalho, tela cheia, modo
        carro, alarme, timer, funcao, funcionalidade*, opcao, recurso, intuitiv*, usabil*, ui, ux, button,
        dark mode, feature, search, redesign, sort, crossfade, equalizador, historico, arrastar,
        configurac*, letra pequena, atualizac*, cronometro, biblioteca
    """,
    "app_desempenho": """
        trava, travando, travou, trava*, bug, bugs, bugad*, bugou, lento, lenta, lentid*, carrega*,
        carregando, fecha sozinho, fecha, fechando, crash*, erro, erros, fora do ar, caiu, caindo, cai,
        bateria, consumo, memoria, reinicia*, nao abre, nao toca, para de tocar, para sozinh*, pausa
        sozinh*, sincroniz*, bluetooth, chromecast, android auto, carplay, atualizac*, slow, freez*,
        glitch*, lag, lags, loading, battery, stops playing, keeps, update, congela, instavel, desconecta,
        servidor, rapido, leve
    """,
    "recomendacao_playlist": """
        playlist*, algoritmo, recomend*, sugestoes do, radio do artista, aleatorio, shuffle, descobertas,
        descoberta, mix diario, mix, radar, retrospectiva, wrapped, algorithm, recommend*, discover*,
        autoplay, daylist, repete as mesmas, lista, seleção, indicac*
    """,
    "disponibilidade_catalogo": """
        spotify, deezer, apple music, youtube music, tidal, plataforma, plataformas, streaming, catalogo,
        disponiv*, disponib*, nao tem no, sumiu do, sumiram, retirad*, tiraram, saiu do catalogo,
        removeram, removid*, cinza, indisponiv*, bloquead*, regiao, pais, available, catalog, missing,
        removed, on spotify, gone, amazon, nas plataformas, discografia
    """,
    "download_offline": """
        download*, baixar, baixei, baixad*, baixa, baixando, offline, off line, sem internet, sem wifi,
        dados moveis, cartao sd, mp3, airplane, downloaded, modo aviao, armazenamento, descarg*
    """,
    "letras_sincronizadas": """
        letra sincronizada, letras sincronizadas, sincronizad*, letra no app, letra na tela, letra na
        descricao, letra aparece, letra errada, letra atrasada, letra no video, letra passando, karaoke,
        traducao, traduz*, traduc*, lyrics on, synced lyrics, lyrics feature, translation, letra fora,
        legenda da letra, letras no
    """,
    "qualidade_audio_streaming": """
        qualidade do audio, qualidade de audio, audio, hifi, hi fi, lossless, flac, bitrate, kbps, 320,
        dolby, atmos, alta qualidade, qualidade alta, som do app, chiado no app, compress*, sound quality,
        audio quality, normalizacao, estereo, mono, volume das faixas, graves no app, equaliz*
    """,
    "anuncios": """
        anunci*, propaganda*, publicidade, comercia*, ads, ad, advert*, interromp*, pular anuncio, sem
        anuncio, commercials, anuncio*, patrocin*
    """,
    "preco_assinatura": """
        assinatura*, assinar, assino, assinante*, plano, planos, premium, mensalidade, familia, estudante,
        universitario, aumento, aumentou, reajuste, preco do premium, plano familia, plano duo, gratuit*,
        versao gratis, subscription, monthly, family plan, price, yearly, anual, student, suscripcion,
        trial, teste gratis
    """,
    "cobranca_pagamento": """
        cobranc*, cobrar*, cobrou, cobrando, cobrad*, pagamento, pagar, cartao, pix, boleto, fatura,
        debit*, descont*, duas vezes, duplicad*, cancelei, cancelar, cancelar a assinatura, nota fiscal,
        charged, billing, payment, bill, cancel my, indevid*, renov*, recibo, royalt*, parcel*, cobro,
        tarjeta
    """,
    "login_conta": """
        login, logar, logado, loga, senha, conta, contas, cadastro, entrar na, deslog*, desconect*, e
        mail, email, codigo, verificac*, hacke*, invadi*, perfil, acesso a minha, acessar, recuperar,
        facebook, vincul*, dois fatores, password, account, log in, logged, logout, sign in, hacked,
        contrasena, cuenta, usuario, biometria
    """,
    "atendimento_suporte": """
        atendimento, atendente*, suporte, sac, chat, protocolo, respond*, resposta, ticket aberto,
        chamado, ajuda, reclame aqui, ouvidoria, robo, ninguem responde, support, customer service,
        helpdesk, helpful, response, reply, atencios*, soporte, atencion, resolv*, procon, telefone
    """,
    "spam_divulgacao": """
        meu canal, inscrev*, se inscreve, meu som, minha musica, meu clipe, meu ep, meu perfil, segue,
        sigam, me segue, link na bio, link, divulg*, canal, ouve, ouçam, oucam, artista independente,
        forca, fortalece, sdv, my channel, subscribe, check out, my music, my song, my cover, follow, my
        page, new video, covers, react, gameplay, sigueme, suscribete, mi canal, sou cantor, sou rapper,
        playlist, apoia, sub
    """,
    "spam_venda": """
        vendo, vend*, compre, loja, desconto, cupom, promocao, frete, off, curso, seguidores, servico*,
        entrega, atacado, orcamento, encomend*, revend*, parcel*, aulas, beats a venda, buy, sale, cheap,
        followers, shop, discount, order, selling, ebook, mentoria, tabela, consultoria, preco, produto,
        aluguel, tattoo
    """,
    "spam_golpe": """
        ganhe, ganh*, renda, dinheiro, aposta*, bet, cassino, tigrinho, fortune, bonus, cadastr*, pix,
        premio, iphone, sorteio, emprestimo, cripto, bitcoin, invest*, lucro, trader, whatsapp, telegram,
        clique, acesse, casa, por dia, crypto, earn, money, forex, profit, casino, giveaway, winner,
        claim, free, hot, cam, girls, dating, onlyfans, amarracao, vidente, cartao, limpa nome, hack,
        gana, clonad*, jogo do
    """,
    "spam_corrente": """
        like, likes, curte, curtam, quem concorda, deixa o like, corrente, repasse, repass*, compartilh*,
        envie, copie, cole, jesus, deus, amem, biblia, versiculo, oracao, salvacao, arrepend*, igreja,
        azar, if you, thumbs up, read my, share, copy and paste, god, repent, asdf*, lorem, comenta, nao
        custa nada, aniversario, first, sem likes, ninguem vai, primeiro, receita, voto, vote
    """,
}
"""The keywords of each code: evidence for the linear model, which weighs them."""
