"""One provider API a file: its bytes to a conversation, and a refusal to its own error form.

Here belongs whatever knows a wire format: the strict JSON reader, the typed access to fields, the map from text back to
raw bytes. What a text means (detection, intent), what follows from it (policy) and how bytes arrive (edge) do not.
"""
