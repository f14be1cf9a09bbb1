"""Begins a trace, and goes on with one that the caller recorded and one that it did not."""
from opentelemetry import trace

from tracing import continued, set_up_tracing

set_up_tracing()
tracer = trace.get_tracer("test")
with tracer.start_as_current_span("begun here"):
    pass
for name, flags in (("recorded by the caller", "01"), ("not recorded by the caller", "00")):
    with continued({"traceparent": f"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-{flags}"}):
        with tracer.start_as_current_span(name):
            pass
