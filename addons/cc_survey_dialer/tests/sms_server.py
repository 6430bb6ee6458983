# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""A real HTTP server that plays an SMS gateway."""

import contextlib
import json
import threading
import time
import urllib.parse
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class SmsServer:
    """Answers as told: `script` is called with each request (a dict of its parameters)."""

    def __init__(self):
        self.requests = []
        self.script = lambda request: (200, {"code": "0", "msgid": f"m{len(self.requests)}"})
        self.during = None
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                length = int(self.headers.get("Content-Length") or 0)
                raw = self.rfile.read(length)
                if "json" in (self.headers.get("Content-Type") or ""):
                    params = json.loads(raw)
                else:
                    params = dict(urllib.parse.parse_qsl(raw.decode("latin-1"), encoding="latin-1"))
                self.respond(params, raw)

            def do_GET(self):
                query = urllib.parse.urlsplit(self.path).query
                self.respond(dict(urllib.parse.parse_qsl(query)), b"")

            def respond(self, params, raw):
                request = {
                    **params,
                    "_raw": raw,
                    "_at": time.monotonic(),
                    "_headers": dict(self.headers),
                }
                server.requests.append(request)
                if server.during:
                    server.during(request)
                answer = server.script(request)
                if answer is None:
                    return self.connection.close()
                status, body, *headers = answer
                data = body if isinstance(body, bytes) else json.dumps(body).encode()
                self.send_response(status)
                for name, value in (headers[0] if headers else {}).items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(data)))
                with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                    self.end_headers()  # who asked may not have waited
                    self.wfile.write(data)
                return None

            def log_message(self, *args):
                """The test's log stays its own."""

        self.httpd = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.httpd.server_port}/send"
        self.thread = threading.Thread(
            target=self.httpd.serve_forever, kwargs={"poll_interval": 0.05}
        )
        self.thread.start()

    def close(self):
        self.httpd.shutdown()
        self.httpd.server_close()
        self.thread.join()
