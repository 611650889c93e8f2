from firebreak.codecs.answer import Channel
from firebreak.detect.interface import Hit
from firebreak.detect.leak import BEGUN
from firebreak.model.conversation import PartKind
from firebreak.model.finding import FindingKind, Severity
from firebreak.pipeline.growing import LOOK_BACK, MAX_OPEN, GrowingText


def text(kind=PartKind.TEXT):
    return GrowingText(Channel(kind, "0.content"))


def hit(start, end, rule="r"):
    return Hit(rule, FindingKind.SECRET, Severity.HIGH, 1.0, start, end)


def grown(growing, more, *hits):
    growing.grow(more)
    return growing.judged(hits) if growing.part() is not None else None


def test_the_last_word_waits():
    growing = text()
    assert grown(growing, "two wor") == []
    assert growing.cleared == 4
    assert grown(growing, "ds") is None
    growing.closed = True
    assert growing.part().text == "two words"
    growing.judged(())
    assert growing.cleared == 9


def test_a_finding_is_told_once_and_when_it_cannot_grow():
    growing = text()
    assert grown(growing, "a key KEY", hit(6, 9)) == []
    (found,) = grown(growing, " is the", hit(6, 9))
    assert (found.start, found.end, found.late, growing.said(found)) == (6, 9, False, "KEY")
    assert grown(growing, " one ", hit(6, 9)) == []


def test_a_finding_holds_back_where_it_begins():
    growing = text()
    grown(growing, "some words that belong toge", hit(5, 27))
    assert growing.cleared == 5


def test_what_may_be_a_beginning_waits_and_is_no_finding():
    growing = text()
    assert grown(growing, "some words that belong ", hit(5, 23, BEGUN)) == []
    assert growing.cleared == 5


def test_what_says_what_a_text_is_like_holds_nothing_back_and_is_told_once():
    growing = text()

    def like(end, severity=Severity.INFO):
        return Hit("r", FindingKind.PRESSURE, severity, 1.0, 0, end)

    (found,) = grown(growing, "some words that belong toge", like(27))
    assert (found.start, found.end, growing.cleared) == (0, 27, 23)
    assert grown(growing, "ther and ", like(36)) == []
    (worse,) = grown(growing, "more ", like(41, Severity.LOW))
    assert worse.hit.severity is Severity.LOW


def test_of_what_stretches_are_like_the_first_and_what_is_worse_is_told():
    growing = text()
    growing.left = 600

    def like(start, score, severity=Severity.LOW):
        return Hit("r", FindingKind.LANGUAGE, severity, score, start, start + 9)

    (found,) = growing.told(512, [like(100, 0.5)])
    assert (found.start, found.end, found.late) == (612, 621, False)
    assert growing.told(1024, [like(0, 0.5), like(20, 0.4)]) == []
    (worse,) = growing.told(512, [like(0, 0.4, Severity.HIGH)])
    assert worse.late


def test_a_finding_in_what_has_left_is_late():
    growing = text()
    grown(growing, "some words ")
    growing.left = 11
    (found,) = grown(growing, "that belong ", hit(5, 15))
    assert found.late


def test_a_tool_call_waits_whole():
    growing = text(PartKind.TOOL_CALL)
    growing.grow("run\n{} and more ")
    assert growing.part() is None
    growing.closed = True
    assert growing.part().text == "run\n{} and more "


def test_memory_does_not_depend_on_its_length():
    growing = text()
    for _ in range(10_000):
        grown(growing, "words and words ", hit(0, 5))
        growing.forget()
    assert growing.end == 160_000
    assert len(growing.part().text if growing.part() else growing._text) <= 2 * LOOK_BACK + 64
    assert len(growing._seen) <= 2 * LOOK_BACK


def test_what_is_kept_begins_with_a_word():
    growing = text()
    for _ in range(500):
        grown(growing, "seven77 ")
        growing.forget()
    growing.grow("x y")
    assert growing.part().text.startswith("seven77 ")


def test_a_long_word_is_read_seldom_and_waits_no_longer_than_it_may():
    growing = text()
    read = 0
    for _ in range(40_000):
        growing.grow("xxxx")
        if (part := growing.part()) is not None:
            read += len(part.text)
            growing.judged(())
            growing.forget()
        assert growing.end - growing.cleared <= MAX_OPEN * 3 // 2 + 4
    assert read <= 8 * growing.end


def test_a_finding_that_goes_on_and_on_is_read_in_linear_time():
    growing = text()
    read = 0
    for _ in range(40_000):
        growing.grow("xxxx")
        if (part := growing.part()) is not None:
            read += len(part.text)
            growing.judged((hit(0, len(part.text)),))
            growing.forget()
    assert growing.cleared == 0
    assert read <= 8 * growing.end


def test_a_text_that_pauses_waits_for_nothing_and_may_go_on():
    growing = text()
    growing.grow("two wor")
    growing.paused = True
    assert growing.part().text == "two wor"
    growing.judged(())
    assert growing.cleared == growing.end == 7
    assert grown(growing, "ds ") == []
    assert growing.cleared == 10


def test_a_finding_across_a_pause_is_late():
    growing = text()
    growing.grow("KE")
    growing.paused = True
    growing.part()
    growing.judged(())
    growing.left = 2
    (found,) = grown(growing, "YS and more ", hit(0, 4))
    assert found.late


def test_a_tool_call_does_not_pause():
    growing = text(PartKind.TOOL_CALL)
    growing.grow("run\n")
    growing.paused = True
    assert growing.part() is None


def test_what_has_no_text_is_judged_once():
    growing = text(PartKind.AUDIO)
    growing.closed = True
    assert growing.part().text == ""
    (found,) = growing.judged((hit(0, 0),))
    assert (found.start, found.end, found.late) == (0, 0, False)
    assert growing.part() is None
