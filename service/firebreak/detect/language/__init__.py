"""Which language a text is in, and whether it changes on the way. Signals: no language is suspicious."""
