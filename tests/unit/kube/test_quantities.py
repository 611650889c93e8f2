import pytest

from firebreak.kube.quantities import memory_bytes, sum_of_cpu, sum_of_memory
from firebreak.model.errors import BadConfig


@pytest.mark.parametrize(
    ("quantity", "size"), [("1", 1), ("2k", 2000), ("3Mi", 3 << 20), ("1Gi", 1 << 30), ("1G", 10**9)]
)
def test_memory_is_read_as_kubernetes_does(quantity, size) -> None:
    assert memory_bytes("memory", quantity) == size


@pytest.mark.parametrize("quantity", ["", "0", "0Mi", "-1", "1.5Gi", "1 Mi", "1MB", "١Mi", "9" * 16])
def test_other_quantities_are_refused(quantity) -> None:
    with pytest.raises(BadConfig):
        memory_bytes("memory", quantity)


@pytest.mark.parametrize(
    ("quantities", "total"),
    [
        (("192Mi", "256Mi"), "448Mi"),
        (("1Gi", "1Mi"), "1025Mi"),
        (("1M", "1Mi"), "2048576"),
        (("1024Ki", "1"), "1048577"),
    ],
)
def test_memory_is_added_exactly(quantities, total) -> None:
    assert sum_of_memory(*quantities) == total


def test_cpu_is_added_in_thousandths() -> None:
    assert sum_of_cpu("100m", "2") == "2100m"
