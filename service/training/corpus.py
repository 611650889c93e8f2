"""The texts to learn from: the shared training data and what the generators write.

Two questions are asked of every text, one for each head of the model: is it an attack when the user, the system or
the assistant says it, and is it one in a tool's result or a document? An order to a model is a fair request in
the first place and suspicious in the second; None means that the question is not asked of this text.
"""

import gzip
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from pathlib import Path
from random import Random
from typing import TypeAlias

from training import languages, written
from training.carriers import CARRIERS, Maker, Placed, dressed
from training.embedded import places
from training.example import NATURAL_WEIGHT, Example, reading
from training.grammar import Grammar

GRAMMARS = (
    *("words", "direct", "situations", "indirect", "tasks", "languages"),
    *("harmless", "everyday", "everyday_worlds", "everyday_languages", "roleplay", "work", "carriers", "mails"),
    *languages.FILES,
)
SHORT = 600  # characters up to which a text is taken for an order that can stand in a document
TYPOS = 0.06  # share of generated attacks with a slip of the keyboard

# What in the shared data is no document: requests to a model. In a tool's result they are not judged.
REQUESTS = frozenset(
    (
        "clinc_train",
        "gpteacher_roleplay",
        "cse_instruct",
        "selfinstruct_seed",
        "awesome_prompts",
        "gpteacher_toolformer",
        "tau_retail_train_user",
    )
)
PROSE = ("docs_train", "gpteacher_roleplay_resp", "docs_train_zh", "bipia_ctx_code", "bipia_ctx_email")
EMBEDDED = "bipia_train_embedded"
LONG = (
    *("f_persona", "f_persona2", "f_fiction", "f_nested", "f_suppress", "f_prefix"),
    *("f_many", "f_turns", "f_config", "p_harmful"),
)

DIRECT = {
    "f_override": 1600,
    "f_hijack": 700,
    "f_newrole": 800,
    "f_voices": 900,
    "f_extract": 1500,
    "f_suppress": 600,
    "f_persona": 1100,
    "f_modes": 700,
    "f_fiction": 500,
    "f_split": 350,
    "f_complete": 500,
    "f_guard": 1000,
    "f_pressure": 600,
    "f_situation": 2600,
    "f_indirect": 2400,
    "f_person": 700,
    "f_chat": 800,
    "f_gpts": 500,
    "f_config": 700,
    "f_persona2": 600,
    "f_nested": 350,
    "f_prefix": 350,
    "f_smuggle": 600,
    "f_many": 250,
    "f_turns": 250,
    "f_access": 700,
    "f_bribe": 700,
    "f_orders2": 1300,
    "p_harmful": 150,
}
"""How many attacks in the user's voice are written of each family."""
INDIRECT = {
    "f_task": 1800,
    "f_orders": 2600,
    "f_code": 700,
    "f_task_write": 900,
    "f_task_ask": 1300,
    "f_task_tell": 1300,
    "f_task_work": 900,
    "f_task_alter": 1300,
    "f_task_lure": 1400,
    "f_task_talk": 400,
    "f_task_act": 1000,
    "f_task_plea": 900,
    "f_task_steer": 900,
    "f_code_advice": 800,
}
"""How many orders of each family are put into carriers, and how many of others."""
TASKS = ("f_task_", "f_code_")
"""Families that are plain tasks, to be dressed up."""
DIRECT_IN, LANGUAGE_IN, SHARED_IN = 1100, 700, 3000
ASKED = 0.25
"""Share of carriers that stand in a user's request, below what is asked about them."""
IN_LANGUAGE, PROSE_IN = 200, 60
"""How many attacks, and as many harmless requests, in each other language; how many documents with and without one."""
AMID = 0.2
"""Share of generated attacks that stand before, after or between harmless requests."""
HARMLESS = {
    "h_work": 5000,
    "h_trigger": 5500,
    "h_t3": 2500,
    "h_human": 1500,
    "h_llm": 1500,
    "h_sys": 900,
    "h_long": 6000,
    "h_sens": 2500,
    "h_ai": 2000,
    "h_eng": 2500,
    "h_puzzle": 1000,
    "h_prog": 1500,
    "h_office": 1200,
    "h_imp": 1800,
    "h_chat": 1000,
    "p_play": 2000,
    "e_correct": 1300,
    "e_form": 900,
    "e_task": 600,
    "e_label": 700,
    "e_sign": 800,
    "e_ship": 800,
    "e_howto": 1100,
    "e_teach": 600,
    "e_actas": 600,
    "e_world": 900,
    "e_hard": 400,
    "e_fair": 400,
    "e_frame": 1200,
    "e_bits": 500,
    "e_abroad": 1600,
}
IN_DOCUMENTS = {
    **dict.fromkeys(("h_human", "h_llm", "h_prog", "h_office", "e_form", "e_label", "e_ship"), 1.0),
    **dict.fromkeys(("e_sign", "e_teach", "e_actas"), 0.6),
    **dict.fromkeys(("h_trigger", "h_ai", "e_correct", "e_howto"), 0.3),
}
"""Share of a harmless family's texts that can stand in a document too. Requests to a model are not judged there, but
for some: a tool's result that is nothing but somebody's question is no attack."""
REPEATED, ATTACK_BEHIND = 4500, 4
"""Texts of the same words over and over, and of how many one has an attack behind it."""
ROW = 2400  # characters of such a text, at most
BENIGN_CARRIERS = 13000
MIXED_MINED = 3000
MAILS = ("ml_note", "ml_ask", "ml_says", "ml_n", "ml_trigger")
BARE = 3000
"""Orders on their own, as a document that holds nothing else."""
PLAIN = (
    *("f_orders", "f_orders", "f_code", "f_code_advice"),
    *("f_task_alter", "f_task_lure", "f_task_act", "f_task_plea", "f_task_steer"),
)
"""Families of these: such as are orders without anything around them. A bare question or task is what a person says."""


