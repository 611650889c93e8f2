"""The normaliser: readings of one text, each with a map back to it. No provider formats, no verdicts, no rules."""
