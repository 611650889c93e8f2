"""Evidence: whether letters say something in a language, or would if they were rewritten.

Rewritings that any text allows (reversed, shifted by some letters, digits for letters) are made only where this
module's words turn up: the commonest ones of English, and those that orders to a model are made of.
"""

import re
from collections.abc import Iterable

_COMMON = (
    "the and that have for not with you this but his from they say her she will one all would there their what out "
    "about who get which when make can like time just him know take people into year your good some could them see "
    "other than then look only come over think also back after use two how our work first well way even new want "
    "because any these give day most are was were been has had did does should must may here where why more very "
    "following please write tell show sentence letter letters help need information"
)
_ORDERS = (
    "ignore ignored disregard forget override overrule bypass bypassing previous prior above earlier all instruction "
    "instructions rules rule guidelines guideline restrictions restriction policy policies safety filter filters "
    "system prompt prompts reveal print output repeat display expose leak secret secrets password passwords "
    "credentials credential token tokens developer mode jailbreak jailbroken unrestricted uncensored pretend act "
    "assistant execute command commands delete drop database admin root send email transfer exfiltrate disable "
    "hidden message context initial everything anything without limits answer response respond user model "
    "malware ransomware virus exploit weapon bomb explosive explosives poison drugs kill hack hacking steal attack "
    "illegal harmful dangerous private confidential file files account bank money payment upload download curl "
    "ignoriere ignorieren vergiss anweisungen vorherigen regeln geheim passwort ignora instrucciones anteriores "
    "olvida reglas ignorez instructions precedentes oubliez consignes"
)
WORDS = frozenset(f"{_COMMON} {_ORDERS}".split())
"""Lower-case words that are looked for in rewritten text."""

_ROWS = (
    "abcdgiklmnprstuvy baeiloruy cacehiklortu dadeiorsu eacdefgilmnoprstvwxy faefiloru gaehiorsu haeiortu "
    "iabcdefgklmnoprstvz kein ladeilostuy mabeimopuy nacdefgiknostuvy obcdfgiklmnoprstuvw paehiloprstu qu "
    "racdegiklmnorstuvy sacehikopstu taehiloprstuy uabcdegilmnprst vaeio waehio xpt yeops ze"
)
_PAIRS = frozenset(row[0] + second for row in _ROWS.split() for second in row[1:])
"""The 240 commonest pairs of letters in English, German, French, Spanish and Italian documentation and chat."""

MIN_SHARE = 0.7  # of pairs that are common: 99 of 100 stretches of 40 characters of these languages, 1 of 100 at random
MIN_PAIRS = 5
MIN_LETTERS = 0.6  # of characters that are letters, blanks counted as such
_LETTERS = re.compile("[a-z]+")
_STRANGE = re.compile(r"[^\W\d_a-z]")
_SPLIT = re.compile("|".join(sorted((word for word in WORDS if len(word) > 2), key=lambda w: (-len(w), w))))
MIN_LETTERED = 12  # characters
MOSTLY = 0.85
SAMPLE = 400  # characters that are looked at
LONG_WORD, MIN_LONG = 5, 2  # letters; words of so many


def share(text: str) -> float:
    """How many of its pairs of letters are common ones, 0..1; 0 where there are too few pairs."""
    text = text[:SAMPLE].lower()
    pairs = [word[at : at + 2] for word in _LETTERS.findall(text) for at in range(len(word) - 1)]
    return sum(pair in _PAIRS for pair in pairs) / len(pairs) if len(pairs) >= MIN_PAIRS else 0.0


def natural(text: str) -> bool:
    """Whether the text looks like words: of a language with Latin letters, or mostly of another script's letters."""
    text = text[:SAMPLE].lower()
    blanks = text.count(" ") + text.count("\n")
    plain = sum(map(len, _LETTERS.findall(text)))
    strange = len(_STRANGE.findall(text))
    if plain + strange + blanks < MIN_LETTERS * len(text):
        return False
    return share(text) >= MIN_SHARE or strange > max(plain, 4)


def lettered(text: str) -> bool:
    """Whether the text is small letters and blanks and little else: words perhaps, in some other spelling."""
    small = sum(map(len, _LETTERS.findall(text[:SAMPLE]))) + text.count(" ", 0, SAMPLE)
    return len(text) >= MIN_LETTERED and small >= MOSTLY * min(len(text), SAMPLE)


def known(text: str) -> frozenset[str]:
    """Its words that are in `WORDS`."""
    return WORDS.intersection(_LETTERS.findall(text.lower()))


def telling(words: Iterable[str]) -> bool:
    """Whether two of these known words are long: one may come of anything, and short ones do."""
    return sum(len(word) >= LONG_WORD for word in words) >= MIN_LONG


def parted(text: str) -> str:
    """Words that were written without blanks, set apart where they are known: `ignoreall` as `ignore all`."""
    return " ".join(_SPLIT.sub(lambda found: f" {found[0]} ", text).split())
