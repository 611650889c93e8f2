"""Monitoring and error tracking: Datadog, New Relic, Grafana, Sentry, PagerDuty, Dynatrace and others."""

from firebreak.detect.secrets.form import hexes, letters, named, token

RULES = (
    named(
        "datadog-api-key",
        r"datadog|\bdd[_-](?:api|app|client)",
        r"[0-9a-f]{32}|[0-9a-f]{40}",
        "Datadog key beside its name",
        ("DD_API_KEY=" + hexes(32), "datadog app key: " + hexes(40)),
        ("DD_SITE=datadoghq.eu",),
    ),
    token(
        "newrelic-key",
        r"NR(?:AK|AL|II|IQ|RA|JS)-[A-Za-z0-9_-]{19,42}",
        "New Relic key",
        ("NRAK-" + letters(27).upper(), "NRII-" + letters(32)),
        ("NRAK-x",),
    ),
    token(
        "grafana-token",
        r"(?:glsa_[A-Za-z0-9]{32}_[0-9a-f]{8}|glc_[A-Za-z0-9+/]{32,400}={0,2})",
        "Grafana service account or cloud token",
        ("glsa_" + letters(32) + "_" + hexes(8), "glc_" + letters(120)),
        ("glsa_x", "glc_name"),
    ),
    token(
        "sentry-token",
        r"sntry[su]_(?:[0-9a-f]{64}|[A-Za-z0-9+/=_-]{60,300})",
        "Sentry token",
        ("sntryu_" + hexes(64), "sntrys_" + letters(120)),
        ("sntryu_x",),
    ),
    token(
        "dynatrace-token",
        r"dt0c01\.[A-Z0-9]{24}\.[A-Z0-9]{64}\b",
        "Dynatrace token",
        ("dt0c01." + letters(24).upper() + "." + letters(64).upper(),),
        ("dt0c01.x",),
    ),
    token(
        "honeycomb-key",
        r"hc[abx](?:ik|mk|lk)_[A-Za-z0-9]{50,64}\b",
        "Honeycomb key",
        ("hcaik_" + letters(58),),
        ("hcaik_x",),
    ),
    token(
        "posthog-key",
        r"ph[xs]_[A-Za-z0-9]{43,50}\b",
        "PostHog personal or feature-flag key",
        ("phx_" + letters(43),),
        ("phc_" + letters(43),),
    ),
    named(
        "pagerduty-key",
        r"pagerduty|\bpd_(?:api|token)",
        r"[A-Za-z0-9+_-]{20}|[0-9a-f]{32}",
        "PagerDuty key beside its name",
        ("PAGERDUTY_TOKEN=" + letters(20),),
        ("PAGERDUTY_SERVICE=acme",),
    ),
)
