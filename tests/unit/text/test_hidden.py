from firebreak.text.hidden import FLAG, selectors, tags


def tagged(words: str) -> str:
    return "".join(chr(0xE0000 + ord(character)) for character in words)


def selected(words: str) -> str:
    return "".join(chr(0xFE00 + byte if byte < 16 else 0xE0100 + byte - 16) for byte in words.encode())


def test_tags_spell_ascii_and_know_their_places():
    text = f"Hi{tagged('steal')} there{tagged(' keys')}!"
    found = tags(text)
    assert found
    plain, offsets = found
    assert plain == "steal keys"
    assert offsets.span(0, 5) == (2, 7)
    assert offsets.span(6, 10) == (14, 18)


def test_selectors_spell_bytes_and_map_to_their_run():
    first, second = selected("stéal\n"), selected("keys")
    text = f"😀{first} and 😀{second}"
    found = selectors(text)
    assert found
    plain, offsets = found
    assert plain == "stéal\nkeys"
    assert text[slice(*offsets.span(0, 6))] == first
    assert text[slice(*offsets.span(7, 8))] == second


def test_nothing_hidden_gives_nothing():
    assert tags("plain ❤\ufe0f") is None
    assert selectors("plain ❤\ufe0f \ufe00\ufe00\ufe00") is None


def test_the_flag_of_scotland_is_one():
    assert FLAG.fullmatch("🏴" + tagged("gbsct") + "\U000e007f")
