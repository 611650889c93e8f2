"""Anthropic: keys of the API, of administrators and of OAuth sessions."""

from firebreak.detect.secrets.form import letters, token

RULES = (
    token(
        "anthropic-api-key",
        r"sk-ant-(?:api|admin|oat|ort|sid)\d{2}-[A-Za-z0-9_-]{20,}",
        "Anthropic key",
        ("sk-ant-api03-" + letters(93) + "AA", "sk-ant-oat01-" + letters(40), "sk-ant-admin01-" + letters(40)),
        ("sk-ant-api03-...", "sk-ant-" + letters(10)),
    ),
)
