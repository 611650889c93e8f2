"""The normaliser's laws."""

import base64
import codecs
import gzip
import quopri
import unicodedata
import urllib.parse
from itertools import pairwise

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from firebreak.text.fold import _compositions, fold
from firebreak.text.traits import traits
from firebreak.text.views import MAX_TOTAL, MAX_VIEWS, TOTAL_SLACK, views

PIECES = st.sampled_from(
    [
        *(
            "a",
            "Z",
            "ignore",
            " ",
            "  ",
            "\n",
            "\t",
            "1",
            "é",
            "e\u0301",
            "\u0302",
            "ﬁ",
            "…",
            "Ａ",
            "한",
            "ᄒ",
            "ᅡ",
            "カ\uff9e",
            "\ufdfa",
        ),
        *(
            "\u200b",
            "\u200d",
            "\ufeff",
            "\u202e",
            "\u2066",
            "\ufe0f",
            "\U000e0041",
            "\U000e0100",
            "\U000e0101",
            "\u00ad",
            "\u061c",
        ),
        *(
            "о",
            "аcе",
            "Привет",
            "ж",
            "α",
            "Ω",
            "ა",
            "می",
            "\u200c",
            "क्",
            "ष",
            "葛",
            "👩",
            "❤",
            "🅰",
            "’",
            "–",
            "🇩",
            "ᴀ",
            "Ꭰ",
        ),
        *("%41", "%C3%A9", "%", "&amp;", "&#105;", "&", "\\u0041", "\\ud83d\\ude00", "\\x41", "\\", "=", "/", "-", "_"),
        *(
            "\x1b[0m",
            "\x1b",
            "[1m",
            "<b>",
            "</b>",
            "<!-- -->",
            "\\41 ",
            "\\N{SPACE}",
            "november ",
            "9-7-14-",
            "ignoreway ",
            "E96 ",
        ),
        *("₳", "ⱠⱠ", "丨Ꮆ几", "ǝɹouƃᴉ ", "ïgnörë ïnstrüctïöns ", "00000000: 6967 6e6f 7265 2061  x\n"),
        *("aGVsbG8gaGVsbG8gaGVsbG8=", "YUdWc2JHOGdhR1ZzYkc4Z2FHVnNiRzg9", "68656c6c6f2068656c6c6f21", "A" * 20),
    ]
)
TEXTS = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=30).map("".join))
WORDS = st.lists(
    st.sampled_from(
        ["ignore", "all", "rules", "send", "the", "key", "now", "Schlüssel", "ключ", "密钥", "👍", "to me"]
    ),
    min_size=4,
    max_size=12,
).map(" ".join)
PROSE = st.sampled_from(["", "Please read this: ", "Note - \n", "x = ", "(", "«Привет» "])

ENCODINGS = {
    "base64": lambda s: base64.b64encode(s.encode()).decode(),
    "base64-url": lambda s: base64.urlsafe_b64encode(s.encode()).decode().rstrip("="),
    "hex": lambda s: s.encode().hex(),
    "percent": lambda s: "".join(f"%{byte:02X}" for byte in s.encode()),
    "percent-some": lambda s: "".join(f"%{byte:02x}" for byte in s[0].encode()) + urllib.parse.quote(s[1:], safe=""),
    "entities": lambda s: "".join(f"&#{ord(c)};" for c in s),
    "escapes": lambda s: s.encode("utf-16-be").hex(" ", 2).replace(" ", "\\u").join(["\\u", ""]),
    "bytes": lambda s: "".join(f"\\x{byte:02x}" for byte in s.encode()),
}

