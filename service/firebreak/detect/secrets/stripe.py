"""Stripe: secret and restricted keys, live and test, and the secrets that sign webhooks."""

from firebreak.detect.secrets.form import letters, token
from firebreak.model.finding import Severity

RULES = (
    token(
        "stripe-live-key",
        r"(?:sk|rk)_(?:live|prod)_[A-Za-z0-9]{16,247}",
        "Stripe key that moves real money",
        ("sk_live_" + letters(24), "rk_live_" + letters(99)),
        ("sk_live_", "pk_live_" + letters(24)),
    ),
    token(
        "stripe-test-key",
        r"(?:sk|rk)_test_[A-Za-z0-9]{16,247}",
        "Stripe key of a test account",
        ("sk_test_" + letters(24),),
        ("sk_test_", "pk_test_" + letters(24)),
        severity=Severity.MEDIUM,
        score=0.8,
    ),
    token(
        "stripe-webhook-secret",
        r"whsec_[A-Za-z0-9+/]{24,80}",
        "Secret that signs webhooks (Stripe, Svix)",
        ("whsec_" + letters(32),),
        ("whsec_...",),
        severity=Severity.HIGH,
    ),
)
