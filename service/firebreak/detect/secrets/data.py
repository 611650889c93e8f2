"""Where data lives: hosted databases, warehouses, and the tools that move data."""

from firebreak.detect.secrets.form import hexes, letters, named, token
from firebreak.detect.secrets.placeholder import is_key

RULES = (
    token("neon-api-key", r"napi_[a-z0-9]{60,70}\b", "Neon key", ("napi_" + hexes(64),), ("napi_create_function",)),
    token(
        "mongodb-atlas-secret",
        r"mdb_sa_sk_[A-Za-z0-9_-]{40}",
        "Secret of a MongoDB Atlas service account",
        ("mdb_sa_sk_" + letters(40),),
        ("mdb_sa_id_" + letters(24),),
    ),
    token(
        "confluent-secret",
        r"cflt[A-Za-z0-9+/]{60}\b",
        "Confluent Cloud secret",
        ("cflt" + letters(60),),
        ("cflt" + letters(9),),
    ),
    named(
        "confluent-secret-named",
        r"confluent",
        r"[A-Za-z0-9+/]{64}|[A-Z0-9]{16}",
        "Confluent key or secret beside its name",
        ("CONFLUENT_API_SECRET=" + letters(64),),
        ("CONFLUENT_REGION=eu",),
    ),
    token(
        "dbt-cloud-token",
        r"dbt[cus]_[A-Za-z0-9_=-]{40,60}",
        "dbt Cloud token",
        ("dbtc_" + letters(44),),
        ("dbtc_x", "dbts_is_the_name_of_a_function_in_a_long_python_module"),
        check=is_key,
    ),
    token("xata-key", r"xau_[A-Za-z0-9]{32,50}\b", "Xata key", ("xau_" + letters(36),), ("xau_x",)),
    token(
        "tinybird-token",
        r"p\.eyJ1IjogI[A-Za-z0-9_-]{40,300}\.[A-Za-z0-9_-]{20,50}",
        "Tinybird token",
        ("p.eyJ1IjogI" + letters(90) + "." + letters(43),),
        ("p.eyJ1",),
    ),
    named(
        "snowflake-secret",
        r"snowflake",
        r"[A-Za-z0-9_-]{60,90}",
        "Snowflake token beside its name",
        ("SNOWFLAKE_TOKEN=" + letters(80),),
        ("SNOWFLAKE_ACCOUNT=acme",),
    ),
    named(
        "elasticsearch-api-key",
        r"elastic(?:search)?[_ .-]?(?:api[_ .-]?key|encoded)",
        r"[A-Za-z0-9+/_-]{50,80}={0,2}",
        "Elasticsearch key beside its name",
        ("ELASTIC_API_KEY=" + letters(58) + "==",),
        ("ELASTIC_API_KEY=x",),
    ),
    token(
        "convex-deploy-key",
        r"prod:[a-z]{3,20}-[a-z]{3,20}-\d{1,4}\|[A-Za-z0-9+/=]{40,160}",
        "Convex deploy key",
        ("prod:quick-fox-12|" + letters(80),),
        ("prod:quick-fox-12",),
        trigger="prod:",
    ),
    token(
        "zilliz-cloud-login",
        r"(?:db_[a-f0-9]{16}:[A-Za-z0-9!@#$%^&*()_+=-]{8,32})",
        "Zilliz Cloud login",
        ("db_" + hexes(16) + ":" + letters(16),),
        ("db_x:y",),
    ),
)