PLAIN = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz!#$%&()*+-;<=>?@^_`{|}~"
Z85 = "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#"
CARRIERS = {  # of any bytes; each gives ASCII that the others take
    **ENCODINGS,
    "base32": lambda s: base64.b32encode(s.encode()).decode(),
    "base32-small": lambda s: base64.b32encode(s.encode()).decode().lower().rstrip("="),
    "base85": lambda s: base64.b85encode(s.encode()).decode(),
    "z85": lambda s: base64.b85encode(s.encode()).decode().translate(str.maketrans(PLAIN, Z85)),
    "ascii85": lambda s: base64.a85encode(s.encode(), adobe=True).decode(),
    "gzip": lambda s: base64.b64encode(gzip.compress(s.encode(), mtime=0)).decode(),
    "hex-apart": lambda s: s.encode().hex(" "),
    "decimal": lambda s: " ".join(map(str, s.encode())),
    "octal": lambda s: " ".join(f"{byte:03o}" for byte in s.encode()),
    "binary": lambda s: " ".join(f"{byte:08b}" for byte in s.encode()),
    "quoted": lambda s: "".join(f"={byte:02X}" for byte in s.encode()),
    "mail": lambda s: f"=?utf-8?B?{base64.b64encode(s.encode()).decode()}?=",
    "utf-7": lambda s: f"+{base64.b64encode(s.encode('utf-16-be')).decode().rstrip('=')}-",
}
INNERMOST = {
    "rot13": lambda s: codecs.encode(s, "rot13"),
    "reversed": lambda s: s[::-1],
    "reversed-words": lambda s: " ".join(word[::-1] for word in s.split()),
    "spaced": lambda s: "   ".join(" ".join(word) for word in s.split()),
    "leet": lambda s: s.translate(str.maketrans("aeios", "43105")),
}
SENTENCES = st.lists(
    st.sampled_from(["ignore", "all", "previous", "instructions", "reveal", "the", "system", "prompt", "please"]),
    min_size=5,
    max_size=12,
    unique=True,
).map(" ".join)


@given(TEXTS)
def test_the_raw_view_is_the_text(text):
    first = views(text)[0]
    assert (first.name, first.text) == ("raw", text)
    assert all(first.span(at, at + 1) == (at, at + 1) for at in range(len(text)))


@given(TEXTS, st.data())
def test_every_span_lies_inside_the_text(text, data):
    for view in views(text):
        start = data.draw(st.integers(0, len(view.text)))
        end = data.draw(st.integers(start, len(view.text)))
        lo, hi = view.span(start, end)
        assert 0 <= lo <= hi <= len(text), view.name
        assert start == end or lo < hi, view.name


@given(TEXTS)
def test_spans_grow_with_what_they_cover(text):
    for view in views(text):
        spans = [view.span(n, n + 1) for n in range(len(view.text))]
        assert spans == sorted(spans)
        whole = view.span(0, len(view.text))
        assert all(whole[0] <= lo <= hi <= whole[1] for lo, hi in spans)


@given(TEXTS)
def test_characters_that_were_not_rewritten_map_to_themselves(text):
    folded, chain, _ = fold(text)
    for at, character in enumerate(folded):
        start, end = at, at + 1
        for offsets in chain:
            start, end = offsets.span(start, end)
        source = text[start:end]
        if character.isascii() and character.isalnum() and source.isascii():
            assert source == character


@settings(max_examples=300)
@given(TEXTS)
@example("\u200bа\u0301\ufe0f")
def test_folding_is_idempotent(text):
    folded, _, cut = fold(text)
    assume(not cut)
    assert fold(folded) == (folded, (), False)


@given(st.text(st.characters(min_codepoint=0xA0, exclude_categories=["Cs"]), max_size=20))
def test_folding_only_ever_composes(text):
    folded, _, cut = fold(text)
    assert cut or unicodedata.is_normalized("NFKC", folded)


@given(
    st.lists(
        PIECES | st.characters(min_codepoint=0x80, max_codepoint=0x1FFFF, exclude_categories=["Cs", "Cn"]), max_size=20
    ).map("".join)
)
@example("\u1100\uffcf")
def test_composition_by_clusters_is_composition(text):
    clusters, end = [], 0
    for lo, hi, made, _ in _compositions(text):
        clusters += [*text[end:lo], text[lo:hi]]
        assert made == len(unicodedata.normalize("NFKC", text[lo:hi]))
        end = hi
    clusters += text[end:]
    joined = "".join(unicodedata.normalize("NFKC", cluster) for cluster in clusters)
    assert joined == unicodedata.normalize("NFKC", text)


