"""Pressure on a model: wording that persuades, hurries, threatens or flatters. Signals: honest people write so too."""
