"""Tools that teams work with: Atlassian, Okta, Linear, Notion, Postman, Figma, Airtable and others."""

from firebreak.detect.rule import LEFT
from firebreak.detect.secrets.form import hexes, letters, named, token, uuid

RULES = (
    token(
        "atlassian-token",
        r"AT[AC]TT3[A-Za-z0-9_=-]{50,220}",
        "Atlassian token (Jira, Confluence, Bitbucket)",
        ("ATATT3" + letters(186), "ATCTT3" + letters(100)),
        ("ATATT3x",),
    ),
    named(
        "okta-token",
        r"okta|\bssws",
        r"00[A-Za-z0-9_-]{40}",
        "Okta token beside its name",
        ("OKTA_TOKEN=00" + letters(40),),
        ("OKTA_DOMAIN=acme.okta.com",),
    ),
    token(
        "okta-ssws-header",
        r"SSWS 00[A-Za-z0-9_-]{40}",
        "Okta token in a header",
        ("Authorization: SSWS 00" + letters(40),),
        ("SSWS token",),
    ),
    token(
        "linear-api-key",
        r"lin_(?:api|oauth)_[A-Za-z0-9]{40,64}\b",
        "Linear key",
        ("lin_api_" + letters(40),),
        ("lin_api_x",),
    ),
    token(
        "notion-token",
        r"(?:secret_[A-Za-z0-9]{43}|ntn_[A-Za-z0-9]{40,50})\b",
        "Notion token",
        ("secret_" + letters(43), "ntn_" + letters(46)),
        ("secret_key_name",),
    ),
    token(
        "postman-api-key",
        r"PMAK-[0-9a-f]{24}-[0-9a-f]{34}\b",
        "Postman key",
        ("PMAK-" + hexes(24) + "-" + hexes(34),),
        ("PMAK-x",),
    ),
    token("figma-token", r"fig[dou]r?_[A-Za-z0-9_-]{40,60}", "Figma token", ("figd_" + letters(40),), ("figd_x",)),
    token(
        "airtable-token",
        r"pat[A-Za-z0-9]{14}\.[0-9a-f]{64}\b",
        "Airtable token",
        ("pat" + letters(14) + "." + hexes(64),),
        ("pattern.compile",),
    ),
    token(
        "asana-token",
        r"[12]/\d{12,20}(?:/\d{12,20})?:[0-9a-f]{32}\b",
        "Asana token",
        ("1/" + "1" * 16 + ":" + hexes(32),),
        ("1/2",),
        trigger=r"\d:[0-9a-f]{32}\b",
    ),
    token(
        "clickup-token",
        r"pk_\d{6,10}_[A-Z0-9]{32}\b",
        "ClickUp token",
        ("pk_12345678_" + letters(32).upper(),),
        ("pk_test",),
    ),
    token("typeform-token", r"tfp_[A-Za-z0-9_.=-]{40,64}", "Typeform token", ("tfp_" + letters(44),), ("tfp_x",)),
    token(
        "hubspot-token",
        r"pat-(?:na|eu)\d-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
        "HubSpot token",
        ("pat-na1-" + uuid(),),
        ("pat-na1-x",),
    ),
    token(
        "contentful-token",
        r"CFPAT-[A-Za-z0-9_-]{43}",
        "Contentful management token",
        ("CFPAT-" + letters(43),),
        ("CFPAT-x",),
    ),
    token(
        "dropbox-token", r"sl\.(?:u\.)?[A-Za-z0-9_-]{130,}", "Dropbox token", ("sl." + letters(140),), ("sl.example",)
    ),
    token(
        "launchdarkly-key",
        r"(?:api|sdk)-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b",
        "LaunchDarkly key",
        ("sdk-" + uuid(),),
        ("sdk-core",),
    ),
    token(
        "onepassword-token",
        r"(?:ops_eyJ[A-Za-z0-9+/=_-]{100,}|A3-[A-Z0-9]{6}-[A-Z0-9]{6,11}(?:-[A-Z0-9]{5}){3,4}\b)",
        "1Password service token or secret key",
        ("ops_eyJ" + letters(250), "A3-" + "-".join(letters(n).upper() for n in (6, 6, 5, 5, 5, 5))),
        ("ops_x",),
        trigger=LEFT + r"(?:ops_eyJ[A-Za-z0-9+/=_-]{100}|A3-[A-Z0-9]{6}-[A-Z0-9]{6})",
    ),
    token("sonarqube-token", r"sq[pua]_[0-9a-f]{40}\b", "SonarQube token", ("sqp_" + hexes(40),), ("squ_x",)),
    token("buildkite-token", r"bkua_[0-9a-f]{40}\b", "Buildkite token", ("bkua_" + hexes(40),), ("bkua_x",)),
    token(
        "circleci-token",
        r"CCIPAT_[A-Za-z0-9]{20,24}_[0-9a-f]{40}\b",
        "CircleCI token",
        ("CCIPAT_" + letters(22) + "_" + hexes(40),),
        ("CCIPAT_x",),
    ),
    token(
        "age-secret-key",
        r"AGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}\b",
        "age encryption key",
        ("AGE-SECRET-KEY-1" + "Q" * 58,),
        ("AGE-SECRET-KEY-1",),
    ),
)
