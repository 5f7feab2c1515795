"""A proxy that spoils what goes through it: latency, resets, errors, throttling, truncation, or TLS with a chosen certificate."""

import contextlib
import datetime
import email.utils
import http.client
import http.server
import json
import socket
import ssl
import subprocess
import threading
import time
import urllib.parse


def refusal(name, message):
    return json.dumps({"__type": name, "message": message}).encode()


# What AWS answers, and a server of ours does not, or not soon.
REFUSALS = {
    "throttle": refusal("com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException", "too much"),
    "region": refusal(
        "com.amazon.coral.service#InvalidSignatureException", "Credential should be scoped to a valid region, not 'eu-west-1'. "
    ),
    "expired": refusal("com.amazon.coral.service#ExpiredTokenException", "The security token included in the request is expired"),
}


class FaultProxy:
    """Forwards to `endpoint`. `faults` is a list of words, one taken for each request until it is empty: "reset", "503", "truncate",
    "slow", "html", a name in REFUSALS, or "" for none. `clock_offset_s` is added to the Date of replies."""

    def __init__(self, endpoint, certificate=None):
        self.faults = []
        self.requests = 0
        self.clock_offset_s = 0
        target = urllib.parse.urlsplit(endpoint)
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, status, body, content_type="application/x-amz-json-1.0", cut=0):
                self.send_response(status)
                self.send_header("Content-Type", content_type)
                self.send_header("Content-Length", str(len(body) + cut))
                self.end_headers()
                self.wfile.write(body)
                if cut:
                    self.close_connection = True

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                proxy.requests += 1
                fault = proxy.faults.pop(0) if proxy.faults else ""
                if fault == "reset":
                    self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
                    self.close_connection = True
                    self.connection.close()
                    return
                if fault == "503":
                    return self.answer(503, b"<html>busy</html>", "text/html")
                if fault == "html":
                    return self.answer(200, b"<html>welcome</html>", "text/html")
                if fault in REFUSALS:
                    return self.answer(400, REFUSALS[fault])
                if fault == "slow":
                    time.sleep(1)
                forward = http.client.HTTPConnection(target.netloc, timeout=30)
                forward.request("POST", self.path, body=body, headers=dict(self.headers))
                reply = forward.getresponse()
                content = reply.read()
                if fault == "truncate":
                    return self.answer(reply.status, content[:-1], cut=1)
                self.send_response_only(reply.status)
                for name, value in reply.getheaders():
                    if name.lower() == "date":
                        date = email.utils.parsedate_to_datetime(value) + datetime.timedelta(seconds=proxy.clock_offset_s)
                        value = email.utils.format_datetime(date, usegmt=True)
                    if name.lower() not in ("connection", "transfer-encoding"):
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

        class Server(http.server.ThreadingHTTPServer):
            request_queue_size = 128  # A copy opens many connections at once.
            daemon_threads = True

        self.server = Server(("127.0.0.1", 0), Handler)
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*certificate)
            self.server.socket = context.wrap_socket(self.server.socket, server_side=True)
        scheme = "https" if certificate else "http"
        self.endpoint = f"{scheme}://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()


def certificate(directory, name, alternative="IP:127.0.0.1", days="2"):
    """A self-signed certificate: (certificate file, key file)."""
    files = str(directory / f"{name}.pem"), str(directory / f"{name}.key")
    with contextlib.suppress(FileExistsError):
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", days]
            + ["-subj", f"/CN={name}", "-addext", f"subjectAltName={alternative}", "-out", files[0], "-keyout", files[1]],
            check=True,
            capture_output=True,
        )
    return files
