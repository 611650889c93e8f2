"""Envoy on one side, the model on the other: the only place that knows gRPC and Envoy's messages."""
