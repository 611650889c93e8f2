"""`helm test` of the injector: asks the webhook as the API server does, and looks for the sidecar in its answer."""

import base64
import http.client
import json
import os
import ssl
import sys
import time

REVIEW = {
    "apiVersion": "admission.k8s.io/v1",
    "kind": "AdmissionReview",
    "request": {
        "uid": "00000000-0000-0000-0000-000000000001",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "namespace": "smoke",
        "operation": "CREATE",
        "dryRun": True,
        "object": {
            "apiVersion": "v1",
            "kind": "Pod",
            "metadata": {"generateName": "smoke-"},
            "spec": {"containers": [{"name": "app", "image": "app"}]},
        },
    },
}


def send():
    """By the authority that the API server trusts, and by the name that it calls."""
    context = ssl.create_default_context(cafile=os.environ["SMOKE_CA"])
    connection = http.client.HTTPSConnection(os.environ["SMOKE_HOST"], timeout=10, context=context)
    connection.request("POST", "/inject-all", json.dumps(REVIEW), {"content-type": "application/json"})
    answer = connection.getresponse()
    body = answer.read()
    if answer.status != 200:
        sys.exit(f"FAIL: {answer.status}: {body[:200]!r}")
    return json.loads(body)["response"]


def ask():
    """The answer; a webhook that has just been installed gets a minute to have its certificate."""
    ends_s = time.monotonic() + 60
    while True:
        try:
            return send()
        except OSError as error:
            if time.monotonic() > ends_s:
                sys.exit(f"FAIL: no answer from {os.environ['SMOKE_HOST']} in 60 s ({type(error).__name__}: {error})")
        time.sleep(2)


answer = ask()
patch = json.loads(base64.b64decode(answer.get("patch", "W10=")))
text = json.dumps(patch)
missing = [name for name in ("firebreak-config", "firebreak-engine", "firebreak-envoy") if f'"{name}"' not in text]
if answer.get("allowed") is not True or missing:
    sys.exit(f"FAIL: the webhook answered without {', '.join(missing)}: {json.dumps(answer)[:400]}")
print(f"injected as it must be: {len(patch)} additions, the sidecar among them")
