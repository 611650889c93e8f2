"""The nouns every floor shares: frozen values, no I/O, no clock, no third party."""
