"""Kubernetes' quantities of cpu and memory, as far as the injector reads and adds them."""

import re

from firebreak.model.errors import BadConfig

CPU = re.compile(r"[1-9][0-9]{0,5}m|[1-9][0-9]{0,2}")
_MEMORY = re.compile(r"([1-9][0-9]{0,14})(Ki|Mi|Gi|k|M|G|)")
_UNITS = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9, "Ki": 2**10, "Mi": 2**20, "Gi": 2**30}


def memory_bytes(place: str, quantity: str) -> int:
    """A quantity of memory in bytes. Raises `BadConfig`."""
    found = _MEMORY.fullmatch(quantity)
    if found is None:
        raise BadConfig(place, "the quantity cannot be read", "write for example 256Mi")
    return int(found[1]) * _UNITS[found[2]]


def sum_of_memory(*quantities: str) -> str:
    """Of quantities that were read already, in Mi where that is exact."""
    size = sum(memory_bytes("memory", each) for each in quantities)
    return str(size) if size % 2**20 else f"{size // 2**20}Mi"


def sum_of_cpu(*quantities: str) -> str:
    """Of quantities that were read already, in thousandths."""
    return f"{sum(int(each[:-1]) if each.endswith('m') else int(each) * 1000 for each in quantities)}m"
