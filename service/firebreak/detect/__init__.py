"""Detectors: from views of one part to hits. No policy, no verdict, no file, no network; none knows another."""
