"""Prompt injection by phrase: rules for wording that only an attack needs. Statistical models belong elsewhere."""
