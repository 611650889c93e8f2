"""Firebreak: a policy firewall for LLM traffic, run next to a workload behind Envoy."""

__version__ = "0.1.0"
"""As in pyproject.toml, and a test compares them: to ask for it takes as long as a tenth of a command's start."""
