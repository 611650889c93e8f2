import pytest

from firebreak.detect.patterns import PatternDetector
from firebreak.detect.registry import SECRETS
from firebreak.model.conversation import Origin, Part, PartKind, Role
from firebreak.text.views import View

DETECTOR = PatternDetector(SECRETS)
WORDS = ("S3cret-pw", "hunter22", "Winter2024!", "x7Kp2mQ9")
MADE = "k9Xq2LmZ7vBt4WcR8hNsY3pD6gJf5k9X"
LEAKS = (
    'password = "{}"',
    "password: '{}'",
    "DB_PASSWORD={}",
    '{{"user": "a", "passwd": "{}"}}',
    "<password>{}</password>",
    "spring.datasource.password={}",
    'private static final String PASSWORD = "{}";',
    "'password' => '{}',",
    'let password: &str = "{}";',
    'password := "{}"',
    "mysql -u root -p{} shop",
    "mysql://root:{}@db/shop",
    "Server=db;User Id=sa;Password={};",
    "curl -u admin:{} https://acme.io",
    "sshpass -p {} ssh a@b",
    'define("DB_PASSWORD", "{}");',
    '#define WIFI_PASS "{}"',
    "ENV MYSQL_ROOT_PASSWORD {}",
    '- name: DB_PASSWORD\n  value: "{}"',
    "IDENTIFIED BY '{}'",
    'ds.setPassword("{}")',
    "machine h login a password {}",
    "tool --password {}",
    "密码：{}",
    "| password | {} |",
    "<td>password</td><td>{}</td>",
    "<tr><th>Password</th>\n  <td class='x'>{}</td></tr>",
    "password\t{}",
    "<db_password>{}</db_password>",
    '"adminPwd": "{}"',
    "the pwd is {}",
)
KEYS = (
    "API_KEY={}",
    '"apiKey": "{}"',
    "const API_TOKEN: string = '{}'",
    "x-api-key: {}",
    "Authorization: token {}",
    "https://acme.io/v1?api_key={}",
    "Cookie: lang=de; sessionid={}; a=b",
    "tool --token {}",
    "secret_key_base: {}",
    "| api_key | {} |",
    "<td>API key</td><td>{}</td>",
    "token\t{}",
    "<clientSecret>{}</clientSecret>",
    "the api key is {}",
    "STRIPE_KEY={}",
)
PLACEHOLDERS = (
    "| password | your password |",
    "| token | string, 32 characters |",
    "<td>API key</td><td>required</td>",
    "the token is a JSON web token of 2026",
    "password || default1",
    'password = "change-me"',
    "password=${DB_PASSWORD}",
    "password: {{ vault_db_password }}",
    'password = os.environ["DB_PASSWORD1"]',
    "const password = process.env.DB_PASSWORD1;",
    "password: <password>",
    "PASSWORD=xxxxxxxx1",
    "token = self.tokenizer.encode2(x)",
    "api_key: ${{ secrets.API_KEY }}",
    "secretKeyRef: {name: db, key: password1}",
    'password = "{password}"',
    "password = random_password.db1.result",
    "postgres://user:password@localhost:5432/db",
    'curl -u "$USER:$PASS1" https://x',
    "--password-file /run/secrets/pw1",
    "secret = vault:secret/data/db#pw1",
    "ENV PATH /usr/local/bin1",
    "identified by `code1:`",
)


def found(text):
    part = Part(PartKind.TEXT, Role.USER, Origin.USER, text, ())
    return DETECTOR.detect(part, (View("raw", text),))


@pytest.mark.parametrize("form", LEAKS)
def test_a_password_is_found_where_programs_and_people_put_it(form):
    for word in WORDS:
        assert found(form.format(word)), word


@pytest.mark.parametrize("form", KEYS)
def test_a_key_is_found_where_programs_and_people_put_it(form):
    assert found(form.format(MADE))


@pytest.mark.parametrize("text", PLACEHOLDERS)
def test_what_keeps_the_place_of_a_secret_is_none(text):
    assert found(text) == []
