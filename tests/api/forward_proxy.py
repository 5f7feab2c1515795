"""An HTTP proxy as companies have them: tunnels by CONNECT, and forwards plain requests that name a whole URL."""

import contextlib
import http.client
import http.server
import socket
import threading
import urllib.parse


def pump(source, target):
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


class ForwardProxy:
    """`refusal`: a status to answer everything with, None to serve. `seen`: what was asked for, as "CONNECT host:port" or "POST URL"."""

    def __init__(self, refusal=None):
        self.seen = []
        proxy = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def refuse(self):
                self.send_response(refusal)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", "9")
                self.end_headers()
                self.wfile.write(b"<p>no</p>")

            def do_CONNECT(self):
                proxy.seen.append(f"CONNECT {self.path}")
                if refusal:
                    return self.refuse()
                host, port = self.path.rsplit(":", 1)
                with socket.create_connection((host.strip("[]"), int(port))) as target:
                    self.send_response(200)
                    self.end_headers()
                    back = threading.Thread(target=pump, args=(target, self.connection), daemon=True)
                    back.start()
                    pump(self.connection, target)
                    back.join()
                self.close_connection = True

            def do_POST(self):
                body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                proxy.seen.append(f"POST {self.path}")
                url = urllib.parse.urlsplit(self.path)
                if refusal or not url.netloc:
                    return self.refuse()
                forward = http.client.HTTPConnection(url.netloc, timeout=30)
                forward.request("POST", url.path, body=body, headers=dict(self.headers))
                reply = forward.getresponse()
                content = reply.read()
                self.send_response(reply.status)
                for name, value in reply.getheaders():
                    if name.lower() not in ("connection", "transfer-encoding"):
                        self.send_header(name, value)
                self.end_headers()
                self.wfile.write(content)

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self):
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
