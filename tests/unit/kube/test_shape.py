import pytest

from firebreak.kube.report import Code, Refused
from firebreak.kube.shape import items, mapping, text


@pytest.mark.parametrize("owner", [{}, {"k": None}])
def test_what_is_absent_is_empty(owner: dict[str, None]) -> None:
    assert (mapping(owner, "k", ""), items(owner, "k", ""), text(owner, "k")) == ({}, [], "")


def test_what_is_there_is_read() -> None:
    assert mapping({"k": {"a": 1}}, "k", "") == {"a": 1}
    assert items({"k": [{"a": 1}]}, "k", "") == [{"a": 1}]
    assert text({"k": "a"}, "k") == "a"
    assert text({"k": 1}, "k") == ""


@pytest.mark.parametrize(("read", "value"), [(mapping, []), (mapping, ""), (items, {}), (items, [1]), (items, "x")])
def test_another_type_is_refused_with_its_place(read, value) -> None:
    with pytest.raises(Refused) as refused:
        read({"k": value}, "k", "spec.")
    assert refused.value.report.outcome is Code.MALFORMED
    assert refused.value.report.detail.startswith("spec.k is not ")
