from firebreak.adapters.injection_metrics import InjectionMetrics


def said() -> tuple[InjectionMetrics, list[str]]:
    metrics = InjectionMetrics([("injected", "injected"), ("refused", "windows")])
    metrics.decided("refused", "windows", 0.003)
    metrics.fault("413")
    metrics.event("dropped")
    metrics.certificate_ends(1_790_000_000)
    metrics.build("1", "3.11")
    return metrics, metrics.render().decode().splitlines()


def test_what_happened_is_counted() -> None:
    lines = said()[1]
    for line in (
        'firebreak_injections_total{code="windows",outcome="refused"} 1.0',
        'firebreak_webhook_faults_total{fault="413"} 1.0',
        'firebreak_webhook_events_total{result="dropped"} 1.0',
        "firebreak_webhook_certificate_end_timestamp_seconds 1.79e+09",
        'firebreak_injection_duration_seconds_bucket{le="0.005"} 1.0',
        'firebreak_build_info{python="3.11",version="1"} 1.0',
    ):
        assert line in lines


def test_every_code_is_there_from_the_start() -> None:
    assert 'firebreak_injections_total{code="injected",outcome="injected"} 0.0' in said()[1]


def test_two_in_one_process_do_not_share() -> None:
    said()
    assert 'firebreak_webhook_faults_total{fault="413"} 1.0' in said()[1]
