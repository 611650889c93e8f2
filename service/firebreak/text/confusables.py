"""Confusables: characters that look like an ASCII one and that NFKC leaves alone, from their names and UTS 39's method.

`LETTERS` belong to scripts that people honestly write (Cyrillic, Greek, Armenian, Cherokee, Coptic, Lisu), so they are
folded only where the text around them is Latin. `ALWAYS` are signs and styled Latin letters, folded anywhere.
UTS 39's own table adds what this one lacks; where both have a character, this one holds (it knows capitals).
"""

from firebreak.text.uts39 import BETWEEN as _BETWEEN
from firebreak.text.uts39 import CASED, STYLED
from firebreak.text.uts39 import LONG as _LONG

_LETTERS = (
    ("3", "ɜЗзҘҙӠӡ"),
    ("4", "Ꮞ"),
    ("A", "ΆΑАӐӒӔᎪἈἉἊἋἌἍἎἏᾺⲀꓮ"),
    ("B", "ΒВᏰᏴⲂꓐ"),
    ("C", "СҪᏟⲤꓚ"),
    ("D", "Ꭰꓓ"),
    ("E", "ΈΕЀЁЕԐᎬἘἙἚἛἜἝῈⲈꓰ"),
    ("F", "ϜҒꓝ"),
    ("G", "ԌᏀᏩᏪᏫᏯᏳᏻꓖ"),
    ("H", "ΉΗНҢҤӇᎻⲎꓧ"),
    ("I", "ΊΙΪІЇἸἹἺἻἼἽἾἿῚⲒꓲ"),
    ("J", "ͿЈᎫꓙꭻ"),
    ("K", "ΚКҚҜҞҠӃᏦⲔꓗ"),
    ("L", "ԼᏞꓡ"),
    ("M", "ΜϺМᎷⲘꓟ"),
    ("N", "ΝⲚꓠ"),
    ("O", "ΌΟОѲӦӨӪՕὈὉὊὋὌὍῸⲞꓳ"),
    ("P", "ΡРҎᎵᏢⲢꓑ"),
    ("Q", "Ԛ"),
    ("R", "ᎡᏒꓣ"),
    ("S", "ЅՏᏕᏚꓢ"),
    ("T", "ΤТҬᎢⲦꓔ"),
    ("U", "Սꓴ"),
    ("V", "ѴᏙꓦ"),
    ("W", "ԜᎳᏔⲰꓪ"),
    ("X", "ΧХҲӼӾⲬꓫ"),
    ("Y", "ΎΥΫЎУҮҰӮӰӲᎩᎽⲨꓬ"),
    ("Z", "ΖᏃⲌꓜ"),
    ("a", "άαаӑӓӕἀἁἂἃἄἅἆἇὰᾳⲁꭺ"),
    ("b", "βЬвьᏏⲃ"),
    ("c", "ςсҫⲥꮯ"),
    ("d", "ԁᏧꭰ"),
    ("e", "έεеѐёҽԑἐἑἒἓἔἕὲⲉ"),
    ("f", "ғ"),
    ("g", "ԍց"),
    ("h", "нңҥҺһӈհᏂⲏꮋ"),
    ("i", "ΐίιϊіїᎥἰἱἲἳἴἵἶἷὶῐῑⲓ"),
    ("j", "ϳјյ"),
    ("k", "κкқҝҟҡӄⲕꮶ"),
    ("l", "Ӏӏլꮮ"),
    ("m", "мⲙꮇ"),
    ("n", "ήηՈոⲛ"),
    ("o", "οσόоѳӧөӫօὀὁὂὃὄὅὸⲟ"),
    ("p", "ρрҏⲣꮲ"),
    ("q", "ԛգզք"),
    ("r", "гӷꭱꮁ"),
    ("s", "ѕꮪ"),
    ("t", "τтҭⲧ"),
    ("u", "ΰυϋսὐὑὒὓὔὕὖὗὺῠῡ"),
    ("v", "νѵꙋꮩ"),
    ("w", "ωώѡѼѿԝⲱꮃ"),
    ("x", "χхҳӽӿⲭ"),
    ("y", "γύуўүұӯӱӳⲩ"),
    ("z", "ⲍꮓ"),
)

