"""Writes one line for each case that the formatter has to get right."""
import logging

from log_lines import set_up_logs
from opentelemetry import baggage, trace

set_up_logs()
log = logging.getLogger("auth")

log.debug("of DEBUG")
log.info("of INFO")
log.warning("of WARN")
log.error("of ERROR")
log.critical("of FATAL")
log.log(25, "of a level between two")
logging.getLogger("celery.worker.strategy").info("of a library")
log.info("with %d %s", 2, "arguments")
log.info('with "quotes",\nlines and ümläuts')
log.info(
    "with every field",
    extra={
        "user_id": "user123",
        "request_id": "req456",
        "duration_ms": 45,
        "metadata": {"ip_address": "192.168.1.100"},
        "task_status": "SUCCESS",
        "action": "scale_up",
        "unknown": "left out",
    },
)
baggage.entries["correlation_id"] = "abc123"
log.info("with a correlation id")
try:
    raise ValueError("no such user")
except ValueError:
    log.exception("with an exception", extra={"metadata": {"ip_address": "192.168.1.100"}})
trace.current = trace.Span(0x4BF92F3577B34DA6A3CE929D0E0E4736, 0xF067AA0BA902B7)
log.info("in a trace")
