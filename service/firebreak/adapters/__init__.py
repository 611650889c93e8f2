"""The only code that touches a disk, a wire or a library of models: what carries out the seams of the floors below."""

import os

# numpy's threads cost a small product many times what they save; the library reads this once, when it is first loaded,
# and several adapters may be the first to load it.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
