"""Payloads: text that is meant to be run by something behind the model, such as a database, a template or a shell."""
