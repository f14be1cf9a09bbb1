"""One decision, on a service that answers here."""
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import ml_controller
from log_lines import set_up_logs
from prometheus_client import REGISTRY
from prometheus_client.openmetrics.exposition import generate_latest
from report import keep_spans, report

received = []


class Busy(BaseHTTPRequestHandler):
    def do_GET(self):
        received.append({"path": self.path, "traceparent": self.headers["traceparent"]})
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"load": 40}).encode())

    def log_message(self, *_):
        pass


set_up_logs()
keep_spans()
server = HTTPServer(("127.0.0.1", 0), Busy)
threading.Thread(target=server.serve_forever, daemon=True).start()
os.environ["WORKER_URL"] = f"http://127.0.0.1:{server.server_port}"
action = ml_controller.decide("worker", lambda load: load // 10, 3)
report(action=action, received=received, metrics=generate_latest(REGISTRY).decode())