_Makes: TypeAlias = Callable[[Grammar, Random], Iterator[Example]]


def shared(path: Path) -> list[tuple[str, bool, str]]:
    """Text, whether it is an attack, and its source. Texts that are there twice are taken once."""
    seen: set[str] = set()
    rows = []
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            key = re.sub(r"\W+", "", row["text"].lower())
            if key not in seen:
                seen.add(key)
                rows.append((row["text"], row["label"] == 1, row["source"]))
    return rows


def examples(path: Path, seed: int, last: Iterable[Example] = ()) -> list[Example]:
    """Everything, always in the same order; `last` at the end."""
    rows = [(reading(text), attack, source) for text, attack, source in shared(path)]
    grammar = Grammar(*GRAMMARS)
    texts = [text for text, attack, source in rows if not attack and source in PROSE]
    maker = Maker(grammar, _sentences(texts), texts)
    mined = [text for text, attack, source in rows if source == "mined_trigger"]
    found = [*_shared(rows), *_embedded(rows), *written.examples()]
    short = [text for text, attack, source in rows if attack and len(text) <= SHORT and source != EMBEDDED]
    short += [example.text[example.start : example.end] for example in found if example.group == EMBEDDED]
    short += [example.text for example in found if _is_written_attack(example)]
    makers: tuple[_Makes, ...] = (_direct, _harmless, partial(_repeated, _words(rows)), _foreign)
    for number, more in enumerate(makers):
        found += more(grammar, Random(seed + number))
    found += _carried(maker, short, Random(seed + 10))
    found += _plain_carriers(maker, mined, Random(seed + 11))
    found += _mixed(mined, Random(seed + 12))
    found += written.amid(Random(seed + 13))
    return [*found, *last]


def _is_written_attack(example: Example) -> bool:
    kind = example.group.removeprefix(written.GROUP)
    return kind in written.ATTACKS and len(example.text) <= SHORT


def _sentences(texts: Sequence[str]) -> list[str]:
    found = [part.strip() + "." for text in texts for part in re.split(r"(?<=[a-z])\. ", text)]
    return [sentence for sentence in found if 30 < len(sentence) < 220]


def _shared(rows: Sequence[tuple[str, bool, str]]) -> Iterator[Example]:
    for text, attack, source in rows:
        if source != EMBEDDED:
            yield Example(text, source, attack, None if source in REQUESTS else attack, weight=NATURAL_WEIGHT)


