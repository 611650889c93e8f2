"""Credentials: one file a vendor or a family. Rules and their examples only; no engine, no policy, no network."""
