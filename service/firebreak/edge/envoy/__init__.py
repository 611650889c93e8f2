"""The sidecar's Envoy configuration, from option values to text. Nothing here reads a file or starts a process."""