def _embedded(rows: Sequence[tuple[str, bool, str]]) -> Iterator[Example]:
    """Documents with an order in them, and the same documents without it."""
    texts = [text for text, _, source in rows if source == EMBEDDED]
    known = {line.strip() for text, attack, _ in rows if not attack for line in text.split("\n")}
    for text, (start, end) in zip(texts, places(texts, known), strict=True):
        if end > start:
            yield Example(text, EMBEDDED, user=True, data=True, start=start, end=end, weight=2.0)
            yield Example(text[:start] + text[end:], "without_order", user=False, data=False, weight=NATURAL_WEIGHT)


def _direct(grammar: Grammar, rng: Random) -> Iterator[Example]:
    for family, count in DIRECT.items():
        for _ in range(count):
            text = _slip(grammar.text(family, rng), rng)
            before, after = _around(grammar, rng) if family not in LONG and rng.random() < AMID else ("", "")
            yield _placed(before, text, after, family)


def _foreign(grammar: Grammar, rng: Random) -> Iterator[Example]:
    for language in languages.LANGUAGES:
        kinds = (
            *(("a", languages.ATTACKS, True),) * IN_LANGUAGE,
            *(("b", languages.REQUESTS, None),) * IN_LANGUAGE,
            *(("a", languages.DOCUMENTS, True),) * PROSE_IN,
            *(("b", languages.PROSE, False),) * PROSE_IN,
        )
        for kind, patterns, data in kinds:
            said = languages.say(grammar.text, language, patterns, rng)
            asked = None if said.end and patterns is languages.ATTACKS else data
            yield Example(said.text, f"{language}_{kind}", kind == "a", asked, said.start, said.end)


def _around(grammar: Grammar, rng: Random) -> tuple[str, str]:
    """What is said before an attack and after it."""
    mark = rng.choice((" ", " ", "\n", "\n\n"))
    before, after = (grammar.text(rng.choice(tuple(HARMLESS)), rng) for _ in range(2))
    return rng.choice(((before + mark, ""), (before + mark, ""), ("", mark + after), (before + mark, mark + after)))


def _placed(before: str, attack: str, after: str, family: str) -> Example:
    """Among requests, which are orders in a document: so nothing is said of one there."""
    if not before and not after:
        return Example(attack, family, user=True, data=True)
    end = len(before) + len(attack)
    return Example(before + attack + after, family, user=True, data=None, start=len(before), end=end)


def _words(rows: Sequence[tuple[str, bool, str]]) -> list[str]:
    """Every word of the shared texts, once."""
    return sorted({word for text, _, _ in rows for word in re.findall(r"[^\W_]{1,16}", text)})


def _repeated(words: Sequence[str], grammar: Grammar, rng: Random) -> Iterator[Example]:
    """The same words over and over: alone harmless, an attack where one follows."""
    for number in range(REPEATED):
        said = _again(words, grammar, rng)
        mark = rng.choice((" ", " ", " ", " ", ", ", "\n", "", ". ", "! ", "-", "... "))
        times = min(int(3 * 130 ** rng.random()), ROW // (len(said) + len(mark)))
        text = mark.join([said] * times) + " "
        if number % ATTACK_BEHIND:
            yield Example(text + rng.choice(("", "", rng.choice(words))), "repeated", user=False, data=False)
        else:
            yield _placed(
                text, grammar.text(rng.choice(("s_ask", "x_get", "leak_cap", "f_orders2")), rng), "", "f_repeated"
            )


def _again(words: Sequence[str], grammar: Grammar, rng: Random) -> str:
    """What is repeated: a word of any kind, a few, a made-up one, a letter, or something short that was said."""
    near = [*grammar.text(rng.choice((*DIRECT, *HARMLESS)), rng).split(), "word", "test"]
    made = "".join(rng.choice("bcdfghjklmnprstvwz") + rng.choice("aeiou") for _ in range(rng.randint(1, 3)))
    few = rng.sample([*near, *rng.choices(words, k=len(near))], rng.randint(2, 4))
    scrap = rng.choice((near[0][0], str(rng.randrange(1000)), grammar.text("bi_a", rng)))
    said = rng.choice((*(rng.choice(words) for _ in range(3)), rng.choice(near), " ".join(few), made, scrap))
    return reading(rng.choice((said, said, said, said.lower(), said.upper(), said.capitalize()))) or "word"


def _slip(text: str, rng: Random) -> str:
    """Sometimes with two letters swapped, one left out or one doubled."""
    if rng.random() > TYPOS or len(text) < 12:
        return text
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(text) - 1)
        text = rng.choice(
            (
                text[:at] + text[at + 1] + text[at] + text[at + 2 :],
                text[:at] + text[at + 1 :],
                text[:at] + text[at] + text[at:],
            )
        )
    return text


