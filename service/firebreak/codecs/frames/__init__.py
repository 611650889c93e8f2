"""How a provider's answer is cut into pieces on the wire: bytes to frames, whatever the chunks they come in."""
