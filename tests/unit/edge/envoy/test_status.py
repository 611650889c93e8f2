import pytest

from firebreak.edge.envoy.clusters import ENGINE
from firebreak.edge.envoy.config import config
from firebreak.edge.envoy.options import EnvoyOptions, Provider
from firebreak.edge.envoy.status import ADMIN, METRICS_PATH, READY_PATH, admin_cluster, status_listener
from firebreak.model.errors import BadConfig

LOCAL = Provider("local", "openai", "127.0.0.1", "/local", 8080, tls=False)
OPTIONS = EnvoyOptions(providers=(LOCAL,), status_host="0.0.0.0", status_port=15082, admin_socket="/run/admin.sock")


def manager():
    return status_listener(OPTIONS)["filter_chains"][0]["filters"][0]["typed_config"]


def test_there_is_none_unless_it_is_asked_for():
    resources = config(EnvoyOptions(providers=(LOCAL,)))["static_resources"]
    assert [listener["name"] for listener in resources["listeners"]] == ["llm"]
    assert ADMIN not in [cluster["name"] for cluster in resources["clusters"]]


def test_it_is_ready_while_a_worker_is():
    ready = manager()["http_filters"][0]["typed_config"]
    assert ready["headers"] == [{"name": ":path", "string_match": {"exact": READY_PATH}}]
    assert ready["cluster_min_healthy_percentages"] == {ENGINE: {"value": 1}}
    assert ready["pass_through_mode"] is False


def test_of_the_admin_interface_it_shows_one_page_to_readers():
    routes = manager()["route_config"]["virtual_hosts"][0]["routes"]
    (metrics,) = [route for route in routes if "route" in route]
    assert metrics["match"] == {
        "path": METRICS_PATH,
        "headers": [{"name": ":method", "string_match": {"exact": "GET"}}],
    }
    assert routes[-1] == {"match": {"prefix": "/"}, "direct_response": {"status": 404}}
    endpoint = admin_cluster(OPTIONS)["load_assignment"]["endpoints"][0]["lb_endpoints"][0]["endpoint"]
    assert endpoint["address"] == {"pipe": {"path": "/run/admin.sock"}}


def test_it_needs_a_port_of_its_own():
    with pytest.raises(BadConfig, match="status_port"):
        EnvoyOptions(providers=(LOCAL,), listen_port=15080, status_port=15080)
