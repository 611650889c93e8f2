"""Shops and payments: Shopify, Square, PayPal and Braintree, Plaid, Coinbase and others."""

from firebreak.detect.secrets.form import hexes, letters, token, uuid

RULES = (
    token(
        "shopify-token",
        r"shp(?:at|ca|pa|ss|ua|tka)_[0-9a-fA-F]{32}\b",
        "Shopify token or shared secret",
        ("shpat_" + hexes(32), "shpss_" + hexes(32)),
        ("shpat_x",),
    ),
    token(
        "square-token",
        r"(?:sq0(?:atp|csp|idp|cst)-[A-Za-z0-9_-]{22,43}|EAAA[A-Za-z0-9_-]{60})",
        "Square token or application secret",
        ("sq0atp-" + letters(22), "sq0csp-" + letters(43), "EAAA" + letters(60)),
        ("sq0atp-x", "EAAA" + letters(10)),
    ),
    token(
        "braintree-token",
        r"access_token\$(?:production|sandbox)\$[0-9a-z]{16}\$[0-9a-f]{32}\b",
        "PayPal Braintree token",
        ("access_token$production$" + hexes(16) + "$" + hexes(32),),
        ("access_token$production$",),
    ),
    token(
        "plaid-token",
        r"(?:access|public)-(?:sandbox|development|production)-[0-9a-f]{8}-[0-9a-f-]{27}\b",
        "Plaid token",
        ("access-production-" + uuid(),),
        ("access-production-x",),
    ),
    token("easypost-key", r"EZ[AT]K[A-Za-z0-9]{54}\b", "EasyPost key", ("EZAK" + letters(54),), ("EZAK",)),
    token(
        "flutterwave-key",
        r"FLWSECK(?:_TEST)?-[0-9A-Za-z]{12,32}-X\b",
        "Flutterwave secret key",
        ("FLWSECK-" + hexes(32) + "-X",),
        ("FLWSECK-x",),
    ),
    token(
        "adyen-key",
        (
            r"AQE[A-Za-z0-9]{5,10}[A-Za-z0-9+/=-]{60,200}-[A-Za-z0-9+/=]{40,50}-[A-Za-z0-9+/=^(){}\[\]<>.,*$&%!~|;:?@#_]{14,20}"
        ),
        "Adyen key",
        ("AQE" + letters(80) + "-" + letters(44) + "-" + letters(16),),
        ("AQE" + letters(20),),
    ),
)
