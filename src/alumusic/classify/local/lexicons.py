"""What words tell about a comment's kind, as data: written by hand in Portuguese, with some English and Spanish.

An entry is a folded word, a stem ("lind*") or a phrase ("bem que podia"). Entries are separated by commas.
"""

from typing import Final

POSITIVE: Final = """
bom, boa, bons, boas, otim*, excelen*, maravilh*, perfeit*, lind*, bel*, belissim*, incriv*, sensaciona*,
fantastic*, espetacula*, espetacular*, magnific*, genia*, fenomena*, top, topzera, topissim*, foda,
fodastic*, brab*, braba, monstr*, arras*, amo, amei, amamos, amando, amor, adoro, adorei, adoramos, curti,
curto, gostei, gosto, gostoso*, gostos*, apaixon*, viciad*, vician*, vicio, viciei, obra prima, hino,
hinao, hinos, hit, hitou, classico, lendari*, lenda, mito, rainha, rei, diva, deus*, deusa, maestr*,
genio, talent*, carismatic*, simpatic*, humilde, parabens, obrigad*, gratidao, grat*, valeu, orgulh*,
merece, merecid*, melhor, melhores, emocion*, emocao, arrepi*, arrepiei, chorei, chorando, lagrima*,
inspir*, saudade*, nostalg*, paz, tocou*, tocante, me toca, bencao, abencoa*, glori*, aleluia, gloria a
deus, deus abencoe, impecav*, impressiona*, surpreend*, encant*, delicad*, sublime, poetic*, poesia,
profund*, verdadeir*, sincer*, autentic*, origin*, criativ*, inovador*, unic*, brilh*, ilumin*, show de
bola, massa, daora, da hora, maneiro*, bacana, legal, firmeza, fofo*, fofa*, fofura, gracinh*, gata, gato,
divo, divin*, salvou, salva, consol*, conforto, acalm*, relax*, feliz*, felic*, alegr*, animad*, energ*,
euforic*, sucesso, vencedor*, campea*, favorit*, eterniz*, etern*, insubstituiv*, inesquec*, memorav*,
marcante, marcou, nota 10, nota mil, sem defeitos, zero defeitos, sem palavras, nao tem erro, nao tem pra
ninguem, estourad*, pedrada, pancada, absurdo de bom, surreal, insano, insana, avassalador*, lacr*,
destruiu, entregou tudo, nao paro de ouvir, no repeat, em loop, repeat, loop, viciante, chiclete bom, vale
a pena, valeu a pena, valeu cada, recomend*, pontual, organizad*, rapid*, facil, pratic*, intuitiv*,
resolvido, resolveram, atencios*, educad*, caprich*, impecavel, cristalin*, nitid*, limpinh*, afinad*,
afinadissim*, potente, poderos*, envolvente, contagian*, gostosa, suave, doce, leve, good, great, awesome,
amazing, love, loved, loving, beautiful*, perfect*, best, masterpiece, legend*, queen, king, goat,
underrated, talented, incredible, brilliant, gorgeous, stunning, fire, banger, bop, slaps, slay*, iconic,
goosebumps, chills, favorite, favourite, obsessed, addict*, thank*, proud, wonderful, excellent,
fantastic, vibes, vibe, masterful, heaven*, hermos*, precios*, encanta, me gusta, genial, increible,
excelente, maravillos*, bellisim*, temazo, joya, gracias, te amo, los amo, mejor, que buena, que bueno,
divina, calid*, emocionant*, lindisim*, perfecta, buenisim*
"""

