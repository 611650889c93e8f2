"""Prometheus rules, their tests for promtool, and the same rules as an object of the Prometheus operator."""
