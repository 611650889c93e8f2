import pytest

from firebreak.audit.traceparent import TraceParent, parse

TRACE, SPAN = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"


def test_a_parent_is_read():
    assert parse(f"00-{TRACE}-{SPAN}-01") == TraceParent(TRACE, SPAN, True)
    assert parse(f"00-{TRACE}-{SPAN}-00") == TraceParent(TRACE, SPAN, False)


def test_a_later_version_may_append_fields():
    assert parse(f"01-{TRACE}-{SPAN}-03-more") == TraceParent(TRACE, SPAN, True)


@pytest.mark.parametrize(
    "header",
    [
        "",
        f"00-{TRACE}-{SPAN}-01-more",
        f"00-{TRACE}-{SPAN}-01\n",
        f"ff-{TRACE}-{SPAN}-01",
        f"00-{'0' * 32}-{SPAN}-01",
        f"00-{TRACE}-{'0' * 16}-01",
        f"00-{TRACE.upper()}-{SPAN}-01",
        f"00-{TRACE[:-1]}-{SPAN}-01",
    ],
)
def test_anything_else_is_no_trace(header):
    assert parse(header) is None
