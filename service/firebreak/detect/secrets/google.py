"""Google: API keys, OAuth clients and tokens, keys of service accounts."""

from firebreak.detect.secrets.form import hexes, letters, token
from firebreak.model.finding import Severity

RULES = (
    token(
        "google-api-key",
        r"AIza[A-Za-z0-9_-]{35}",
        "Google API key (Gemini, Maps, Firebase)",
        ("AIza" + "Sy" + letters(33), "key=AIza" + letters(35)),
        ("AIza" + letters(20), "xAIza" + letters(35)),
        severity=Severity.HIGH,
    ),
    token(
        "google-oauth-client-secret",
        r"GOCSPX-[A-Za-z0-9_-]{28}",
        "Secret of a Google OAuth client",
        ("GOCSPX-" + letters(28),),
        ("GOCSPX-" + letters(9),),
    ),
    token(
        "google-oauth-token",
        r"ya29\.[A-Za-z0-9_-]{30,}",
        "Google OAuth access token",
        ("ya29." + letters(120),),
        ("ya29.short",),
        severity=Severity.HIGH,
    ),
    token(
        "google-oauth-refresh-token",
        r"1//0[A-Za-z0-9_-]{40,}",
        "Google OAuth refresh token",
        ("1//0" + letters(60),),
        ("1//05",),
        severity=Severity.HIGH,
    ),
    token(
        "gcp-service-account-key",
        r"private_key_id\\{0,3}[\"']\s{0,9}:\s{0,9}\\{0,3}[\"'][0-9a-f]{40}",
        "Key file of a Google Cloud service account",
        ('"private_key_id": "' + hexes(40) + '"', '\\"private_key_id\\": \\"' + hexes(40)),
        ('"private_key_id": "abc"',),
    ),
)