NEGATIVE: Final = """
ruim, ruins, ruinzinh*, pessim*, horriv*, horroros*, terriv*, lixo, porcaria, merda, bosta, droga, chata,
chato, chatos, chatas, chatice, enjoad*, enjoativ*, enjoei, cansativ*, cansei, cansou, cansad*, fraco,
fraca, fracos, fracas, fraquinh*, sem graca, sem sal, sem alma, sem emocao, sem sentido, sem criatividade,
sem inspiracao, sem nexo, sem vida, decepcion*, decepcao, desapont*, frustr*, triste ver, vergonh*,
vexame, constrang*, ridicul*, tosc*, mediocr*, generic*, repetitiv*, repete, monoton*, arrastad*,
sonolent*, da sono, sono, morno, morna, forcad*, artificial, plastico, robotic*, robo, desafin*, gritad*,
gritaria, berr*, barulh*, estridente, abafad*, embolad*, confus*, mal feit*, malfeit*, mal gravad*, mal
mixad*, mal produzid*, amador*, preguic*, desleix*, descaso, desrespeit*, falta de respeito, absurdo,
absurda, palhacada, palhaco, circo, bagunca, caos, caotic*, desorganiz*, lotad*, apertad*, atras*, demor*,
lent*, trav*, bug*, erro, erros, falha*, caiu, cai toda hora, nao funciona, nao abre, nao carrega, nao
toca, nao presta, nao gostei, nao curti, nao rola, nao da, nao consigo, nao aguento, ninguem merece,
ninguem aguenta, odeio, odiei, detest*, nojo, nojent*, nojeira, asco, asquer*, repugn*, vomit*, ofensiv*,
machis*, misogin*, racis*, homofob*, preconceit*, apologia, vulgar*, baixaria, pornograf*, imoral,
indecen*, apelativ*, apelacao, podre, fedor*, imund*, suj*, carissim, caro, cara demais, caros, carissim*,
abusiv*, roub*, ladr*, golp*, enganad*, enganacao, enganos*, mentir*, fraude, indevid*, pior, piores,
piorou, piora*, estrag*, arruin*, destruiram, acabaram com, acabou com, perdeu, perdi meu tempo, perda de
tempo, perdeu a essencia, decaden*, decaiu, ja foi melhor, era melhor, antigamente era, saudade de quando,
morreu, acabou, falido, fracass*, flop*, copia, copiou, copiad*, plagi*, imit*, igual a todas, mais do
mesmo, tudo igual, superestimad*, supervaloriz*, modinha, arrogan*, metid*, soberb*, antipatic*,
grosseir*, gross*, mal educad*, ingrat*, falso, falsa, hipocri*, playback, dublad*, infeliz*, lament*,
lastima*, deprim*, insuport*, irrit*, torturante, tortura, doeu, dor de cabeca, ouvido doi, meus ouvidos,
passo longe, fuja, fujam, evitem, nunca mais, jamais, desisti, desinstal*, cancelei, cancelar, devolv*,
reclam*, procon, nao recomendo, nao vale, nao voltaria, dislike, deslike, esquisit*, estranh*, nada a ver,
sei nao, meh, mé, zoad*, cagad*, cagou, paia, palha, paiero, mixuruca, capenga, meia boca, meia-boca,
furad*, furada, perrengue, sofrivel, deplorav*, inaceitav*, intragav*, inaudiv*, dispensav*,
desnecessari*, cringe, brega demais, vazio, vazia, oca, oco, rasa, raso, pobre, pobrez*, bad, worst,
worse, terrible, horrible, awful, trash, garbage, boring, hate, hated, sucks, suck, annoying, overrated,
mid, disappoint*, disgust*, cringe*, lazy, ugly, shit*, crap, ruined, ruin*, pathetic, unlistenable,
noise, fake, talentless, awful*, lame, weak, waste, crash*, broken, scam*, useless, ripoff, expensive,
refund, glitch*, downgrade, autotuned, malo, mala, feo, fea, peor, basura, aburrid*, odio, estafa,
decepcionant*, pesim*, porqueria, no me gusta
"""

STRONG: Final = """
muito, muita, demais, tanto, tanta, super, mega, ultra, hiper, extremamente, totalmente, completamente,
absurdamente, bem, pra caralho, para caralho, pra cacete, para cacete, pra caramba, para caramba, pra
porra, bagarai, mais, so, very, so much, really, too, muy, bastante, todo, toda, nossa, meu deus, caraca,
caramba, uau, wow, slk, mano do ceu
"""

NEGATOR: Final = """
nao, nem, nunca, jamais, sem, nenhum, nenhuma, ninguem, nada, zero, pouco, pouca, not, no, never, without,
nobody, none, sin, tampouco, deixou de, longe de, falta, faltou, faltando
"""

CONTRAST: Final = """
mas, porem, so que, pena, pena que, entretanto, contudo, todavia, infelizmente, apesar, embora, agora, ja
o, ja a, exceto, menos a, menos o, tirando, but, however, although, except, unfortunately, shame, pity,
pero, lastima, aunque, de resto, fora isso, ainda assim, mesmo assim, no entanto, ate que
"""

