"""Firebreak: a policy firewall for LLM traffic, run next to a workload behind Envoy."""

from importlib.metadata import version

__version__ = version("firebreak")
