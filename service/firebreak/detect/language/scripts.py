"""Which script letters are of, by ranges of code points (Unicode's Scripts.txt, the parts that are in daily use).

All are in the first plane: there a set of characters is looked up, beyond it the ranges are tried one by one.
"""

import re

_RANGES = (
    ("latin", "A-Za-zªºÀ-ÖØ-öø-\u024f\u1e00-\u1eff"),
    ("greek", "\u0370-\u03ff\u1f00-\u1fff"),
    ("cyrillic", "\u0400-\u052f\u1c80-\u1c8f\u2de0-\u2dff\ua640-\ua69f"),
    ("armenian", "\u0530-\u058f"),
    ("hebrew", "\u0590-\u05ff\ufb1d-\ufb4f"),
    ("arabic", "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufeff"),
    ("devanagari", "\u0900-\u097f"),
    ("bengali", "\u0980-\u09ff"),
    ("gurmukhi", "\u0a00-\u0a7f"),
    ("gujarati", "\u0a80-\u0aff"),
    ("tamil", "\u0b80-\u0bff"),
    ("telugu", "\u0c00-\u0c7f"),
    ("kannada", "\u0c80-\u0cff"),
    ("malayalam", "\u0d00-\u0d7f"),
    ("thai", "\u0e00-\u0e7f"),
    ("georgian", "\u10a0-\u10ff\u1c90-\u1cbf"),
    ("ethiopic", "\u1200-\u139f"),
    ("khmer", "\u1780-\u17ff"),
    ("kana", "\u3041-\u30ff\u31f0-\u31ff\uff66-\uff9f"),
    ("hangul", "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"),
    ("han", "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"),
)
NAMES = tuple(name for name, _ in _RANGES)


def _others(name: str) -> str:
    return "".join(signs for other, signs in _RANGES if other != name)


RUNS = re.compile("|".join(f"(?P<{name}>[{signs}][^{_others(name)}]*)" for name, signs in _RANGES))
"""Runs that begin with a letter of one script and end before a letter of another."""
OTHER = re.compile(f"[{_others('latin')}]")
"""A letter that is not Latin."""
SOLE = {
    "greek": "el",
    "armenian": "hy",
    "hebrew": "he",
    "devanagari": "hi",
    "bengali": "bn",
    "gurmukhi": "pa",
    "gujarati": "gu",
    "tamil": "ta",
    "telugu": "te",
    "kannada": "kn",
    "malayalam": "ml",
    "thai": "th",
    "georgian": "ka",
    "ethiopic": "am",
    "khmer": "km",
    "kana": "ja",
    "hangul": "ko",
}
"""The language that a script stands for, where one has nearly all of its speakers."""

_CYRILLIC = (
    ("uk", re.compile("[іїєґІЇЄҐ]")),
    ("sr", re.compile("[јљњћђџЈЉЊЋЂЏ]")),
    ("be", re.compile("[ўЎ]")),
    ("ru", re.compile("[ыэёЫЭЁ]")),
    ("bg", re.compile("[ъЪ]")),
)
_ARABIC = (("ur", re.compile("[ٹڈڑےں]")), ("fa", re.compile("[پچژگ]")))


def language_of_run(script: str, run: str) -> str:
    """The language of a run that is not in Latin letters; the commonest of its script where no letter tells."""
    if script == "cyrillic":
        return next((name for name, letters in _CYRILLIC if letters.search(run)), "ru")
    if script == "arabic":
        return next((name for name, letters in _ARABIC if letters.search(run)), "ar")
    if script == "han":
        return "zh"
    return SOLE[script]
