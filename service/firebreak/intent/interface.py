"""The seam of what turns texts into vectors: the package's words, or an encoder of sentences."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class TextVectors(Protocol):
    """Texts of like meaning have unit vectors that point the same way. Pure: a text's vector depends on it alone."""

    @property
    def dims(self) -> int:
        """Numbers in a vector."""

    def vectors(self, texts: Sequence[str]) -> Floats:
        """One unit vector for each text."""