QUESTION_WORD: Final = """
qual, quais, quem, quando, onde, aonde, como, quanto, quantos, quanta, quantas, por que, porque, cade,
sera, alguem, what, which, who, when, where, how, why, whose, does, did, anyone, anybody, somebody, cual,
quien, cuando, donde, cuanto, alguien, es cierto
"""

ASKING: Final = """
alguem sabe, alguem pode, alguem tem, alguem conhece, alguem ai, alguem lembra, alguem me, sabe se, sabem
se, sabe dizer, sabem dizer, saberia, saberiam, sabe me, gostaria de saber, queria saber, quero saber,
preciso saber, queria entender, me fala, me diz, me digam, me falem, me explica, me expliquem, explica ai,
pode explicar, podem explicar, tem como, da para, e possivel, eh possivel, como faco, como faz, como que
faz, como eu, como funciona, qual e o, qual o nome, qual a musica, que musica e, nome da musica, nome da,
nome do, que horas, que dia, que ano, que cidade, quanto custa, quanto ta, qual valor, qual o valor, vai
ter, vao ter, tem previsao, previsao de, tem data, ja saiu, ja tem, quando sai, quando lanca, quando vem,
onde compro, onde encontro, onde acho, onde fica, onde posso, onde foi gravad*, e verdade que, vale para,
aceita, aceitam, precisa de, pode entrar, pode levar, criancas pagam, duvida, minha duvida, fiquei na
duvida, tenho uma duvida, curiosidade, fiquei curios*, e impressao minha, significa, significado, quer
dizer, o que quer dizer, se refere a, fala sobre o que, e sobre, e cover, e autoral, e original, e ao
vivo, foi gravad*, quem canta, quem compos, quem escreveu, quem produziu, quem e, quem toca, quem faz, tem
cifra, qual o tom, qual tom, que tom, qual afinacao, qual aplicativo, qual app, qual microfone, qual
programa, usa qual, usam qual, e a mesma, does anyone, anyone know, who is, what is the, what is this, is
this, is there, is it, can i, can you tell, do you know, when is, when does, how do i, how much, where can
i, que significa, alguien sabe, como se llama
"""

SUGGESTING: Final = """
podia, podiam, poderia, poderiam, podem, podiam ter, devia, deviam, deveria, deveriam, devia ter, devia
haver, deveria ter, seria legal, seria bom, seria otimo, seria incrivel, seria lindo, seria interessante,
seria massa, ficaria, cairia bem, caia bem, bem que, bem que podia, que tal, por que nao, e se, sugiro,
sugestao, sugestoes, sugeri*, dica, minha dica, fica a dica, uma ideia, minha ideia, proponho, recomendo
que, peco que, pedimos, peco, pedido, por favor, faz uma, faz um, faca uma, faca um, facam, fazam, faz
mais, grava, grave, gravem, gravem uma, lanca, lancem, lance, lancar uma, coloca, coloquem, coloque, bota,
botem, poe, ponham, traz, tragam, traga, venham, venha para, vem para, vem pra, convida, convidem, chama,
chamem, chame, adiciona, adicionem, adicione, inclui, incluam, incluir, deixa, deixem, deixe, tira, tirem,
tire, muda, mudem, melhorem, arruma, arrumem, corrij*, conserta, consertem, aumenta, aumentem, diminui,
diminuam, volta, voltem, volta com, toca, toquem, disponibilizem, liberem, libera, permitam, permitir,
criem, crie, cria um, precisa de um, precisam de, precisava, faltou, falta um, falta uma, falta o, falta
a, faltou um, faltou uma, falta botao, merecia, merece um, merece uma, merecia um, merecia uma, queria,
queria um, queria uma, queria ver, queria ouvir, queremos, quero um, quero uma, quero ver, gostaria de
ver, gostaria de ouvir, gostaria que, gostaria muito, tomara que, espero que, imagina, imaginem, ja
pensou, ja pensaram, pensem em, pensem, considerem, aceitem, podiam colocar, tem que ter, tinha que ter,
tinham que, tem que fazer, preferia, prefiro que, se fosse, se tivesse, seria melhor, ficava melhor,
ficaria melhor, proxima vez, da proxima, no proximo, please do, please make, please add, please bring,
please come, please release, you should, they should, should have, should add, should do, could you, would
be nice, would love, would be, wish, i wish, needs a, need a, needs more, needs to, add a, bring back,
make a, do a, next time, suggestion, suggest, how about, what if, come to, deberian, deberia, podrian,
podria, ojala, por favor hagan, hagan, saquen, vengan, estaria bueno, falta una, hace falta
"""

