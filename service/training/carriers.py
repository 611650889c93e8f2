"""Documents, tables, mails, tool results: what an order can hide in, and what is harmless without one.

A carrier is rows of text and the way they are joined; an order stands between rows, in the place of one, or in one.
"""

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from training.grammar import Grammar


@dataclass(frozen=True, slots=True)
class Placed:
    """A text, and where in it the order stands; an empty stretch where there is none."""

    text: str
    start: int = 0
    end: int = 0


Carrier = Callable[["Maker", Random, str], Placed]


class Maker:
    """Fills carriers from a grammar and from sentences of harmless texts."""

    def __init__(self, grammar: Grammar, sentences: Sequence[str], texts: Sequence[str]) -> None:
        self._grammar = grammar
        self._sentences = sentences
        self.texts = texts

    def say(self, slot: str, rng: Random) -> str:
        """A text of a slot."""
        return self._grammar.text(slot, rng)

    def many(self, slot: str, rng: Random, low: int, high: int) -> list[str]:
        """Some texts of a slot."""
        return [self.say(slot, rng) for _ in range(rng.randint(low, high))]

    def prose(self, rng: Random, low: int, high: int) -> list[str]:
        """Sentences, of one real text or of many."""
        if rng.random() < 0.6:
            return pieces(rng.choice(self.texts), rng, high * 2)
        if rng.random() < 0.4:
            return self.many("c_news", rng, low, high)
        return [rng.choice(self._sentences) for _ in range(rng.randint(low, high))]

    def make(self, name: str, rng: Random, order: str = "") -> Placed:
        """The carrier with `order` in it, or without one."""
        return CARRIERS[name](self, rng, order)


def pieces(text: str, rng: Random, most: int) -> list[str]:
    """Sentences or lines of a stretch of the text."""
    lines = text.split("\n")
    if len(lines) < 4:
        lines = [part + "." for part in text.split(". ")]
    if len(lines) > most:
        begin = rng.randrange(len(lines) - most + 1)
        lines = lines[begin : begin + most]
    return lines


def between(rows: Sequence[str], order: str, rng: Random, join: str) -> Placed:
    """The rows with the order among them: first, last, or anywhere."""
    if not order:
        return Placed(join.join(rows))
    at = rng.choice((0, len(rows), rng.randint(0, len(rows)), rng.randint(0, len(rows))))
    before = join.join(rows[:at]) + (join if at else "")
    after = (join if at < len(rows) else "") + join.join(rows[at:])
    return Placed(before + order + after, len(before), len(before) + len(order))


_SEAM = re.compile(r"(?<=[.!?])(?= )|(?<=\n)|\A|\Z")


def within(text: str, order: str, rng: Random) -> Placed:
    """The text with the order at its beginning, its end, or where a sentence or line ends."""
    if not order:
        return Placed(text)
    seams = [seam.start() for seam in _SEAM.finditer(text)]
    at = rng.choice((0, len(text), rng.choice(seams), rng.choice(seams)))
    line = at == 0 or text[at - 1] == "\n"
    gap = rng.choice(("\n", "\n\n", " ")) if line or at == len(text) else " "
    before = text[:at] + ("" if line else gap)
    after = (gap if line else "") + text[at:]
    return Placed(before + order + after, len(before), len(before) + len(order))


def inside(text: str, order: str) -> Placed:
    """A text that holds the order somewhere already."""
    at = text.find(order) if order else -1
    return Placed(text, at, at + len(order)) if at >= 0 else Placed(text)


AS_IT_STANDS = 0.45
"""Share of tasks that are not dressed up."""
_BLANKS = re.compile(r" +(?=[ .,?!])")


def dressed(maker: Maker, order: str, rng: Random) -> str:
    """A task as it stands, or politely, as an aside, with something before or behind it, with another one."""
    order = _BLANKS.sub("", order).strip()
    way = rng.random()
    if way < AS_IT_STANDS or "\n" in order or len(order) < 4:
        return order
    plain = order.rstrip(".")
    low = plain[0].lower() + plain[1:]
    led = f"{maker.say(rng.choice(('tk_lead', 'i_open2')), rng)} {rng.choice((order, low + '.'))}"
    ended = f"{order} {maker.say('i_close', rng)}"
    if plain.endswith("?"):
        return rng.choice((plain, led, led, led, ended, low, order.upper(), f"{order} {order}"))
    stop = rng.choice((".", ".", "", "!", "?"))
    polite = f"{maker.say(rng.choice(('i_polite', 'tk_passive')), rng)} {low}{stop}"
    aside = f"{plain}{maker.say('tk_tail', rng)}{stop}"
    return rng.choice((plain, plain, led, led, polite, polite, polite, aside, ended, rng.choice((low, order.upper()))))


