"""Thin commands: arguments in, a call, an exit status out. No decision is made here."""
