from firebreak.edge.envoy.options import Overload
from firebreak.edge.envoy.overload import BODIES, CONNECTIONS, HEAP, overload_manager
from firebreak.kube.sidecar import ENVOY_HEAP_SHARE


def test_the_limits_are_those_of_the_options() -> None:
    manager = overload_manager(Overload(max_heap_bytes=1 << 27, max_connections=7))
    by_name = {monitor["name"]: monitor["typed_config"] for monitor in manager["resource_monitors"]}
    assert by_name[HEAP]["max_heap_size_bytes"] == 1 << 27
    assert by_name[CONNECTIONS]["max_active_downstream_connections"] == 7


def test_every_action_watches_something_that_is_measured() -> None:
    manager = overload_manager(Overload())
    measured = {monitor["name"] for monitor in manager["resource_monitors"]}
    assert {trigger["name"] for action in manager["actions"] for trigger in action["triggers"]} <= measured


def test_memory_is_given_back_before_requests_are_refused() -> None:
    manager = overload_manager(Overload())
    actions = {action["name"].rpartition(".")[2]: action["triggers"][0] for action in manager["actions"]}
    shrink, stop = actions["shrink_heap"]["threshold"], actions["stop_accepting_requests"]["threshold"]
    (bodies,) = [point["triggers"][0]["threshold"] for point in manager["loadshed_points"]]
    assert shrink["value"] < bodies["value"]
    assert shrink["value"] < actions["reset_high_memory_stream"]["scaled"]["scaling_threshold"] < stop["value"]


def test_bodies_fit_three_times_what_they_may_take() -> None:
    assert 3 * BODIES * ENVOY_HEAP_SHARE[0] / ENVOY_HEAP_SHARE[1] < 1