_ALWAYS = (
    ("\n", "\u0085\u2028\u2029"),
    (" ", "\u1680\u180e"),
    ("!", "ǃⵑ"),
    ('"', "ʺˮ\u201c\u201d\u201e\u201f\u275d\u275e\u301d\u301e"),
    ("'", "ʹʻʼʽˈˊˋ\u2018\u2019\u201a\u201b\u2032\u2035\u275b\u275cꞌ"),
    ("(", "\u2768\u2772\u3014\ufd3e"),
    (")", "\u2769\u2773\u3015\ufd3f"),
    ("*", "\u204e\u2217\u2731"),
    ("-", "\u02d7\u2010\u2012\u2013\u2043\u2014\u2015\u2212\u2796Ⲻ"),
    (".", "\u2e33ꓸꓺ\ua60e"),
    ("/", "\u1735\u2044\u2215\u2571\u27cb\u29f8Ⳇ"),
    ("0", "\u24ff"),
    ("1", "\u24f5\u2776\u2780\u278a"),
    ("2", "\u24f6\u2777\u2781\u278b"),
    ("3", "\u24f7\u2778\u2782\u278c"),
    ("4", "\u24f8\u2779\u2783\u278d"),
    ("5", "\u24f9\u277a\u2784\u278e"),
    ("6", "\u24fa\u277b\u2785\u278f"),
    ("7", "\u24fb\u277c\u2786\u2790"),
    ("8", "\u24fc\u277d\u2787\u2791"),
    ("9", "\u24fd\u277e\u2788\u2792"),
    (":", "ː\u02f8\u16ec\u2236ꓽ\ua789"),
    (";", "\u204f"),
    ("<", "\u02c2ᐸ\u2039\u276e"),
    (">", "\u02c3ᐳ\u203a\u276f"),
    ("?", "ʔ\u203d"),
    ("A", "\U0001f150\U0001f170"),
    ("B", "\U0001f151\U0001f171"),
    ("C", "\U0001f152\U0001f172"),
    ("D", "\U0001f153\U0001f173"),
    ("E", "\U0001f154\U0001f174"),
    ("F", "\U0001f155\U0001f175"),
    ("G", "\U0001f156\U0001f176"),
    ("H", "\U0001f157\U0001f177"),
    ("I", "Ɪ\U0001f158\U0001f178"),
    ("J", "\U0001f159\U0001f179"),
    ("K", "\U0001f15a\U0001f17a"),
    ("L", "\U0001f15b\U0001f17b"),
    ("M", "\U0001f15c\U0001f17c"),
    ("N", "\U0001f15d\U0001f17d"),
    ("O", "\U0001f15e\U0001f17e"),
    ("P", "\U0001f15f\U0001f17f"),
    ("Q", "\U0001f160\U0001f180"),
    ("R", "\U0001f161\U0001f181"),
    ("S", "\U0001f162\U0001f182"),
    ("T", "\U0001f163\U0001f183"),
    ("U", "\U0001f164\U0001f184"),
    ("V", "\U0001f165\U0001f185"),
    ("W", "\U0001f166\U0001f186"),
    ("X", "\U0001f167\U0001f187"),
    ("Y", "\U0001f168\U0001f188"),
    ("Z", "\U0001f169\U0001f189"),
    ("\\", "\u2216\u27cd\u29f5\u29f9"),
    ("a", "ɑᴀ"),
    ("b", "ʙ"),
    ("c", "ᴄ"),
    ("d", "ᴅ"),
    ("e", "ᴇ"),
    ("f", "ꜰ"),
    ("g", "ɡɢ"),
    ("h", "ʜ"),
    ("i", "ɩɪ"),
    ("j", "ᴊ"),
    ("k", "ᴋ"),
    ("l", "Ɩʟ"),
    ("m", "ᴍ"),
    ("n", "ɴ"),
    ("o", "ᴏ"),
    ("p", "ᴘ"),
    ("q", "ꞯ"),
    ("r", "ʀ"),
    ("s", "ꜱ"),
    ("t", "ᴛ"),
    ("u", "ᴜ"),
    ("v", "ᴠ"),
    ("w", "ᴡ"),
    ("y", "ʏ"),
    ("z", "ᴢ"),
    ("{", "\u2774"),
    ("|", "ǀ\u2223\u23fd\u2758\u2759ⵏ"),
    ("}", "\u2775"),
    ("~", "\u223c\u301c"),
)

LETTERS = {ord(look): plain for plain, looks in (*CASED, *_LETTERS) for look in looks}
"""Code point of a letter to the ASCII letter it resembles."""

TWINS = "асеорхуіјѕһԁԛԝӏАВСЕНІЈКМОРЅТХУԌԜԚҮονϳΑΒΕΖΗΙΚΜΝΟΡΤΥΧօոսհՏՍՕԼᎠᎡᎢᎥᎪᎫᎬᎳᎷᎻᏃᏎᏏᏔᏙᏚᏞᏟᏢᏦ"
"""The letters of `LETTERS` that nobody can tell from ASCII: a word of these alone may be a Latin word in disguise."""

ALWAYS = {ord(look): plain for plain, looks in (*STYLED, *_ALWAYS) for look in looks}
"""Code point of a sign or a styled Latin letter to its plain form."""

BETWEEN = {ord(look): plain for plain, looks in _BETWEEN for look in looks}
"""Code point of what is honest nearly everywhere, but not between two Latin letters."""

LONG = {look: plain for plain, looks in _LONG for look in looks}
"""Characters that resemble several."""

_FLAGS = {
    "A": "CDEFGILMOQRSTUWXZ",
    "B": "ABDEFGHIJLMNOQRSTVWYZ",
    "C": "ACDFGHIKLMNOPQRUVWXYZ",
    "D": "EGJKMOZ",
    "E": "ACEGHRSTU",
    "F": "IJKMOR",
    "G": "ABDEFGHILMNPQRSTUWY",
    "H": "KMNRTU",
    "I": "CDELMNOQRST",
    "J": "EMOP",
    "K": "EGHIMNPRWYZ",
    "L": "ABCIKRSTUVY",
    "M": "ACDEFGHKLMNOPQRSTUVWXYZ",
    "N": "ACEFGILOPRUZ",
    "O": "M",
    "P": "AEFGHKLMNRSTWY",
    "Q": "A",
    "R": "EOSUW",
    "S": "ABCDEGHIJKLMNORSTVXYZ",
    "T": "ACDFGHJKLMNORTVWZ",
    "U": "AGMNSYZ",
    "V": "ACEGINU",
    "W": "FS",
    "X": "K",
    "Y": "ET",
    "Z": "AMW",
}

FLAGS = frozenset(first + second for first, seconds in _FLAGS.items() for second in seconds)
"""Pairs of regional indicators that are flags: those that Unicode's emoji data recommends."""

INDICATORS = {0x1F1E6 + n: chr(0x41 + n) for n in range(26)}
"""Code point of a regional indicator to its letter."""
