"""Clouds, hosting and infrastructure: DigitalOcean, Heroku, Cloudflare, Terraform, Vault, Databricks and others."""

from firebreak.detect.rule import LEFT
from firebreak.detect.secrets.form import hexes, letters, named, token, uuid

_UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

RULES = (
    token(
        "digitalocean-token",
        r"do[opr]_v1_[0-9a-f]{64}\b",
        "DigitalOcean token: personal, OAuth or refresh",
        ("dop_v1_" + hexes(64), "doo_v1_" + hexes(64)),
        ("dop_v1_" + hexes(10),),
    ),
    token(
        "heroku-api-key",
        r"HRKU-[A-Za-z0-9_-]{36,64}",
        "Heroku key",
        ("HRKU-" + letters(58), "HRKU-" + uuid()),
        ("HRKU-x",),
    ),
    named(
        "heroku-api-key-named",
        r"heroku",
        _UUID,
        "Heroku key of the older form beside its name",
        ("HEROKU_API_KEY=" + uuid(),),
        ("heroku app " + uuid(),),
    ),
    token(
        "databricks-token",
        r"dapi[0-9a-f]{32}(?:-\d)?\b",
        "Databricks token",
        ("dapi" + hexes(32), "dapi" + hexes(32) + "-2"),
        ("dapi" + hexes(12),),
    ),
    token(
        "terraform-cloud-token",
        r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}",
        "Terraform Cloud token",
        (letters(14) + ".atlasv1." + letters(67),),
        (letters(14) + ".atlasv1.",),
        trigger=r"\.atlasv1\.",
    ),
    token(
        "vault-token",
        r"hv[sbr]\.[A-Za-z0-9_-]{24,300}",
        "HashiCorp Vault token: service, batch or recovery",
        ("hvs." + letters(90), "hvb." + letters(140)),
        ("hvs.token", "hvs.io"),
    ),
    token(
        "cloudflare-origin-ca-key",
        r"v1\.0-[0-9a-f]{24}-[0-9a-f]{146}\b",
        "Cloudflare origin CA key",
        ("v1.0-" + hexes(24) + "-" + hexes(146),),
        ("v1.0-beta",),
    ),
    named(
        "cloudflare-api-key",
        r"cloudflare|\bcf_(?:api|token)",
        r"[0-9a-f]{37}|[A-Za-z0-9_-]{40}",
        "Cloudflare key or token beside its name",
        ("CLOUDFLARE_API_TOKEN=" + letters(40), "cf_api_key: " + hexes(37)),
        ("CLOUDFLARE_ACCOUNT_ID=acme",),
    ),
    token(
        "doppler-token",
        r"dp\.(?:pt|st|ct|sa|scim|audit)\.(?:[a-z0-9_-]{2,35}\.)?[A-Za-z0-9]{40,44}\b",
        "Doppler token",
        ("dp.pt." + letters(43), "dp.st.dev." + letters(40)),
        ("dp.pt.x",),
    ),
    token("pulumi-token", r"pul-[0-9a-f]{40}\b", "Pulumi token", ("pul-" + hexes(40),), ("pul-request",)),
    token(
        "tailscale-key",
        r"tskey-(?:auth|api|client|scim|webhook)-[A-Za-z0-9]{8,24}(?:-[A-Za-z0-9]{20,40})?",
        "Tailscale key",
        ("tskey-auth-" + letters(12) + "-" + letters(32),),
        ("tskey-auth-x",),
    ),
    token(
        "planetscale-secret",
        r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_=.-]{32,64}",
        "PlanetScale password or token",
        ("pscale_tkn_" + letters(43),),
        ("pscale_pw_x",),
    ),
    token(
        "supabase-key",
        r"sb(?:p_[0-9a-f]{40}|_secret_[A-Za-z0-9_-]{22,50})",
        "Supabase token or secret key",
        ("sbp_" + hexes(40), "sb_secret_" + letters(31)),
        ("sb_publishable_" + letters(31),),
    ),
    token(
        "fly-token",
        r"(?:fo1_[A-Za-z0-9_-]{43}|fm[12][ar]?_[A-Za-z0-9+/]{100,}={0,3})",
        "Fly.io token",
        ("fo1_" + letters(43), "fm2_" + letters(140)),
        ("fo1_x",),
        trigger=LEFT + r"(?:fo1_[A-Za-z0-9_-]{43}|fm[12][ar]?_[A-Za-z0-9+/]{100})",
    ),
    token(
        "alibaba-access-key-id",
        r"LTAI[A-Za-z0-9]{17,21}\b",
        "Id of an Alibaba Cloud key",
        ("LTAI" + letters(20),),
        ("LTAI" + letters(4),),
    ),
    token(
        "yandex-api-key",
        r"(?:AQVN[A-Za-z0-9_-]{35,38}|YC[a-zA-Z0-9_-]{38}\b)",
        "Yandex Cloud key",
        ("AQVN" + letters(35), "YC" + letters(38)),
        ("YC" + letters(8),),
    ),
    token(
        "kubernetes-bootstrap-token",
        (
            r"K10[0-9a-f]{48,64}::(?:server|node):[0-9a-f]{32}"
            r"|(?:bootstrap|discovery)-?token:? [a-z0-9]{6}\.[a-z0-9]{16}\b"
        ),
        "Token that joins a node to a cluster",
        ("K10" + hexes(64) + "::server:" + hexes(32), "bootstrap-token: " + hexes(6) + "." + hexes(16)),
        ("bootstrap-token: abc",),
    ),
    token("scaleway-key", r"SCW[A-Z0-9]{17}\b", "Id of a Scaleway key", ("SCW" + hexes(17).upper(),), ("SCW_SECRET",)),
)
