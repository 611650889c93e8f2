"""Secrets and personal data made up here, in the places they stand in; harmless texts that look like them; and code.

Written from the vendors' published forms and from registries' own examples, without a look at the detectors' rules: it
asks whether these know the forms, and the places. Everything is drawn from one seed, so every run has the same texts.
"""

import json
import random
import string
import sysconfig
import zlib
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

SEED = 20261121
EACH = 4
"""Of every form."""
HEX, UPPER, WORD = "0123456789abcdef", string.ascii_uppercase + string.digits, string.ascii_letters + string.digits
URL = WORD + "-_"
BASE62 = string.digits + string.ascii_uppercase + string.ascii_lowercase
PEM = string.ascii_letters + string.digits + "+/"

Chance = random.Random
Form = Callable[[Chance], str]


def of(alphabet: str, length: int) -> Form:
    return lambda chance: "".join(chance.choices(alphabet, k=length))


def form(*parts: str | Form) -> Form:
    return lambda chance: "".join(part if isinstance(part, str) else part(chance) for part in parts)


def checked(prefix: str) -> Form:
    """GitHub's and npm's tokens end in the CRC-32 of what is random in them, in six digits to the base of 62."""

    def made(chance: Chance) -> str:
        entropy = of(WORD, 30)(chance)
        rest, digits = zlib.crc32(entropy.encode()), ""
        for _ in range(6):
            rest, digit = divmod(rest, 62)
            digits = BASE62[digit] + digits
        return prefix + entropy + digits

    return made


