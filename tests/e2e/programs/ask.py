"""`ask.py TEXT`: one chat to the provider that OPENAI_BASE_URL leads to; prints what came back as JSON.

`ask.py --stream TEXT` prints a line for each event, and at the end `done` or what cut it off. SIGTERM does not end it: a
workload that is being stopped finishes what it has begun.
"""

import http.client
import json
import os
import signal
import sys
import urllib.parse


def post(text: str, *, stream: bool) -> http.client.HTTPResponse:
    base = urllib.parse.urlsplit(os.environ["OPENAI_BASE_URL"])
    assert base.hostname
    connection = http.client.HTTPConnection(base.hostname, base.port, timeout=60)
    body = {"model": "gpt-4o", "stream": stream, "messages": [{"role": "user", "content": text}]}
    headers = {"content-type": "application/json", "authorization": "Bearer not-a-real-key"}
    connection.request("POST", f"{base.path}/chat/completions", json.dumps(body), headers)
    return connection.getresponse()


def main() -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    if sys.argv[1] != "--stream":
        response = post(sys.argv[1], stream=False)
        found = {"status": response.status, "headers": dict(response.getheaders()), "body": response.read().decode()}
        print(json.dumps(found))
        return
    try:
        for line in post(sys.argv[2], stream=True):
            if line.startswith(b"data: "):
                print(line.decode().strip()[:200], flush=True)
    except (OSError, http.client.HTTPException) as error:
        print("cut off:", repr(error), flush=True)
        raise
    print("done", flush=True)


if __name__ == "__main__":
    main()
