import http.client

import pytest

from firebreak.edge.http import Http, Pages


@pytest.fixture
def served():
    state = {"why": "no policy"}
    server = Http("127.0.0.1", 0, Pages(metrics=lambda: b"m 1\n", not_ready=lambda: state["why"]))
    yield server, state
    server.close()


def get(server, path, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=5)
    connection.request(method, path)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, body


def test_metrics_are_served(served):
    assert get(served[0], "/metrics") == (200, b"m 1\n")


def test_readiness_says_why_not(served):
    server, state = served
    assert get(server, "/readyz") == (503, b"no policy\n")
    state["why"] = ""
    assert get(server, "/readyz?verbose") == (200, b"ready\n")


def test_liveness_does_not_depend_on_readiness(served):
    assert get(served[0], "/healthz") == (200, b"ok\n")


def test_nothing_else_is_there(served):
    assert get(served[0], "/")[0] == 404
    assert get(served[0], "/metrics", "POST")[0] == 501
