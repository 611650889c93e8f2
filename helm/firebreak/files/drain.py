"""Runs in the engine's container when its pod is told to stop, while Envoy's own `preStop` keeps SIGTERM from Envoy.

Envoy drops every request on SIGTERM, so it is emptied first, through its admin socket:
1. wait until the cluster has stopped sending new connections here;
2. let Envoy drain: answers say `connection: close`, and the listeners close after --drain-time-s;
3. wait until no request is in flight, or the time in the first argument is over;
4. end Envoy. The engine gets its SIGTERM only after this, so that every request of Envoy's could be checked.
"""

import http.client
import os
import re
import socket
import sys
import time

SETTLE_S = 5.0  # as long as the chart's --drain-time-s
ENDS_S = time.monotonic() + float(sys.argv[1])
ACTIVE = re.compile(r"^http\.llm\.downstream_rq_active: (\d+)$", re.MULTILINE)


def admin(method, path):
    connection = http.client.HTTPConnection("admin", timeout=5)
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.settimeout(5)
    connection.sock.connect(os.environ["FIREBREAK_ENVOY_ADMIN"])
    connection.request(method, path)
    return connection.getresponse().read().decode()


def idle():
    found = ACTIVE.search(admin("GET", "/stats?filter=^http.llm.downstream_rq_active$"))
    return found is not None and found[1] == "0"


try:
    time.sleep(SETTLE_S)
    admin("POST", "/drain_listeners?graceful")
    time.sleep(SETTLE_S + 1)
    while not idle() and time.monotonic() < ENDS_S:
        time.sleep(0.5)
    admin("POST", "/quitquitquit")
except (OSError, http.client.HTTPException) as error:
    print(f"Envoy is gone already: {type(error).__name__}")
