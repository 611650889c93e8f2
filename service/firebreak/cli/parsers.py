"""The type by which each command adds itself to the program's parser; argparse has no public name for it."""

import argparse
from typing import TypeAlias

Subparsers: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001 - argparse names the type nowhere else
