"""Shape: whether short groups of characters stand in a row anywhere, decided for a whole text at once.

A text becomes one large integer with a bit a character; shifting and joining such numbers compares every place with
its neighbours in a few linear steps, where a pattern would take a step for each character.
"""

_LETTERS = bytes(code for code in range(128) if chr(code).isalnum())
_IN_WORD = bytes(120 if 33 <= code < 127 else 32 for code in range(256))
_SOLID = bytes(49 if code in _LETTERS else 48 for code in range(256))
_BLANK = bytes(49 if chr(code) in " \t\n\r" else 48 for code in range(256))
_DIGIT = bytes(49 if 48 <= code < 58 else 48 for code in range(256))


def flat(text: str) -> bytes:
    """A byte a character; what is not ASCII is a question mark."""
    return text.encode("ascii", "replace")


def solid(flat: bytes) -> bytes:
    """An x for every character of a word, a space for every other: what is short or long shows by searching."""
    return flat.translate(_IN_WORD)


def singles(flat: bytes, least: int) -> bool:
    """Whether `least` single letters or digits stand in a row, each one to four signs after the one before."""
    solid = int(flat.translate(_SOLID) or b"0", 2)
    alone = solid & ~(solid >> 1 | solid << 1)
    return alone != 0 and any(_row(alone, gap, least) for gap in (2, 3, 4, 5))


def groups(flat: bytes, size: int, least: int) -> bool:
    """Whether `least` groups of `size` characters stand in a row, with one blank after each."""
    blank = int(b"1%b1" % flat.translate(_BLANK), 2)
    step = size + 1
    ended = blank & ~(blank >> 1) & (blank >> step)  # a blank after a sign, for an indentation is no row of groups
    return _row(ended, step, least)


def dense(flat: bytes, within: int, over: int) -> bool:
    """Whether digits stand at most `within` characters apart over a stretch of `over` characters."""
    near = int(flat.translate(_DIGIT) or b"0", 2)
    reach = 1
    while reach < within:
        step = min(reach, within - reach)
        near |= near << step
        reach += step
    return _row(near & (1 << len(flat)) - 1, 1, over)


def _row(marks: int, step: int, least: int) -> bool:
    """Whether `least` marks follow each other, `step` bits apart."""
    have = 1
    while have < least and marks:
        take = min(have, least - have)
        marks &= marks >> step * take
        have += take
    return bool(marks)
