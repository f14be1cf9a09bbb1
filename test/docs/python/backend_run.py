"""Requests as a server hands them to WSGI: in a recorded trace and in none, refused, failed, and not counted."""
from wsgiref.util import setup_testing_defaults

from backend import Observed
from log_lines import set_up_logs
from report import keep_spans, report

OPENMETRICS = "application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"


def app(environ, start_response):
    if environ["PATH_INFO"] == "/api/users":
        raise RuntimeError("the database is away")
    start_response("503 Service Unavailable" if environ["PATH_INFO"] == "/api/sessions" else "200 OK", [])
    return [b"[]"]


def ask(path, method="GET", **environ):
    setup_testing_defaults(environ)
    environ.update(PATH_INFO=path, REQUEST_METHOD=method)
    answered = []
    body = b"".join(observed(environ, lambda line, headers, *_: answered.append(dict(headers))))
    return {"headers": answered[0], "body": body.decode()}


set_up_logs()
keep_spans()
observed = Observed(app, lambda path: path if path.startswith("/api/") else "other")
parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7"
ask("/api/tasks", HTTP_TRACEPARENT=f"{parent}-01", HTTP_TRACESTATE="congo=t61rcWkgMzE", HTTP_BAGGAGE="correlation_id=abc123")
ask("/somewhere", HTTP_TRACEPARENT=f"{parent}-00")
ask("/healthz")
ask("/api/tasks", method="OPTIONS")
ask("/api/sessions")
try:
    ask("/api/users")
except RuntimeError:
    pass
report(metrics=ask("/metrics", HTTP_ACCEPT=OPENMETRICS), text=ask("/metrics", HTTP_ACCEPT="text/plain"))
