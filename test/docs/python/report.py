"""What the runs of the samples have in common: spans are kept, and reported with what else was seen."""
import json
import sys

from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

exporter = InMemorySpanExporter()


def keep_spans():
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    trace.set_tracer_provider(provider)


def spans():
    return [
        {
            "name": span.name,
            "kind": span.kind.name,
            "trace": trace.format_trace_id(span.context.trace_id),
            "id": trace.format_span_id(span.context.span_id),
            "parent": span.parent and trace.format_span_id(span.parent.span_id),
            "state": span.context.trace_state.to_header(),
            "status": span.status.status_code.name,
            "attributes": dict(span.attributes),
            "exceptions": sum(event.name == "exception" for event in span.events),
        }
        for span in exporter.get_finished_spans()
    ]


def report(**seen):
    """On the last line of standard error: the log lines are on standard output."""
    print("\n" + json.dumps({"spans": spans(), **seen}), file=sys.stderr)
