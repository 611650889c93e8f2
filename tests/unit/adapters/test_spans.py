import subprocess
import sys
from concurrent import futures

import grpc
import pytest
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.sdk.trace.export import SpanExporter
from tests.golden.audit.samples import TIME_S, TRACEPARENT, record, response

from firebreak.adapters.spans import Spans, otlp


class Receiver(trace_service_pb2_grpc.TraceServiceServicer):
    """A collector that keeps what it gets."""

    def __init__(self):
        self.requests = []

    def Export(self, request, context):  # noqa: N802 - the protocol's name
        self.requests.append(request)
        return trace_service_pb2.ExportTraceServiceResponse()

    def spans(self):
        return [
            span
            for request in self.requests
            for resource in request.resource_spans
            for scope in resource.scope_spans
            for span in scope.spans
        ]


@pytest.fixture
def collector():
    receiver = Receiver()
    server = grpc.server(futures.ThreadPoolExecutor(max_workers=1))
    trace_service_pb2_grpc.add_TraceServiceServicer_to_server(receiver, server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield receiver, f"127.0.0.1:{port}"
    server.stop(None).wait()


def value(attribute):
    kind = attribute.value.WhichOneof("value")
    if kind == "array_value":
        return [item.string_value for item in attribute.value.array_value.values]
    return getattr(attribute.value, kind)


def sent(collector, *records):
    receiver, endpoint = collector
    spans = otlp(endpoint, insecure=True, version="0.1.0", worker=2)
    for made in records:
        spans.observe(made)
    spans.close()
    return receiver.spans()


def test_a_record_becomes_a_check_and_its_stages(collector):
    spans = {span.name: span for span in sent(collector, record(model="m" * 999))}
    assert list(spans) == ["firebreak.read", "firebreak.screen", "firebreak.intent", "firebreak.check"]
    check = spans["firebreak.check"]
    _, trace_id, parent_id, _ = TRACEPARENT.split("-")
    assert (check.trace_id.hex(), check.parent_span_id.hex()) == (trace_id, parent_id)
    assert check.start_time_unix_nano == round(TIME_S * 1e9)
    assert check.end_time_unix_nano - check.start_time_unix_nano == 560_000
    at = check.start_time_unix_nano
    for stage in ("read", "screen", "intent"):
        child = spans[f"firebreak.{stage}"]
        assert child.parent_span_id == check.span_id
        assert child.start_time_unix_nano == at
        at = child.end_time_unix_nano
    assert at == check.end_time_unix_nano
    attributes = {attribute.key: value(attribute) for attribute in check.attributes}
    assert attributes["gen_ai.operation.name"] == "chat"
    assert attributes["gen_ai.provider.name"] == "openai"
    assert attributes["gen_ai.request.model"] == "m" * 256
    assert attributes["firebreak.decision"] == "BLOCK"
    assert attributes["firebreak.record"] == "record-0"
    assert attributes["firebreak.findings"] == ["email-address"]
    assert "alice" not in str(attributes)
    (resource,) = {request.resource_spans[0].resource.SerializeToString() for request in collector[0].requests}
    assert b"firebreak" in resource
    assert b"worker-2" in resource


def test_a_response_is_a_span_of_its_own(collector):
    (span,) = sent(collector, response())
    _, trace_id, parent_id, _ = TRACEPARENT.split("-")
    assert (span.name, span.trace_id.hex(), span.parent_span_id.hex()) == ("firebreak.response", trace_id, parent_id)
    assert span.end_time_unix_nano - span.start_time_unix_nano == 300_000
    attributes = {attribute.key: value(attribute) for attribute in span.attributes}
    assert attributes["http.response.status_code"] == 200
    assert attributes["http.response.body.size"] == 4096
    assert (attributes["gen_ai.usage.input_tokens"], attributes["gen_ai.usage.output_tokens"]) == (120, 40)
    assert attributes["firebreak.usage.estimated"] is False
    assert (attributes["firebreak.record"], attributes["firebreak.ending"]) == ("record-0", "cut")
    assert "http.request.body.size" not in attributes


def test_a_response_that_does_not_say_what_it_cost_has_no_tokens(collector):
    (span,) = sent(collector, response(usage=None))
    assert not [attribute.key for attribute in span.attributes if ".usage." in attribute.key]


def test_a_trace_that_is_not_sampled_is_left_alone(collector):
    assert sent(collector, record(traceparent=TRACEPARENT[:-2] + "00")) == []


def test_without_a_readable_parent_a_new_trace_begins(collector):
    made = sent(collector, record(traceparent="garbage", timings_us={}), record(traceparent="", timings_us={}))
    assert [span.parent_span_id for span in made] == [b"", b""]
    assert len({span.trace_id for span in made}) == 2


@pytest.mark.parametrize(
    ("provider", "surface", "named", "operation"),
    [
        ("azure_openai", "openai.chat", "azure.ai.openai", "chat"),
        ("claude", "anthropic.messages", "anthropic", "chat"),
        ("openai", "openai.embeddings", "openai", "embeddings"),
        ("openai", "openai.moderations", "openai", "moderations"),
        ("openai", "", "", ""),
    ],
)
def test_providers_and_operations_have_the_names_of_the_conventions(collector, provider, surface, named, operation):
    (*_, check) = sent(collector, record(provider=provider, surface=surface))
    attributes = {attribute.key: value(attribute) for attribute in check.attributes}
    assert (attributes["gen_ai.provider.name"], attributes["gen_ai.operation.name"]) == (named, operation)


def test_an_exporter_that_fails_is_not_felt(caplog):
    class Broken(SpanExporter):
        def export(self, spans):
            raise ConnectionError("no collector")

        def force_flush(self, timeout_millis=30000):
            return True

        def shutdown(self):
            pass

    spans = Spans(Broken(), "0.1.0")
    for number in range(5000):
        spans.observe(record(number))
    spans.close()


def test_without_the_extra_a_configured_exporter_is_bad_config():
    code = (
        "import sys; sys.modules['opentelemetry.sdk.trace'] = None\n"
        "from firebreak.model.errors import BadConfig\n"
        "try:\n    import firebreak.adapters.spans\n"
        "except BadConfig as error:\n    print(error)\n"
    )
    said = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout
    assert said == "otlp: spans are asked for, but the extra `otlp` is missing; install firebreak[otlp]\n"
