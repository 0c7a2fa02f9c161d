"""How listeners spell on the internet: abbreviations and emoji, as data."""

from typing import Final

_EXPANSIONS: Final = """
vc voce | vcs voces | ce voce | oce voce | ocê voce | cê voce | c voce | pq porque | pk porque | pqe porque
q que | qq qualquer | oq o que | oque o que | mt muito | mto muito | mta muita | mtos muitos | mtas muitas | mui muito
mó mo | tb tambem | tbm tambem | tmb tambem | n nao | nn nao | nao nao | naum nao | ñ nao | num nao | eh e
pra para | pro para o | pras para as | pros para os | p para | pa para | td tudo | tds todos | tdo tudo | blz beleza
vlw valeu | obg obrigado | obgd obrigado | obgda obrigada | brigado obrigado | brigada obrigada | pfv por favor
pfvr por favor | pfvzinho por favor | plmdds pelo amor de deus | plmds pelo amor de deus | mds meu deus
slc se e louco | slk se e louco | krl caralho | crl caralho | carai caralho | caraio caralho | krai caralho
krlh caralho | crlh caralho | dms demais | dmais demais | dimais demais | msm mesmo | msmo mesmo | hj hoje
cmg comigo | ctg contigo | ngm ninguem | ninguem ninguem | nguem ninguem | algm alguem | alguem alguem
alguen alguem | qnd quando | qdo quando | qndo quando | qto quanto | qts quantos | qro quero | kd cade
nss nossa | msc musica | musga musica | muzica musica | msca musica | mscs musicas | sdds saudades | sdd saudade
gnt gente | gt gente | tmj tamo junto | dnv de novo | dnovo de novo | vdd verdade | mlk moleque | mlq moleque
mano mano | mn mano | pprt papo reto | fdp filho da puta | vsf vai se foder | vtnc vai tomar no cu | pdc pode crer
tlgd ta ligado | tlg ta ligado | sla sei la | slá sei la | tipo tipo | aki aqui | akela aquela | akele aquele
eu eu | axo acho | axei achei | naum nao | nd nada | p/ para | c/ com | s/ sem | cm com | cmo como | cm como
bjs beijos | bj beijo | abs abraco | abç abraco | fvr favor | qm quem | qlqr qualquer | qlq qualquer | qse quase
dps depois | dpois depois | agr agora | ent entao | entao entao | pse pois e | sqn so que nao | sqñ so que nao
ta esta | tá esta | to estou | tou estou | tava estava | tavam estavam | tao estao | né ne | neh ne
ngc negocio | vei velho | véi velho | veio veio | pow po | flw falou | vms vamos | bora bora | cntr contra
perfect perfeito | perfeitooo perfeito | lindaaa linda | horrivi horrivel | pessimu pessimo
u you | ur your | r are | pls please | plz please | plss please | thx thanks | ty thank you | tysm thank you so much
tho though | idk i dont know | omg oh my god | wtf what the fuck | bc because | cuz because | coz because
gonna going to | wanna want to | gotta got to | aint is not | dont do not | doesnt does not | didnt did not
cant can not | wont will not | isnt is not | wasnt was not | im i am | ive i have | its it is | thats that is
whats what is | wheres where is | whos who is | lets let us | yall you all | b4 before | luv love | sub sub
xq porque | xfa por favor | tqm te quiero mucho | d de | k que
"""

ABBREVIATIONS: Final[dict[str, tuple[str, ...]]] = {
    words[0]: tuple(words[1:])
    for line in _EXPANSIONS.strip().splitlines()
    for entry in line.split("|")
    if (words := entry.split())
} | {
    "don't": ("do", "not"),
    "doesn't": ("does", "not"),
    "didn't": ("did", "not"),
    "can't": ("can", "not"),
    "won't": ("will", "not"),
    "isn't": ("is", "not"),
    "wasn't": ("was", "not"),
    "aren't": ("are", "not"),
    "couldn't": ("could", "not"),
    "wouldn't": ("would", "not"),
    "shouldn't": ("should", "not"),
    "ain't": ("is", "not"),
    "i'm": ("i", "am"),
    "i've": ("i", "have"),
    "i'd": ("i", "would"),
    "i'll": ("i", "will"),
    "it's": ("it", "is"),
    "that's": ("that", "is"),
    "what's": ("what", "is"),
    "where's": ("where", "is"),
    "who's": ("who", "is"),
    "let's": ("let", "us"),
    "there's": ("there", "is"),
}
"""What a folded word stands for; words that stand for themselves are not here."""

_EMOJI: Final = {
    "_pos_": (
        "❤♥🧡💛💚💙💜🖤🤍🤎💗💖💕💓💞💘💝💟❣😍🥰😘😻🤩😊☺🙂😀😃😄😁😇🤗🔥👏👍👌🙌💯⭐🌟✨💫🏆👑💎🎉🎊🥳"
        "🫶🤟🤘💪✅🌹💐🌻😎🙏🏅🥇🫡🤌🦋🌈💋"
    ),
    "_neg_": ("👎🤮🤢😡😠🤬💩🙄😒😑😐😤🥱😴🤦😬🤡🚮❌⛔😖😣😩😫🥴🤥☠🗑😾😕☹🙁😞😟😦😧😨👿😈🖕💤"),
    "_laugh_": "😂🤣😹😆😅💀",
    "_cry_": "😭😢🥺😿💔🥹😪😥😔😓",
    "_promo_": "👉👇🔗💰💵💸🤑📲📱📩📧🛒🎁🚨📢📣🔔⬇➡🔴🆓💳🎰🎲🍑🔞💲📈🤝🆕⚠☎📞🔝♻⏰",
    "_think_": "🤔🧐❓❔⁉🤨🤷",
    "_music_": "🎵🎶🎸🎤🎧🎹🥁🎷🎺🎻🪗🎼💃🕺🎙🪕📀💿",
    "_wow_": "😱😮😲🤯👀😯😳🫢🤭🫠🙃😏😉😜🤪😋",
}
EMOJI_TOKENS: Final = {character: token for token, characters in _EMOJI.items() for character in characters}
"""The token an emoji becomes; emoji that are not here become one of their own."""
