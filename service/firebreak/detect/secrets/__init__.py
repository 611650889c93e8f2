"""Credentials: one file a vendor or a family. Rules and their examples belong here; no engine, no policy, no network."""