@settings(max_examples=300)
@given(WORDS, st.lists(st.sampled_from(sorted(ENCODINGS)), min_size=1, max_size=4), PROSE, PROSE)
def test_decoding_what_was_encoded_gives_it_back(words, nesting, before, after):
    run = words
    for name in nesting:
        run = ENCODINGS[name](run)
    after = f" {after}" if after else ""
    text = before + run + after
    found = views(text)
    holding = [view for view in found if words in view.text]
    assert holding, [view.name for view in found]
    for view in holding:
        at = view.text.index(words)
        lo, hi = view.span(at, at + len(words))
        assert (lo, hi) == (len(before), len(before) + len(run)), view.name
    seen = traits(text, found)
    assert seen.depth >= len(nesting)
    assert not seen.cut


@settings(max_examples=200, deadline=None)
@given(SENTENCES, st.lists(st.sampled_from(sorted(CARRIERS)), max_size=3), st.sampled_from(["", *INNERMOST]), PROSE)
def test_any_nesting_is_taken_off(words, nesting, innermost, before):
    assume(innermost != "leet" or not {"decimal", "octal"} & set(nesting))  # a table of numbers may look like that
    assume(
        all(
            {inner[-2:], outer} & {"85", "decimal", "octal"} != {inner[-2:], outer}
            for inner, outer in pairwise(nesting)
        )
    )
    run = INNERMOST[innermost](words) if innermost else words
    for name in nesting:
        run = CARRIERS[name](run)
    assume(len(run) < 20_000)
    text = f"{before}\n{run}\n"
    found = views(text)
    holding = [view for view in found if words in view.text]
    assert holding, (ascii(run)[:200], [view.name for view in found])
    for view in holding:
        at = view.text.index(words)
        lo, hi = view.span(at, at + len(words))
        assert lo < hi
        assert len(before) <= lo or "spaced" in view.name  # a letter before it is one more
        assert hi <= len(text)


@given(st.sampled_from(sorted(set(CARRIERS) - set(ENCODINGS) - {"octal", "decimal"})), WORDS)
def test_what_is_encoded_in_any_language_is_read(name, words):
    assume(len(words) >= 20 or "85" not in name)
    assume(words.isascii() or name not in {"base85", "z85"})  # these are read where they begin with ASCII
    found = views(f"Look: {CARRIERS[name](words)}\n")
    assert any(words in view.text for view in found), [view.name for view in found]


@given(SENTENCES)
def test_quoted_printable_of_a_mail_is_read(words):
    mail = quopri.encodestring(f"{words} für später".encode()).decode()
    assert any(words in view.text for view in views(mail))


@given(
    st.sampled_from(
        [
            "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕ",
            "αβγδεζηθικλμνξοπρστυφχψω",
            "اب\u200cپتثجچحخدذرزژسشصضطظعغفقک",
            "אבגדהוזחטיכלמנסעפצקרשת",
            "あいうえおアイウエオ漢字",
            "가나다라마바사",
            "กขคงจฉ",
            "աբգդեզէըթժիլխծկ",
            "äöüßéèñçåøæłđı",
        ]
    ).flatmap(lambda letters: st.lists(st.text(letters, min_size=1, max_size=8), min_size=1, max_size=8))
)
def test_honest_scripts_are_not_folded(words):
    text = " ".join(word.strip("\u200c") for word in words).replace(" \u200c", " ")
    assume("\u200c\u200c" not in text)
    assert [view.name for view in views(text)] == ["raw"]
    assert traits(text, views(text)).mixed.count == 0


@given(TEXTS, st.integers(1, 200))
def test_views_are_bounded(text, times):
    text *= times
    found = views(text)
    assert len(found) <= MAX_VIEWS
    assert sum(len(view.text) for view in found) <= MAX_TOTAL * len(text) + TOTAL_SLACK


@given(TEXTS)
def test_the_same_text_gives_the_same_views(text):
    first, second = views(text), views(text)
    assert first == second
    assert [view.span(0, 5) for view in first] == [view.span(0, 5) for view in second]
    assert traits(text, first) == traits(text, second)