def _prose(maker: Maker, rng: Random, order: str) -> Placed:
    return between(maker.prose(rng, 3, 9), order, rng, rng.choice((" ", " ", "\n", "\n\n")))


def _table(maker: Maker, rng: Random, order: str) -> Placed:
    width = rng.randint(2, 7)
    slots = [rng.choice(("c_cell", "c_cell", "name", "num", "city", "company", "topic")) for _ in range(width)]
    rows = [[maker.say(slot, rng) for slot in slots] for _ in range(rng.randint(2, 16))]
    rows.insert(0, [maker.say("c_head", rng) for _ in range(width)])
    ruled = rng.random() < 0.6
    if order and rng.random() < 0.4 and "\n" not in order:
        rows[rng.randrange(1, len(rows))][rng.randrange(width)] = order
    style = rng.choice(("pipes", "pipes", "padded", "csv", "tabs", "html"))
    lines = _rows(rows, style, ruled=ruled)
    text = "\n".join(lines)
    if order and order not in text:
        return between(lines if rng.random() < 0.4 else [text], order, rng, "\n")
    return inside(text, order)


def _rows(rows: list[list[str]], style: str, *, ruled: bool) -> list[str]:
    if style == "csv":
        return [",".join(f'"{cell}"' if "," in cell else cell for cell in row) for row in rows]
    if style == "tabs":
        return ["\t".join(row) for row in rows]
    if style == "html":
        inner = ["<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows]
        return ["<table>", *inner, "</table>"]
    wide = [max(len(row[i]) for row in rows) if style == "padded" else 0 for i in range(len(rows[0]))]
    lines = ["| " + " | ".join(cell.ljust(w) for cell, w in zip(row, wide, strict=True)) + " |" for row in rows]
    if ruled:
        lines.insert(1, "|" + "|".join("-" * (max(w, 1) + 2) for w in wide) + "|")
    return lines


def _json(maker: Maker, rng: Random, order: str) -> Placed:
    def value() -> object:
        slot = rng.choice(("c_cell", "c_cell", "c_news", "c_mail", "num", "c_review", "name", "email"))
        said = maker.say(slot, rng)
        return int(said) if slot == "num" and said.isdecimal() else said

    def record() -> dict[str, object]:
        return {maker.say("c_key", rng): value() for _ in range(rng.randint(2, 9))}

    records = [record() for _ in range(rng.choice((1, 1, 2, 3, 5)))]
    if order and rng.random() < 0.85:
        target = rng.choice(records)
        key = rng.choice(list(target))
        old = target[key]
        target[key] = f"{old} {order}" if isinstance(old, str) and rng.random() < 0.5 else order
    shape: object = rng.choice((records, records[0] if len(records) == 1 else {"results": records}, {"data": records}))
    text = json.dumps(shape, indent=rng.choice((None, None, 2)), ensure_ascii=rng.random() < 0.5)
    quoted = json.dumps(order)[1:-1]
    if order and quoted not in text and json.dumps(order, ensure_ascii=False)[1:-1] not in text:
        return between([text], order, rng, "\n")
    placed = inside(text, quoted if order else "")
    return placed if placed.end else inside(text, json.dumps(order, ensure_ascii=False)[1:-1])


def _log(maker: Maker, rng: Random, order: str) -> Placed:
    rows = maker.many("c_log", rng, 3, 14)
    if order and rng.random() < 0.6:
        at = rng.randrange(len(rows))
        rows[at] = f"{rows[at].rsplit(':', 1)[0]}: {order}"
        return inside("\n".join(rows), order)
    return between(rows, order, rng, "\n")


def _mail(maker: Maker, rng: Random, order: str) -> Placed:
    body = between(maker.many("c_mail", rng, 2, 7), order, rng, rng.choice((" ", "\n\n", "\n")))
    sender, subject = maker.say("name", rng), maker.say("h_do", rng)
    head = rng.choice(
        (
            f"Subject: {subject}\nFrom: {sender} <{maker.say('email', rng)}>\nDate: {maker.say('day', rng)}\n\n",
            f"SUBJECT: {subject}|EMAIL_FROM: {maker.say('email', rng)}|DATE: {maker.say('month', rng)}|CONTENT: ",
            f"Hi {maker.say('first', rng)},\n\n",
            "",
        )
    )
    tail = rng.choice((f"\n\nBest regards,\n{sender}", f"\nThanks, {sender}", "", "\n\n--\nSent from my phone"))
    return Placed(head + body.text + tail, body.start + len(head), body.end + len(head))


def _letter(maker: Maker, rng: Random, order: str) -> Placed:
    return within(maker.say(rng.choice(("ml_mail", "ml_mail", "ml_note", "ml_notice")), rng), order, rng)


def _thread(maker: Maker, rng: Random, order: str) -> Placed:
    """Mails, the newest first."""
    mails = maker.many("ml_mail", rng, 2, 3)
    at = rng.randrange(len(mails))
    gap = rng.choice(("\n\n", "\n\n---\n\n", "\n\n> "))
    placed = within(mails[at], order, rng)
    before = gap.join(mails[:at]) + (gap if at else "")
    text = gap.join((*mails[:at], placed.text, *mails[at + 1 :]))
    return Placed(text, placed.start + len(before), placed.end + len(before)) if order else Placed(text)


def _text(maker: Maker, rng: Random, order: str) -> Placed:
    """A stretch of a real text."""
    text = rng.choice(maker.texts)
    most = rng.randint(200, 1500)
    begin = rng.choice((0, text.find("\n", rng.randrange(len(text))) + 1))
    return within(text[begin : begin + most].strip() or text, order, rng)


def _fields(maker: Maker, rng: Random, order: str) -> Placed:
    """Lines of names and values, the order one of these."""
    rows = maker.many("ml_field", rng, 3, 12)
    if order and "\n" not in order and rng.random() < 0.7:
        mark = rng.choice(('"{}": "{}"', "{}: {}", "{}={}", "- {}: {}"))
        return inside(between(rows, mark.format(maker.say("ml_key", rng), order), rng, "\n").text, order)
    return between(rows, order, rng, "\n")


RECORDS = {
    "emails": (("from", "email"), ("subject", "ml_subject"), ("date", "ml_date"), ("body", "ml_body")),
    "messages": (("sender", "name"), ("time", "ml_time"), ("text", "ml_note")),
    "events": (("title", "ml_event"), ("start", "ml_date"), ("location", "city"), ("description", "ml_note")),
    "reviews": (("author", "first"), ("rating", "digit"), ("text", "c_review")),
    "transactions": (("amount", "ml_amount"), ("recipient", "name"), ("date", "ml_date"), ("subject", "ml_doc")),
    "files": (("filename", "word"), ("owner", "email"), ("size", "num"), ("content", "ml_note")),
    "products": (("name", "ml_doc"), ("price", "ml_amount"), ("seller", "company"), ("description", "ml_n")),
    "results": (("title", "ml_title"), ("url", "url"), ("snippet", "c_news")),
    "tickets": (("id", "num"), ("reporter", "first"), ("status", "word"), ("description", "c_ticket")),
    "contacts": (("name", "name"), ("phone", "num"), ("email", "email"), ("note", "ml_says")),
    "hotels": (("name", "company"), ("city", "city"), ("price_per_night", "num"), ("about", "c_review2")),
}
"""What tools give back: names of fields and the slots that fill them; an order stands in the last field."""


def _records(maker: Maker, rng: Random, order: str) -> Placed:
    name, fields = rng.choice(list(RECORDS.items()))
    rows = [{key: maker.say(slot, rng) for key, slot in fields} for _ in range(rng.randint(1, 5))]
    if order:
        row, key = rng.choice(rows), fields[-1][0]
        row[key] = rng.choice((order, f"{row[key]} {order}", f"{row[key]} {order}", f"{order} {row[key]}"))
    style = rng.choice(("json", *SPELLINGS))
    if style != "json":
        return inside(_spelled(name, rows, style), order)
    text = json.dumps(rng.choice((rows, {name: rows})), indent=rng.choice((None, 2)), ensure_ascii=False)
    return inside(text, json.dumps(order, ensure_ascii=False)[1:-1] if order else "")


SPELLINGS = {
    "xml": ("<{}>\n", "<{0}>{1}</{0}>", "\n"),
    "yaml": ("{}:\n- ", "{0}: {1}\n  ", "\n- "),
    "python": ("{} = [{", "'{0}': '{1}', ", "}, {"),
    "lines": ("{}\n\n", "{0}: {1}\n", "\n"),
}
"""Of records: what stands before all of them, how a field is spelled, and what stands between two."""


def _spelled(name: str, rows: Sequence[dict[str, str]], style: str) -> str:
    lead, field, gap = SPELLINGS[style]
    records = ("".join(field.format(key, said) for key, said in row.items()) for row in rows)
    return lead.replace("{}", name) + gap.join(records)


def _page(maker: Maker, rng: Random, order: str) -> Placed:
    rows = [f"<p>{row}</p>" for row in maker.prose(rng, 2, 6)]
    rows.insert(0, f"<h1>{maker.say('topic', rng)}</h1>")
    rows.append(rng.choice(("</body></html>", f'<a href="{maker.say("url", rng)}">More</a>', "<footer>2024</footer>")))
    wrapped = rng.choice(
        (
            "{}",
            "<p>{}</p>",
            "<!-- {} -->",
            '<div style="display:none">{}</div>',
            "<li>{}</li>",
            "<h2>{}</h2>",
            '<img alt="{}">',
            '<span style="font-size:1px;color:#fff">{}</span>',
            "<td>{}</td>",
            '<meta name="description" content="{}">',
        )
    )
    return inside(between(rows, wrapped.replace("{}", order) if order else "", rng, "\n").text, order)


def _code(maker: Maker, rng: Random, order: str) -> Placed:
    rows = maker.many("c_code1", rng, 4, 18)
    if rng.random() < 0.4:
        rows = pieces(rng.choice(maker.texts), rng, 20)
    if order and "\n" not in order and rng.random() < 0.6:
        mark = rng.choice(("# {}", "// {}", "/* {} */", '"""{}"""', 'x = "{}"', "-- {}", "print('{}')", "    # {}"))
        return inside(between(rows, mark.replace("{}", order), rng, "\n").text, order)
    return between(rows, order, rng, "\n")


def _lines(slot: str, low: int, high: int, *joins: str) -> Carrier:
    """A carrier of lines of one slot."""

    def make(maker: Maker, rng: Random, order: str) -> Placed:
        mark = rng.choice(("", "", "- ", "* ", "> "))
        rows = [mark + row for row in maker.many(slot, rng, low, high)]
        return between(rows, mark + order if order else "", rng, rng.choice(joins))

    return make


def _chunks(maker: Maker, rng: Random, order: str) -> Placed:
    rows = []
    count = rng.randint(2, 4)
    where = rng.randrange(count) if order else -1
    for i in range(count):
        body = between(maker.prose(rng, 1, 4), order if i == where else "", rng, " ").text
        head = rng.choice(
            ("[{0}] ", "Document {0}: ", "Source {0} ({1}): ", "### Result {0}\n", "<doc id={0}>\n", "chunk {0}\n")
        )
        rows.append(head.format(i + 1, maker.say("url", rng)) + body)
    return inside("\n\n".join(rows), order)


def _asked(maker: Maker, rng: Random, order: str) -> Placed:
    rows = [" ".join(maker.prose(rng, 2, 6)), maker.say("c_ask", rng)]
    return between(rows, order, rng, "\n")


def _mixed(maker: Maker, rng: Random, order: str) -> Placed:
    """A document around another carrier."""
    name = rng.choice(("table", "json", "log", "mail", "code", "review", "records", "letter"))
    core = CARRIERS[name](maker, rng, order)
    head = rng.choice((" ".join(maker.prose(rng, 1, 3)), maker.say("c_ask", rng), "Tool output:", "Result:")) + "\n"
    tail = rng.choice(("", "\n" + " ".join(maker.prose(rng, 1, 3)), "\n" + maker.say("c_ask", rng)))
    shift = len(head)
    return Placed(head + core.text + tail, core.start + shift, core.end + shift)


CARRIERS: dict[str, Carrier] = {
    "prose": _prose,
    "table": _table,
    "json": _json,
    "log": _log,
    "mail": _mail,
    "letter": _letter,
    "letters": _letter,
    "thread": _thread,
    "text": _text,
    "texts": _text,
    "fields": _fields,
    "records": _records,
    "records_too": _records,
    "channel": _lines("ml_line", 3, 10, "\n"),
    "commit": _lines("ml_commit", 2, 7, "\n"),
    "found": _lines("ml_result", 2, 6, "\n", "\n\n"),
    "list": _lines("ml_item", 3, 9, "\n"),
    "page": _page,
    "code": _code,
    "review": _lines("c_review", 1, 6, "\n", " ", "\n\n"),
    "ticket": _lines("c_ticket", 2, 8, "\n"),
    "calendar": _lines("c_event2", 2, 7, "\n"),
    "chat": _lines("c_chat", 3, 10, "\n"),
    "bank": _lines("c_bank", 2, 8, "\n"),
    "chunks": _chunks,
    "asked": _asked,
    "mixed": _mixed,
}
