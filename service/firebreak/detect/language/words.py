"""Words that every text of a language is full of: articles, pronouns, prepositions, forms of to be.

Facts of the languages, put together by hand. A word of several languages counts for each.
"""

_LISTS = {
    "en": (
        "i a the of and to is that it for was on are with as his they at this have from or had by but what were"
        " when your can said there an which how if will then them would like these has her him could been did my"
        " who its now than you do does i'm don't we he she not be should about any please me need want make write"
        " tell get go"
    ),
    "de": (
        "der die das und ist nicht ein eine einen einem einer zu den dem des mit für auf von sich auch es im ich"
        " du er wir ihr sie wie was oder aber wenn nur noch nach bei aus als dass daß kann wird werden haben hat"
        " war sind bin bitte mir mich dir dich uns mein meine dein deine alle keine kein über durch wurde zum zur"
        " vom am um diese dieser dieses welche warum wo gibt soll"
    ),
    "fr": (
        "le la les des un une et est dans que qui pour pas sur ce il elle nous vous ils avec par au aux du ne se"
        " sont mais ou où cette ces son sa ses plus je tu mon ma mes ton ta tes votre vos notre leur être avoir"
        " fait c'est qu'il d'un d'une j'ai n'est comment quel quelle quels toutes tous si en y"
    ),
    "es": (
        "el la los las un una unos de que y en es por con para no se su al lo como más pero sus le ya o este sí"
        " porque esta entre cuando muy sin sobre también me hasta hay donde quien desde todo nos durante todos uno"
        " les ni contra otros ese eso ante ellos del mi tu ser son está qué cómo tiene puede"
    ),
    "it": (
        "il lo la i gli le un una di che e è in per non con sono mi si da del della dei delle nel nella al alla"
        " come ma ho ha hai questo questa anche più se io tu lui lei noi voi loro cosa perché quando dove chi"
        " essere stato degli dal dalla sul sulla tutti tutte quale puoi suo sua"
    ),
    "pt": (
        "o a os as um uma de que e do da em no na não para com por se dos das mais como mas ao ele ela é são seu"
        " sua ou quando muito nos já eu também só pelo pela até isso entre era depois sem mesmo aos ter seus quem"
        " nas me esse eles está você tinha foram essa num nem suas meu às minha têm numa pode qual"
    ),
    "nl": (
        "de het een en van ik te dat die in is niet zijn op aan met als voor er maar om hem dan zou of wat mijn"
        " men dit zo door over ze zich bij ook tot je mij uit der daar haar naar heb hoe heeft hebben deze u want"
        " nog zal me zij nu ge geen omdat iets worden toch al waren veel meer doen toen moet ben zonder kan hun"
    ),
    "sv": (
        "och det att i en jag hon som han på den med var sig för så till är men ett om hade de av icke mig du"
        " henne då sin nu har inte hans honom skulle hennes där min man ej vid kunde något från ut när efter upp"
        " vi dem vara vad över än dig kan sina här ha mot alla under någon eller allt mycket sedan ju denna"
    ),
    "da": (
        "og i jeg det at en den til er som på de med han af for ikke der var mig sig men et har om vi min havde"
        " ham hun nu over da fra du ud sin dem os op man hans hvor eller hvad skal selv her alle vil blev kunne"
        " ind når være dog noget ville jo deres efter ned skulle denne end dette mit også under have dig kan"
        " hvordan kun bliver meget nogle kom"
    ),
    "no": (
        "og i jeg det at en et den til er som på de med han av ikke der så var meg seg men ett har om vi min mitt"
        " ha hadde hun nå over da ved fra du ut sin dem oss opp man kan hans hvor eller hva skal selv her alle vil"
        " bli ble blitt kunne inn når være kom noen noe ville dere deres kun ja etter ned skulle denne for deg si"
        " mine sine hvordan veldig blir"
    ),
    "fi": (
        "ja on ei se että hän oli mutta niin kuin olen ovat joka mitä minä sinä me te he tämä myös voi kun jos"
        " vain ole en sen tai nyt mikä miten kaikki mukaan hänen siitä jotka olisi sitä tässä minun sinun ovatko"
        " jo vielä sekä kanssa"
    ),
    "pl": (
        "i w na z do się nie że to jest o jak a po co tak za od jego ale czy dla już jej był przez są może być"
        " tylko ich który która które tym przed jeszcze było mnie mi ja ty on ona my wy oni jako bardzo gdy gdzie"
        " kiedy ten ta te tego wszystko wszystkie"
    ),
    "cs": (
        "a se v na je že to s z do o si jako jsem jsou ale po za by k ve co tak byl od jeho i při pro podle který"
        " která které nebo jen už až být bylo byla ještě není jak však má mezi než jsme jste ten ta tento tato"
        " může když kde proč všechny"
    ),
    "hu": (
        "a az és hogy nem is egy ez azt van de csak meg már még ha volt mint el kell ki mert minden lesz vagy ő"
        " én te mi ti ők mit ezt neki most így nagyon itt ott lehet volna vannak majd után szerint akkor olyan ami"
        " aki"
    ),
    "ro": (
        "și în de la cu pe este nu că o un pentru care din a mai sunt să ce se au ca al fi lui dar am prin sau"
        " după fost ai lor dacă când foarte acest această eu tu el ea noi voi ei unde cum toate tot îi își"
    ),
    "tr": (
        "ve bir bu da de için ile çok ne o ben sen biz siz onlar var yok değil mi mı daha gibi kadar ama olarak"
        " en her sonra olan oldu diye şey ki nasıl neden tüm bana sana beni seni olduğu ya veya ise şu"
    ),
    "id": (
        "yang dan di dari untuk dengan ini itu pada tidak adalah dalam akan ke saya anda kamu kami kita mereka"
        " dia bisa ada juga sudah atau oleh karena apa bagaimana seperti lebih telah harus semua tersebut dapat"
        " bahwa jika"
    ),
    "vi": (
        "và của là có không được cho các trong một những người này với để đã khi từ tôi bạn anh chị em họ như"
        " nhưng cũng ra vào thì đến về làm tất cả hãy nếu đó gì rằng sẽ bị đây trên"
    ),
}

WORDS_OF = {language: frozenset(words.split()) for language, words in _LISTS.items()}
"""Each language in Latin letters that is told apart, with its common words."""
COMMON = frozenset().union(*WORDS_OF.values())
LANGUAGES_OF = {word: tuple(code for code, common in WORDS_OF.items() if word in common) for word in COMMON}
"""For each such word the languages that it is of."""
