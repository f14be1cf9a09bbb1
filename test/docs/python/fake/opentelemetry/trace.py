class SpanContext:
    def __init__(self, trace_id, span_id):
        self.trace_id = trace_id
        self.span_id = span_id
        self.is_valid = trace_id != 0 and span_id != 0


class Span:
    """Is true in a condition, whatever its ids: as the API's own."""

    def __init__(self, trace_id=0, span_id=0):
        self.context = SpanContext(trace_id, span_id)

    def get_span_context(self):
        return self.context


current = Span()


def get_current_span():
    return current


def format_trace_id(trace_id):
    return format(trace_id, "032x")


def format_span_id(span_id):
    return format(span_id, "016x")
