"""`helm test`: one request that must be refused, by the rule that must refuse it. Nothing of it is a real secret."""

import http.client
import json
import os
import pathlib
import ssl
import sys
import time
import urllib.parse

url = urllib.parse.urlsplit(os.environ["SMOKE_URL"])
rule = os.environ["SMOKE_RULE"]
body = json.dumps(
    {
        "model": "smoke",
        "max_tokens": 1,
        "messages": [{"role": "user", "content": "Why does AWS_ACCESS_KEY_ID=AKIAQ3EGRZ5XWY7TNBMK fail?"}],
    }
)
if not rule:
    # Another policy than the chart's own may let the above pass. A body that two readers could read in two ways is
    # refused whatever the policy says.
    body = '{"model": "smoke", "model": "other", "max_tokens": 1, "messages": [{"role": "user", "content": "Hello"}]}'


headers = {"content-type": "application/json"}
if "SMOKE_TOKEN" in os.environ:
    headers["x-firebreak-caller-token"] = pathlib.Path(os.environ["SMOKE_TOKEN"]).read_text()


def connect():
    if url.scheme == "http":
        return http.client.HTTPConnection(url.hostname, url.port, timeout=10)
    context = ssl.create_default_context(cafile=os.environ["SMOKE_CA"])
    return http.client.HTTPSConnection(url.hostname, url.port, timeout=10, context=context)


def send():
    connection = connect()
    target = f"{url.path}?{url.query}" if url.query else url.path
    connection.request("POST", target, body, headers)
    answer = connection.getresponse()
    answer.read()
    return answer


def ask():
    """The answer; a gateway that has just been installed gets a minute to be ready."""
    ends_s = time.monotonic() + 60
    while True:
        try:
            answer = send()
        except ssl.SSLError as error:
            if "CERTIFICATE_REQUIRED" not in str(error):
                sys.exit(f"FAIL: {error}")
            print("refused as it must be: the gateway asks for a certificate, and this test has none")
            sys.exit(0)
        except OSError as error:
            answer, problem = None, f"{type(error).__name__}: {error}"
        if answer is not None and answer.status != 503:
            return answer
        if time.monotonic() > ends_s:
            sys.exit(f"FAIL: no answer from {url.netloc} in 60 s ({problem if answer is None else answer.status})")
        time.sleep(2)


answer = ask()
if url.scheme == "https":
    sys.exit(f"FAIL: the gateway answered {answer.status} without asking for a certificate")
decision, found = answer.getheader("x-firebreak-decision"), answer.getheader("x-firebreak-rule")
if answer.status != 400 or decision != "BLOCK" or (rule and found != rule):
    wanted = f"400, BLOCK, {rule or 'any rule'}"
    sys.exit(f"FAIL: got {answer.status}, {decision}, {found}; wanted {wanted}. See `kubectl logs` of the gateway.")
print(f"refused as it must be: {answer.status}, {decision} by {found}, record {answer.getheader('x-firebreak-record')}")
