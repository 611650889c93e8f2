"""Spans sent by the real exporter come out as lines."""

import json
import threading

import grpc
import pytest
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.proto.collector.logs.v1 import logs_service_pb2, logs_service_pb2_grpc
from opentelemetry.proto.collector.trace.v1 import trace_service_pb2, trace_service_pb2_grpc
from opentelemetry.proto.common.v1.common_pb2 import AnyValue, ArrayValue, KeyValue, KeyValueList
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor

from firebreak.local.otlp_receiver import OtlpReceiver, flatten


def lines(file):
    return [json.loads(line) for line in file.read_text().splitlines()]


def test_spans_of_the_official_exporter_arrive(tmp_path):
    file = tmp_path / "trace.jsonl"
    with OtlpReceiver(file) as receiver:
        provider = TracerProvider(resource=Resource.create({"service.name": "firebreak"}), shutdown_on_exit=False)
        provider.add_span_processor(SimpleSpanProcessor(OTLPSpanExporter(endpoint=receiver.endpoint, insecure=True)))
        tracer = provider.get_tracer("test")
        with tracer.start_as_current_span("outer", attributes={"n": 1}), tracer.start_as_current_span("inner"):
            pass
        provider.shutdown()
        assert receiver.spans == 2
    inner, outer = lines(file)
    assert (inner["name"], outer["name"], outer["service"]) == ("inner", "outer", "firebreak")
    assert inner["parent_span_id"] == outer["span_id"]
    assert outer["attributes"] == {"n": 1}
    assert outer["end_unix_ns"] >= outer["start_unix_ns"]


def test_every_kind_of_attribute_can_be_written():
    values = [
        (AnyValue(string_value="s"), "s"),
        (AnyValue(bool_value=True), True),
        (AnyValue(int_value=3), 3),
        (AnyValue(double_value=0.5), 0.5),
        (AnyValue(bytes_value=b"\x01"), "01"),
        (AnyValue(array_value=ArrayValue(values=[AnyValue(int_value=1)])), [1]),
        (AnyValue(kvlist_value=KeyValueList(values=[KeyValue(key="k", value=AnyValue(int_value=1))])), {"k": 1}),
        (AnyValue(), None),
    ]
    request = trace_service_pb2.ExportTraceServiceRequest()
    span = request.resource_spans.add().scope_spans.add().spans.add(name="n")
    span.attributes.extend(KeyValue(key=str(place), value=value) for place, (value, _) in enumerate(values))
    (line,) = flatten(request)
    assert line["service"] == ""
    assert line["attributes"] == {str(place): plain for place, (_, plain) in enumerate(values)}
    json.dumps(line)


def test_the_access_logs_copy_is_taken(tmp_path):
    with OtlpReceiver(tmp_path / "t") as receiver, grpc.insecure_channel(receiver.endpoint) as channel:
        logs_service_pb2_grpc.LogsServiceStub(channel).Export(logs_service_pb2.ExportLogsServiceRequest(), timeout=5)
        assert receiver.spans == 0


def test_a_file_that_cannot_be_written_fails_the_sender(tmp_path):
    file = tmp_path / "gone" / "t"
    file.parent.mkdir()
    with OtlpReceiver(file) as receiver, grpc.insecure_channel(receiver.endpoint) as channel:
        file.unlink()
        file.parent.rmdir()
        with pytest.raises(grpc.RpcError):
            trace_service_pb2_grpc.TraceServiceStub(channel).Export(
                trace_service_pb2.ExportTraceServiceRequest(), timeout=5
            )
        assert receiver.spans == 0


def test_waiting_for_quiet_sees_what_is_still_coming(tmp_path):
    request = trace_service_pb2.ExportTraceServiceRequest()
    request.resource_spans.add().scope_spans.add().spans.add(name="n")
    with OtlpReceiver(tmp_path / "t") as receiver:
        late = threading.Timer(0.1, receiver.take, [request])
        late.start()
        receiver.wait_quiet()
        assert receiver.spans == 1
        late.join()