PROMOTION: Final = """
inscrev*, se inscreve, se inscrevam, meu canal, no meu canal, meu perfil, no meu perfil, link, link na
bio, link no perfil, na bio, no perfil, segue, sigam, me segue, me sigam, segue la, segue de volta, sdv,
sigo de volta, troco, troca de, divulg*, divulgando, compartilh*, confere, confiram, confira, conheca,
conhecam, acesse, acessa, acessem, clica, clique, cliquem, clica aqui, clique aqui, visite, visitem, ouve
meu, ouve la, ouca meu, escuta meu, escutem meu, meu som, minha musica nova, meu novo, minha nova, meu
primeiro, meu ep, meu clipe, minha pagina, minha loja, nossa loja, nosso canal, nosso grupo, da uma forca,
da uma moral, da uma olhada, forca la, fortalece, fortalecer, apoia, apoiem, ajuda um, ajudem, pequeno
artista, artista independente, sou cantor, sou cantora, sou mc, sou dj, faco beat*, faco cover*,
beatmaker, like, likes, deixa o like, deixe seu like, curte, curtam, quem concorda, quem curte, comenta,
comentem, chega mais, da like, dá like, me da like, nao custa nada, ninguem vai, bora bater, vendo, vende
se, compre, comprem, compra ja, promocao, promo, desconto, off, cupom, frete, frete gratis, gratis,
entrega rapida, a venda, parcel*, oferta, oferta*, atacado, revend*, loja, curso, ebook, e book, apostila,
mentoria, consultoria, orcamento, encomend*, servico*, seguidores, views, plays, streams baratos,
engajamento, impulsion*, ganhe, ganhando, ganhei, renda, renda extra, dinheiro, trabalhe, por dia, por
semana, por mes, lucr*, invest*, bitcoin, cripto*, pix, aposta*, bet, cassino, tigrinho, fortune, slot*,
bonus, cadastr*, sorteio, premio, premiad*, sorteado, iphone, rifa, gratuito, emprestimo, cartao clonad*,
consignado, limpa nome, whatsapp, whats, zap, zapzap, telegram, chama no, chama la, chama inbox, inbox,
direct, dm, manda mensagem, contato, fale comigo, grupo, deus te ama, jesus te ama, jesus esta voltando,
jesus voltara, arrependa*, aceite jesus, aceita jesus, salvacao, versiculo, biblia diz, leia a biblia,
joao num, apocalipse, se ajoelh*, oracao, ore, amarracao, macumba, vidente, tarot, taro, simpatia do amor,
traz de volta, corrente, repasse, repassem, envie para, mande para, copie e cole, se nao repassar, azar,
amem quem, digite amem, amem nos comentarios, subscribe, sub to, sub 4 sub, sub for sub, check out, check
my, my channel, my page, my music, my song, my cover, follow me, click, free, giveaway, win, winner, earn,
money, cash, income, profit, crypto, forex, trader, dm me, text me, onlyfans, cam, hot girls, dating,
visit, discount, promo code, buy, sale, cheap, followers, promote, promotion, promot*, thumbs up, like
this comment, like if, share this, copy and paste, read my name, god bless you all, jesus loves, jesus is,
repent, gospel of, suscribete, suscribanse, mi canal, sigueme, siganme, gana dinero, visita, regalo
"""

SPECTATOR: Final = """
quem veio, quem ta, quem esta, quem mais, quem ai, alguem em, alguem mais, alguem de, alguem aqui,
cheguei, vim pelo, vim pela, vim do, vim por, tiktok, tik tok, reels, novela, trend, serie, filme, views,
visualizac*, milhoes, bilhao, milhao, em alta, top 1, top 10, primeiro, primeira, first, early, presente,
eu em, eu aqui, eu ouvindo, ouvindo em, assistindo em, escutando em, notificacao, minutos, ha anos, anos
atras, minha mae, meu pai, minha vo, meu vo, meu irmao, minha irma, meu primo, meu vizinho, meu tio, minha
tia, meu ex, minha ex, marca, olha ai, lembra, ri, dizem, parece que, ouvi dizer, vi no, li que, separou,
namorad*, casou, casad*, terminou, gravid*, processo, who is here, anyone in, anyone here, who else, came
from, here from, brought me, when he said, when she said, pov, me:, nobody:, plot twist, fun fact, quien
mas, quien vino, kkk
"""

