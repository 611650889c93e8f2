"""Text that costs tokens and says nothing, and orders to write such text."""