def _harmless(grammar: Grammar, rng: Random) -> Iterator[Example]:
    for family, count in HARMLESS.items():
        share = IN_DOCUMENTS.get(family, 0.0)
        for _ in range(count):
            data = False if rng.random() < share else None
            yield Example(reading(grammar.text(family, rng)), family, user=False, data=data)


def _order(maker: Maker, short: Sequence[str], rng: Random) -> tuple[str, str]:
    """An order for a carrier, and its family."""
    family = rng.choices(
        (*INDIRECT, "direct", "language", "shared"), (*INDIRECT.values(), DIRECT_IN, LANGUAGE_IN, SHARED_IN)
    )[0]
    if family == "direct":
        family = rng.choice([name for name in DIRECT if name not in LONG])
    elif family == "language":
        language = rng.choice(languages.LANGUAGES)
        return languages.say(maker.say, language, languages.ORDERS, rng).text, f"{language}_a"
    elif family == "shared":
        return rng.choice(short), family
    order = maker.say(family, rng).strip()
    return dressed(maker, order, rng) if family.startswith(TASKS) else order, family


def _carried(maker: Maker, short: Sequence[str], rng: Random) -> Iterator[Example]:
    names = tuple(CARRIERS)
    for _ in range(sum(INDIRECT.values()) + DIRECT_IN + LANGUAGE_IN + SHARED_IN):
        order, family = _order(maker, short, rng)
        placed: Placed = maker.make(rng.choice(names), rng, order)
        ask = maker.say("k_before", rng) if rng.random() < ASKED else ""
        start, end = placed.start + len(ask), placed.end + len(ask)
        user = None if family.startswith("f_task") else True  # who says such a thing to a model asks it for something
        yield Example(ask + placed.text, f"in:{family}", user=user, data=True, start=start, end=end, weight=0.7)
    for _ in range(BARE):
        family = rng.choice(PLAIN)
        order = maker.say(family, rng)
        yield Example(dressed(maker, order, rng) if family.startswith(TASKS) else order, "bare", user=None, data=True)


def _plain_carriers(maker: Maker, mined: Sequence[str], rng: Random) -> Iterator[Example]:
    names = tuple(CARRIERS)
    for _ in range(BENIGN_CARRIERS):
        kind = rng.choice(("", "", "", "h_human", "h_human", "h_llm", "mined", "c_mail", "language", *MAILS))
        said = rng.choice(mined) if kind == "mined" else _harmless_words(maker, kind, rng)
        name = rng.choice(names)
        text = maker.make(name, rng, said).text
        if rng.random() < ASKED:
            yield Example(maker.say("k_before", rng) + text, f"plain:{name}", user=False, data=None)
        else:
            yield Example(text, f"plain:{name}", user=False, data=False)


def _harmless_words(maker: Maker, kind: str, rng: Random) -> str:
    if kind == "language":
        return languages.say(maker.say, rng.choice(languages.LANGUAGES), languages.PROSE, rng).text
    return maker.say(kind, rng) if kind else ""


def _mixed(mined: Sequence[str], rng: Random) -> Iterator[Example]:
    """Several harmless sentences with trigger words, together."""
    for _ in range(MIXED_MINED):
        text = rng.choice((" ", " ", "\n")).join(rng.sample(mined, rng.randint(2, 4)))
        yield Example(text, "mixed_mined", user=False, data=False)