DEFECT: Final = """
quase nao, nao aparece, nao se ouve, nao da para ouvir, nao da para entender, some, sumiu, sumiram,
sumindo, cortaram, cortou, corta, falhou, falhando, apagad*, baixo demais, alto demais, muito alto, muito
baixo, muito curto, muito curta, muito longo, muito longa, curta demais, longa demais, tudo igual, mesma
coisa, mesmo de sempre, de novo isso, outra vez, toda hora, toda vez, o tempo todo, ate hoje, ainda nao,
nunca chegou, nao chegou, nao veio, nao responde, nao respondem, ninguem responde, ninguem explicou,
ninguem avisou, sem aviso, sem resposta, sem som, sem luz, sem agua, sem banheiro, sem saida, sem sombra,
mal da, mal deu, mal se, durou, so durou, apenas, so tocou, nao tocou, tocou so, esqueceu a letra, errou,
erraram, parece que gravaram, parece gravado, parece feito, feita no, feito no, gravado no celular,
gravado no banheiro, gravado num balde, parece um, parece uma, parecia, soa como, soa igual, lembra
demais, igualzinh*, identic*, copia e cola, o mesmo, a mesma, mesmos, mesmas, fila, filas, horas de fila,
em pe, debaixo de chuva, debitaram, cobraram, descontaram, cobrando, fecha sozinho, fechando sozinho,
reinicia, pula, pulando, consome, descarrega, gasta, esquenta, atualizacao, depois da atualizacao, desde a
atualizacao, dobrou, aumentou, subiu o preco, ficou mais caro, taxa, hoje em dia, essa geracao, esta
geracao, no meu tempo, antigamente, musica de verdade, isso e musica, isso nao e, chamam isso, isso ai e,
onde vamos parar, fim dos tempos, brasil acabou, so fala de, so falam de, so sabe, so sabem, que isso, pra
que isso, para que isso, parabens aos envolvidos, nota zero, nota 0, zero estrelas, uma estrela, quiet,
too loud, too long, too short, cant hear, can not hear, barely, hardly, sounds like, same beat, every
song, nowadays, this generation, what happened to, used to be, keeps crashing, keeps, no longer, stopped
working, charged twice, charged me, since the update, after the update
"""

ROUGH: Final = """
caralho, porra, puta, puta que pariu, pqp, cacete, merda, foda, foder, fodeu, fudeu, buceta, cu,
desgraca*, diabo, inferno, maldit*, demonio, fuck*, fucking, shit, damn, hell, joder, carajo, verga, filho
da puta, vai tomar no cu, vai se foder, arrombad*, misericordia
"""

PERSONAL: Final = """
eu, me, meu, minha, meus, minhas, mim, comigo, nos, nosso, nossa, i, my, mi, yo, mis
"""

PLEASING_ADDRESS: Final = """
voce, voces, vc, seu, sua, seus, suas, you, your, te, teu, tua, tu
"""

RELIGION: Final = """
deus, jesus, senhor, cristo, biblia, amem, gloria, aleluia, espirito santo, igreja, louvor, louva*,
ungid*, uncao, fe, oracao, pecado, salvador, god, lord, jesus christ, dios
"""

GOING_ON: Final = """
antes, depois, ontem, hoje, amanha, semana, mes, ano, anos, dias, dia, horas, hora, vez, vezes, sempre,
nunca
"""

CUES: Final = {
    "strong": STRONG,
    "contrast": CONTRAST,
    "question_word": QUESTION_WORD,
    "asking": ASKING,
    "suggesting": SUGGESTING,
    "promotion": PROMOTION,
    "spectator": SPECTATOR,
    "defect": DEFECT,
    "rough": ROUGH,
    "personal": PERSONAL,
    "address": PLEASING_ADDRESS,
    "religion": RELIGION,
    "time": GOING_ON,
}
"""Lists that are counted as they are; polarity and negation are read with a window."""
