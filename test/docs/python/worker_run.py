"""A Celery worker in this process, with a broker in memory: a task that works and one that fails, both sent in a span."""
import worker
from celery.contrib.testing.worker import start_worker
from celery.signals import worker_init
from log_lines import set_up_logs
from opentelemetry import trace
from prometheus_client import REGISTRY
from prometheus_client.openmetrics.exposition import generate_latest
from report import keep_spans, report

# Spans are kept here, and the port may be taken.
worker_init.disconnect(worker.begin)
set_up_logs()
keep_spans()
work = worker.do_work


def do_work(task_id):
    if task_id == "fails":
        raise ValueError("no such task")
    return work(task_id)


worker.do_work = do_work
worker.app.conf.update(broker_url="memory://", result_backend="cache+memory://")
with start_worker(worker.app, pool="threads", perform_ping_check=False):
    with trace.get_tracer("test").start_as_current_span("sends both"):
        results = [worker.process_task.delay(task_id) for task_id in ("works", "fails")]
    for result in results:
        result.get(timeout=30, propagate=False)
report(metrics=generate_latest(REGISTRY).decode())
