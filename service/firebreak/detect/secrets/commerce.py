"""Shops and payments: Shopify, Square, PayPal and Braintree, Plaid, Coinbase and others."""

from firebreak.detect.secrets.form import hexes, letters, named, token, uuid
from firebreak.detect.secrets.placeholder import is_key
from firebreak.model.finding import Severity

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
    token(
        "razorpay-key",
        r"rzp_(?:live|test)_[A-Za-z0-9]{14}\b",
        "Id of a Razorpay key",
        ("rzp_live_" + letters(14),),
        ("rzp_test_x",),
        severity=Severity.HIGH,
    ),
    token(
        "mollie-key",
        r"(?:live|test)_[A-Za-z0-9]{30}\b",
        "Mollie key",
        ("live_" + letters(30),),
        ("test_that_a_name_is_no_key_at_all", "test_" + "abcdefghijklmnopqrstuvwxyzabcd"),
        check=is_key,
    ),
    token(
        "gocardless-token",
        r"live_[A-Za-z0-9_-]{40,42}\b",
        "GoCardless token",
        ("live_" + letters(40),),
        ("live_" + letters(8), "live_" + "a_name_of_a_variable_in_some_program_that_is_long"),
        check=is_key,
    ),
    token(
        "shippo-token",
        r"shippo_(?:live|test)_[0-9a-f]{40}\b",
        "Shippo token",
        ("shippo_live_" + hexes(40),),
        ("shippo_live_x",),
    ),
    token(
        "duffel-token",
        r"duffel_(?:live|test)_[A-Za-z0-9_-]{43}",
        "Duffel token",
        ("duffel_live_" + letters(43),),
        ("duffel_test_x",),
    ),
    token(
        "sumup-key", r"sup_sk_[A-Za-z0-9]{32}\b", "SumUp key", ("sup_sk_" + letters(32),), ("sup_pk_" + letters(32),)
    ),
    token(
        "paddle-key",
        r"pdl_(?:live|sdbx)_apikey_[a-z0-9]{26}_[A-Za-z0-9]{22}_[A-Za-z0-9]{3}\b",
        "Paddle key",
        ("pdl_live_apikey_" + hexes(26) + "_" + letters(22) + "_" + letters(3),),
        ("pdl_live_apikey_x",),
    ),
    token("lob-key", r"(?:live|test)_[0-9a-f]{35}\b", "Lob key", ("live_" + hexes(35),), ("test_" + hexes(20),)),
    token(
        "coinbase-key",
        r"organizations/[0-9a-f]{8}-[0-9a-f-]{27}/apiKeys/[0-9a-f]{8}-[0-9a-f-]{27}",
        "Name of a Coinbase key",
        ("organizations/" + uuid() + "/apiKeys/" + uuid(),),
        ("organizations/x/apiKeys/y",),
        severity=Severity.HIGH,
        score=0.85,
    ),
    token(
        "polar-token",
        r"polar_(?:oat|pat|at_[ou]|rt_[ou]|whs)_[A-Za-z0-9]{32,50}",
        "Polar token",
        ("polar_oat_" + letters(43),),
        ("polar_coordinates",),
    ),
    token(
        "stytch-secret",
        r"secret-(?:live|test)-[A-Za-z0-9_-]{35,36}=?",
        "Stytch secret",
        ("secret-live-" + letters(35) + "=",),
        ("secret-test-x",),
    ),
    named(
        "crypto-exchange-secret",
        r"binance|kraken|bitfinex|kucoin|okx|bybit|coinbase",
        r"[A-Za-z0-9]{64}|[A-Za-z0-9+/]{86}==",
        "Key of a crypto exchange beside its name",
        ("BINANCE_SECRET=" + letters(64),),
        ("BINANCE_URL=x",),
    ),
)
