"""Shape: whether short groups of characters stand in a row anywhere, decided for a whole text at once.

A text becomes one large integer with a byte a character; shifting and joining such numbers compares every place with
its neighbours in a few linear steps, where a pattern would take a step for each character.
"""

_LETTERS = bytes(code for code in range(128) if chr(code).isalnum())
_SOLID = bytes(1 if code in _LETTERS else 0 for code in range(256))
_BLANK = bytes(1 if chr(code) in " \t\n\r" else 0 for code in range(256))
_DIGIT = bytes(1 if 48 <= code < 58 else 0 for code in range(256))


def flat(text: str) -> bytes:
    """A byte a character; what is not ASCII is a question mark."""
    return text.encode("ascii", "replace")


def singles(flat: bytes, least: int) -> bool:
    """Whether `least` single letters or digits stand in a row, each one to three signs after the one before."""
    solid = int.from_bytes(b"\0" + flat.translate(_SOLID) + b"\0", "little")
    alone = solid & ~(solid >> 8) & ~(solid << 8)
    if not alone:
        return False
    return any(_row(alone, 8 * gap, least) for gap in (2, 3, 4))


def groups(flat: bytes, size: int, least: int) -> bool:
    """Whether `least` groups of `size` characters stand in a row, with one blank after each."""
    blank = int.from_bytes(b"\1" + flat.translate(_BLANK) + b"\1", "little")
    step = 8 * (size + 1)
    ended = blank & ~(blank << 8) & (blank << step)  # a blank after a sign, for an indentation is no row of groups
    return _row(ended, step, least)


def dense(flat: bytes, within: int, over: int) -> bool:
    """Whether digits stand at most `within` characters apart over a stretch of `over` characters."""
    near = int.from_bytes(flat.translate(_DIGIT), "little")
    reach = 1
    while reach < within:
        step = min(reach, within - reach)
        near |= near >> 8 * step
        reach += step
    return _row(near, 8, over)


def _row(marks: int, step: int, least: int) -> bool:
    """Whether `least` marks follow each other, `step` bits apart."""
    have = 1
    while have < least and marks:
        take = min(have, least - have)
        marks &= marks >> step * take
        have += take
    return bool(marks)
