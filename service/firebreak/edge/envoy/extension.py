"""How Envoy names an extension in JSON."""

from typing import Any

Json = dict[str, Any]
"""A part of the configuration."""


def typed(message: str, **fields: Any) -> Json:
    """A value of the given message, which says so itself. `message` leaves out `envoy.extensions.`."""
    full = message if message.startswith("envoy.") else f"envoy.extensions.{message}"
    return {"@type": f"type.googleapis.com/{full}", **fields}


def extension(name: str, message: str, **fields: Any) -> Json:
    """A named extension with its typed configuration."""
    return {"name": name, "typed_config": typed(message, **fields)}


def seconds(value_s: float) -> str:
    """A duration as protobuf's JSON wants it."""
    return f"{value_s:.3f}".rstrip("0").rstrip(".") + "s"