TOKENS: dict[str, Form] = {
    "aws": form("AKIA", of(string.ascii_uppercase + "234567", 16)),
    "aws-session": form("ASIA", of(string.ascii_uppercase + "234567", 16)),
    "github": checked("ghp_"),
    "github-app": checked("ghs_"),
    "github-fine": form("github_pat_", of(WORD, 22), "_", of(WORD, 59)),
    "gitlab": form("glpat-", of(URL, 20)),
    "slack-bot": form("xoxb-", of(string.digits, 12), "-", of(string.digits, 12), "-", of(WORD, 24)),
    "slack-hook": form("https://hooks.slack.com/services/T", of(UPPER, 9), "/B", of(UPPER, 9), "/", of(WORD, 24)),
    "stripe": form("sk_live_", of(WORD, 24)),
    "stripe-restricted": form("rk_live_", of(WORD, 24)),
    "openai-project": form("sk-proj-", of(URL, 74), "T3BlbkFJ", of(URL, 74)),
    "anthropic": form("sk-ant-api03-", of(URL, 93), "AA"),
    "openrouter": form("sk-or-v1-", of(HEX, 64)),
    "groq": form("gsk_", of(WORD, 52)),
    "perplexity": form("pplx-", of(WORD, 48)),
    "replicate": form("r8_", of(WORD, 37)),
    "hugging-face": form("hf_", of(string.ascii_letters, 34)),
    "langsmith": form("lsv2_pt_", of(HEX, 32), "_", of(HEX, 10)),
    "google": form("AIza", of(URL, 35)),
    "google-oauth": form("GOCSPX-", of(URL, 28)),
    "npm": checked("npm_"),
    "pypi": form("pypi-AgEIcHlwaS5vcmc", of(URL, 80)),
    "rubygems": form("rubygems_", of(HEX, 48)),
    "docker": form("dckr_pat_", of(URL, 27)),
    "sendgrid": form("SG.", of(URL, 22), ".", of(URL, 43)),
    "mailgun": form("key-", of(HEX, 32)),
    "telegram": form(of("123456789", 10), ":AA", of(URL, 33)),
    "digitalocean": form("dop_v1_", of(HEX, 64)),
    "shopify": form("shpat_", of(HEX, 32)),
    "databricks": form("dapi", of(HEX, 32)),
    "new-relic": form("NRAK-", of(UPPER, 27)),
    "grafana": form("glsa_", of(WORD, 32), "_", of(HEX, 8)),
    "linear": form("lin_api_", of(WORD, 40)),
    "doppler": form("dp.pt.", of(WORD, 43)),
    "vault": form("hvs.", of(URL, 95)),
    "postman": form("PMAK-", of(HEX, 24), "-", of(HEX, 34)),
    "airtable": form("pat", of(WORD, 14), ".", of(HEX, 64)),
    "supabase": form("sbp_", of(HEX, 40)),
    "planetscale": form("pscale_pw_", of(URL, 43)),
    "atlassian": form("ATATT3xFfGF0", of(URL, 180)),
    "age": form("AGE-SECRET-KEY-1", of("QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L", 58)),
    "jwt": form(
        "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.", "eyJzdWIiOiIxMjM0NTY3ODkwIiwiaWF0IjoxNTE2MjM5MDIyfQ.", of(URL, 43)
    ),
}
PLACES = (
    "{token}",
    "API_KEY={token}\n",
    "export SERVICE_TOKEN='{token}'",
    "service:\n  credentials:\n    token: {token}\n",
    '{{"region": "eu", "apiKey": "{token}", "retries": 3}}',
    "curl -H 'Authorization: Bearer {token}' https://api.internal/v1/items",
    'client = Client(api_key="{token}", timeout=30)',
    "Hi, my build fails since today. I use the key {token} as always. Can you help?",
    "2026-11-20 08:11:02 DEBUG auth: using {token}, expires in 3600 s",
    "| service | key |\n|---|---|\n| billing | {token} |",
)
NAMED: dict[str, Form] = {
    "aws-secret": form("aws_secret_access_key = ", of(PEM, 40)),
    "azure-storage": form(
        "DefaultEndpointsProtocol=https;AccountName=plant;AccountKey=",
        of(PEM, 86),
        "==;EndpointSuffix=core.windows.net",
    ),
    "postgres": form("DATABASE_URL=postgres://app:", of(WORD, 16), "@db.internal:5432/orders"),
    "mongodb": form("mongodb+srv://reader:", of(WORD, 14), "@cluster0.ab1cd.mongodb.net/shop"),
    "redis": form("redis://:", of(WORD, 24), "@cache:6379/0"),
    "datadog": form("DD_API_KEY=", of(HEX, 32)),
    "password-yaml": form("db:\n  user: app\n  password: ", of(WORD, 14), "\n"),
    "password-code": form('connect(host="db", user="app", password="', of(WORD, 12), '!")'),
    "client-secret": form('"client_id": "app", "client_secret": "', of(URL, 40), '"'),
    "basic-header": lambda chance: (
        f"Authorization: Basic {b64encode(b'app:' + of(WORD, 18)(chance).encode()).decode()}"
    ),
    "private-key": form(
        "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA",
        of(PEM, 48),
        "\n",
        of(PEM, 64),
        "\n-----END RSA PRIVATE KEY-----",
    ),
}
HARMLESS = (
    "API_KEY=${{API_KEY}}",
    "api_key = os.environ['SERVICE_KEY']",
    'password: "{{{{ vault_db_password }}}}"',
    "token: <your token here>",
    "secret = get_secret('orders/db')",
    "def login(user: str, password: str) -> Token:",
    "The password has to have twelve characters and a digit.",
    "commit {sha} fixes the leak in the token cache",
    "sha256:{sha256}",
    "request id {uuid} took 38 ms",
    '<img src="data:image/png;base64,iVBORw0KGgoAAAANSUhEUg{base64}">',
    "integrity sha512-{base64}{base64}==",
    "const PUBLIC_ID = 'pk_test_example';",
    "password = None",
    "Set Authorization: Bearer <access token> on each call.",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{base64} me@host",
    "-----BEGIN PUBLIC KEY-----\nMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE{base64}\n-----END PUBLIC KEY-----",
    'etag: W/"{sha}"',
    "key: value\nprimary_key: id\nforeign_key: order_id",
    "s3://bucket/part-{uuid}.parquet",
)
PERSONAL = (
    # Examples of the IBAN registry (SWIFT), of card schemes' test pages, of the numbers' own authorities.
    *(
        f"Please pay to {iban} by Friday."
        for iban in (
            "DE89370400440532013000",
            "GB29NWBK60161331926819",
            "FR1420041010050500013M02606",
            "NL91ABNA0417164300",
            "ES9121000418450200051332",
            "IT60X0542811101000000123456",
            "BE68539007547034",
            "CH9300762011623852957",
            "AT611904300234573201",
            "SE4550000000058398257466",
            "NO9386011117947",
            "PL61109010140000071219812874",
            "DE89 3704 0044 0532 0130 00",
            "CH93 0076 2011 6238 5295 7",
        )
    ),
    *(
        f"The card is {card}, valid to 11/29."
        for card in (
            "4111111111111111",
            "5555 5555 5555 4444",
            "378282246310005",
            "6011-1111-1111-1117",
            "3530111333300000",
        )
    ),
    *(
        f"Reach me at {mail}."
        for mail in ("jane.porter@northwind-traders.com", "o'hara+news@mail.co.uk", "li_wei@corp.cn")
    ),
    *(
        f"Call {phone} after nine."
        for phone in (
            "+1 415 555 2671",
            "(212) 736-5000",
            "+44 20 7946 0958",
            "+49 30 901820",
            "+33 1 42 68 53 00",
            "+91 98765 43210",
        )
    ),
    "SSN: 536-22-8726",
    "Her social security number is 536-22-8726.",
    "NHS number 943 476 5919",
    "Numéro de sécurité sociale : 2 55 08 14 168 025 38",
    "Steuer-ID: 86095742719",
    "BSN 111222333",
    "DNI 12345678Z",
    "codice fiscale RSSMRA85T10A562S",
    "PESEL 44051401359",
    "CPF 390.533.447-05",
    "Aadhaar 2341 2341 2346",
    "The login came from 81.2.69.142 at noon.",
)
IMPERSONAL = (
    "Order 4111 1111 1111 1112 was shipped.",
    "Part DE89370400440532013001 is out of stock.",
    "Version 10.2.3.4 of the protocol is dated 2024-05-01.",
    "The paper is arXiv:2403.01234, DOI 10.1000/182.",
    "ISBN 978-3-16-148410-0, 320 pages.",
    "Tracking number 1Z999AA10123456784",
    "Unix time 1700000000, in milliseconds 1700000000123.",
    "Serial 000-12-3456 of batch 12-345-678",
    "@app.route('/users/<int:id>')",
    "Coordinates 48.8566, 2.3522; altitude 35 m.",
    "0123456789 and 9876543210 are the digits in order.",
    "git@github.com:example/project.git",
)


