"""A TLS front for several servers with test names: one nginx, certificates from our own authority."""
import os
import pathlib
import shutil
import subprocess

from server import free_port
from timing import PATIENCE

CONFIG = """daemon off; worker_processes 1; pid {root}/nginx.pid; error_log {root}/error.log info; {user}
events {{ worker_connections 512; }}
http {{
  access_log off; client_max_body_size 100m; server_tokens off;
  client_body_temp_path {root}/body; proxy_temp_path {root}/proxy; fastcgi_temp_path {root}/f; uwsgi_temp_path {root}/u;
  scgi_temp_path {root}/s;
  map $http_upgrade $connection_upgrade {{ default upgrade; '' ''; }}
{servers}
}}
"""
SERVER = """  server {{
    listen 127.0.0.1:{port} ssl; server_name {name}; ssl_certificate {root}/{name}.pem; ssl_certificate_key {root}/{name}.key;
    location / {{ proxy_pass {upstream}; proxy_http_version 1.1; proxy_buffering off; proxy_read_timeout 120s;
      proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto https;
      proxy_set_header Upgrade $http_upgrade; proxy_set_header Connection $connection_upgrade; }}
  }}
"""


def openssl(*args):
    subprocess.run(["openssl", *map(str, args)], check=True, capture_output=True, stdin=subprocess.DEVNULL)


class Authority:
    """Its certificate is the ca_file of servers that shall trust it."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.root.mkdir(parents=True, exist_ok=True)
        self.ca_file, self.key = self.root / "ca.pem", self.root / "ca.key"
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", 30, "-subj", "/CN=test authority",
                "-addext", "basicConstraints=critical,CA:TRUE", "-keyout", self.key, "-out", self.ca_file)

    def issue(self, name):
        """name.pem and name.key in the authority's folder."""
        key, request, cert, ext = (self.root / f"{name}.{x}" for x in ("key", "csr", "pem", "ext"))
        ext.write_text(f"subjectAltName=DNS:{name}\nbasicConstraints=CA:FALSE\n")
        openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", f"/CN={name}", "-keyout", key, "-out", request)
        openssl("x509", "-req", "-in", request, "-CA", self.ca_file, "-CAkey", self.key, "-CAcreateserial", "-days", 30, "-extfile", ext,
                "-out", cert)


class Front:
    def __init__(self, root, names):
        if shutil.which("nginx", path="/usr/sbin:/usr/bin:/sbin:/bin") is None:
            raise FileNotFoundError("nginx is not installed: ./dev deps")
        self.root = pathlib.Path(root)
        self.authority = Authority(self.root)
        self.ca_file = self.authority.ca_file
        for name in names:
            self.authority.issue(name)
        self.ports = {name: free_port() for name in names}
        self.upstreams = {}
        self.process = None

    def keys(self):
        """Configuration of a server that reaches the others through this front."""
        return {"ca_file": self.ca_file, "allow_networks": "127.0.0.0/8",
                "resolve": [f"{name}:443:127.0.0.1:{port}" for name, port in self.ports.items()]}

    def serve(self, name, base):
        """Let name stand for the server at base (http://127.0.0.1:port); call again after a restart."""
        self.upstreams[name] = base
        servers = "".join(SERVER.format(name=n, port=self.ports[n], root=self.root, upstream=u) for n, u in self.upstreams.items())
        user = "user root;" if os.geteuid() == 0 else ""
        (self.root / "nginx.conf").write_text(CONFIG.format(root=self.root, servers=servers, user=user))
        # Starting anew is immediate and, unlike a reload, complete when the port answers.
        self.stop()
        self.process = subprocess.Popen(["/usr/sbin/nginx", "-e", self.root / "error.log", "-p", self.root, "-c", self.root / "nginx.conf"],
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        for port in (self.ports[n] for n in self.upstreams):
            wait_port(port, self.process)

    def stop(self):
        if self.process is not None:
            self.process.terminate()
            self.process.wait(PATIENCE)
            self.process = None


def wait_port(port, process, timeout=PATIENCE):
    """Until somebody listens there; for programs that do not say when they are ready."""
    import socket
    import time
    end = time.monotonic() + timeout
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return
        except OSError:
            if process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"nobody listens on port {port}") from None
            try:
                process.wait(0.02)
            except subprocess.TimeoutExpired:
                pass
