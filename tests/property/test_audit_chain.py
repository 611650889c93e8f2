"""Laws of the log: whatever is done to its bytes is seen, and where it happened is named."""

import json

from hypothesis import given, settings
from hypothesis import strategies as st
from tests.golden.audit.samples import files, head_of, log, record

from firebreak.audit.chain import GENESIS, Head
from firebreak.audit.entry import encode, encode_record
from firebreak.audit.verify import LogFile, verify
from firebreak.model.exchange import Caller
from firebreak.model.finding import Direction
from firebreak.model.usage import Usage

MADE = log(3, 0, 2)
FLAT = [(name, line) for name, lines in MADE.items() for line in lines]
TEXT = st.text(st.characters(), max_size=300)


def _verify(rows: list[tuple[str, bytes]], *known: Head) -> bool:
    """The verdict on rows put back into their files, cut into lines as a reader cuts them."""
    names = list(dict.fromkeys(name for name, _ in rows))
    made = []
    for name in names:
        block = b"".join(line for of, line in rows if of == name)
        made.append(LogFile(name, [piece for piece in block.splitlines(keepends=True) if piece]))
    return verify(made, known).ok


def test_an_untouched_log_is_whole():
    assert _verify(FLAT, head_of(MADE))


@given(st.integers(0, len(FLAT) - 1), st.data())
def test_every_changed_byte_is_caught(index, data):
    name, line = FLAT[index]
    at = data.draw(st.integers(0, len(line) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda byte: byte != line[at]))
    changed = line[:at] + bytes([value]) + line[at + 1 :]
    assert not _verify([*FLAT[:index], (name, changed), *FLAT[index + 1 :]])


@given(st.integers(0, len(FLAT) - 2))
def test_every_dropped_entry_is_caught(index):
    assert not _verify([*FLAT[:index], *FLAT[index + 1 :]])


@given(st.integers(0, len(FLAT) - 1), st.integers(0, len(FLAT) - 1))
def test_every_swap_is_caught(one, other):
    rows = list(FLAT)
    rows[one], rows[other] = (rows[one][0], rows[other][1]), (rows[other][0], rows[one][1])
    assert _verify(rows) == (one == other)


@given(st.integers(0, len(FLAT) - 1), st.integers(0, len(FLAT)))
def test_every_duplicate_is_caught(index, at):
    assert not _verify([*FLAT[:at], FLAT[index], *FLAT[at:]])


@given(st.integers(0, len(FLAT)), st.integers(0, 9), st.booleans())
def test_every_inserted_entry_is_caught(at, seq, linked):
    name = FLAT[max(at - 1, 0)][0]
    previous = json.loads(FLAT[max(at - 1, 0)][1])["hash"] if linked else GENESIS
    forged = encode(record(99), seq, previous)
    extends = at == len(FLAT) and seq == len(FLAT) and linked
    assert _verify([*FLAT[:at], (name, forged), *FLAT[at:]]) == extends


@given(st.integers(0, len(FLAT) - 1))
def test_truncation_below_a_known_head_is_caught(length):
    assert not _verify(FLAT[:length], head_of(MADE))


@given(st.integers(1, len(FLAT)), st.data())
def test_a_chain_written_anew_is_caught_by_a_head_kept_elsewhere(length, data):
    other = log(3, 0, 2, worker=1)
    at = data.draw(st.integers(0, length - 1))
    known = json.loads(FLAT[at][1])
    assert not verify(files(other), [Head(at, known["hash"])]).ok


@settings(max_examples=200)
@given(
    st.fixed_dictionaries(
        dict.fromkeys(("id", "path", "method", "model", "provider", "where", "reason", "traceparent"), TEXT)
        | {"time_s": st.floats(allow_nan=False, allow_infinity=False), "stream": st.booleans()}
        | {
            "tools": st.lists(TEXT, max_size=4).map(tuple),
            "caller": st.builds(Caller, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT),
        }
        | {"timings_us": st.dictionaries(TEXT, st.integers(0, 10**9), max_size=4)}
        | {
            "direction": st.sampled_from(list(Direction)),
            "status": st.integers(0, 599),
            "ending": TEXT,
            "usage": st.none() | st.builds(Usage, *[st.integers()] * 4, st.booleans()),
            "changes": st.integers(0, 10**9),
            "late": st.integers(0, 10**9),
            "cost": st.floats(allow_nan=False, allow_infinity=False),
            "currency": TEXT,
        }
    )
)
def test_an_entry_is_what_json_dumps_makes_of_it(changes):
    entry = encode_record(record(**changes))
    assert json.dumps(json.loads(entry), sort_keys=True, separators=(",", ":")) == entry
    assert "\n" not in entry