CODE_CHARS = 4000


def write(file: Path) -> Path:
    """Every line to `file`."""
    with file.open("w", encoding="utf-8") as out:
        for number, row in enumerate((*rows(), *_code())):
            out.write(json.dumps({"id": f"planted-{number}", **row}) + "\n")
    return file


def _code() -> Iterator[dict[str, Any]]:
    """The modules of Python's own library, in pieces."""
    for path in sorted(Path(sysconfig.get_path("stdlib")).glob("*.py")):
        text = path.read_text(encoding="utf-8")
        for start in range(0, len(text), CODE_CHARS):
            yield _row("secret", "clean_python_library", text[start : start + CODE_CHARS], 0)


def rows() -> Iterator[dict[str, Any]]:
    chance = Chance(SEED)
    for make in TOKENS.values():
        for _ in range(EACH):
            place = chance.choice(PLACES)
            yield _row("secret", "secret_planted", place.format(token=make(chance)), 1)
    for make in NAMED.values():
        for _ in range(EACH):
            yield _row("secret", "secret_named", make(chance), 1)
    filled = {"sha": of(HEX, 40), "sha256": of(HEX, 64), "uuid": _uuid, "base64": of(PEM, 43)}
    for text in HARMLESS:
        for _ in range(EACH):
            told = text.format(**{name: make(chance) for name, make in filled.items()})
            yield _row("secret", "secret_lookalikes", told, 0)
    yield from (_row("pii", "pii_planted", text, 1) for text in PERSONAL)
    yield from (_row("pii", "pii_lookalikes", text, 0) for text in IMPERSONAL)


def _row(kind: str, name: str, text: str, label: int) -> dict[str, Any]:
    return {"kind": kind, "set": name, "text": text, "label": label}


def _uuid(chance: Chance) -> str:
    return "-".join(of(HEX, length)(chance) for length in (8, 4, 4, 4, 12))
