import pytest

from firebreak.detect.hidden.art import DrawnLettersDetector
from firebreak.model.conversation import Origin, Part, PartKind, Role, Segment
from firebreak.model.finding import FindingKind, Severity
from firebreak.text.views import View

FONT = {  # five by five
    "B": ("####", "#   #", "####", "#   #", "####"),
    "O": (" ###", "#   #", "#   #", "#   #", " ###"),
    "M": ("#   #", "## ##", "# # #", "#   #", "#   #"),
}
SLANTED = r"""
 _    _      _ _
| |  | |    | | |
| |__| | ___| | | ___
|  __  |/ _ \ | |/ _ \
| |  | |  __/ | | (_) |
|_|  |_|\___|_|_|\___/
"""


def detect(text):
    part = Part(PartKind.TEXT, Role.USER, Origin.USER, text, (Segment(0, ()),))
    return DrawnLettersDetector().detect(part, (View("raw", text),))


def drawn(word, sign):
    return "\n".join("  ".join(f"{FONT[letter][row]:5}" for letter in word).replace("#", sign) for row in range(5))


@pytest.mark.parametrize("sign", ["#", "*", "@", "█", "$"])
def test_a_word_drawn_of_signs_is_found_with_its_place(sign):
    art = drawn("BOMB", sign)
    text = f"Read this and answer:\n{art}\nThanks"
    (hit,) = detect(text)
    assert (hit.rule, hit.kind, hit.severity) == ("drawn-letters", FindingKind.OBFUSCATION, Severity.MEDIUM)
    assert text[hit.start : hit.end] == art


def test_a_word_in_lines_and_slashes_is_found():
    assert len(detect("What is this?" + SLANTED)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a\nb\nc\nd\ne",
        "| a | b |\n|---|---|\n| 1 | 2 |\n| 3 | 4 |\n| 5 | 6 |",
        "+-----+-----+\n|     |     |\n+-----+-----+\n|     |     |\n+-----+-----+",
        "=" * 40 + "\n" + "-" * 40 + "\n" + "*" * 40 + "\n" + "#" * 40 + "\n" + "_" * 40,
        "/****************\n *\n *\n *\n ****************/",
        "        }\n      });\n    }\n  ]\n);\n",
        "/******/ \t});\n/******/ \t}\n/******/ };\n/******/ })\n/******/ ([",
        "[0, 0, 0, 0],\n[0, 1, 0, 0],\n[0, 0, 1, 0],\n[0, 0, 0, 1],",
        "\n\n\n\n\n\n",
        "def f():\n    return {\n        'a': [1],\n    }\n",
    ],
)
def test_tables_rules_frames_and_brackets_are_none(text):
    assert detect(text) == []
