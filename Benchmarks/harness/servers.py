"""The servers that are measured: each starts on a port of its own, with the same certificate, TLS 1.3, client
certificates insisted on, one worker, no log of requests, no persistence but Rollcall's own."""
import os
import shutil
import signal
import socket
import subprocess
import time

from .fleet import FLEET
from .place import FLOOR, ROLLCALL, RUN, SERVER_CORE, Failure, pinned, run

PKI = f"{FLEET}/data/pki"
CERTIFICATE, KEY, AUTHORITY = f"{PKI}/server.pem", f"{PKI}/server.key", f"{PKI}/ca.pem"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A running server; use it in a `with`."""
    name = protocol = None

    def __init__(self, core=SERVER_CORE):
        self.port = free_port()
        self.core = core
        self.directory = f"{RUN}/servers/{self.name}-{self.port}"
        self.process = None

    def command(self):
        raise NotImplementedError

    def write(self, name, text):
        path = f"{self.directory}/{name}"
        with open(path, "w") as file:
            file.write(text)
        return path

    def path(self, name):
        return os.path.abspath(name)

    def __enter__(self):
        shutil.rmtree(self.directory, ignore_errors=True)
        os.makedirs(self.directory)
        self.start()
        return self

    def start(self, patience=20):
        words = [str(word) for word in self.command()]
        command = words if self.core is None else pinned(self.core, words)
        with open(f"{self.directory}/output", "a") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=output, stdin=subprocess.DEVNULL)
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                break
            try:
                socket.create_connection(("127.0.0.1", self.port), 1).close()
                time.sleep(0.3)
                return
            except OSError:
                time.sleep(0.02)
        raise Failure(f"{self.name} does not listen: {self.last_words()}")

    def last_words(self):
        with open(f"{self.directory}/output") as output:
            lines = output.read().strip().splitlines()
        return lines[-1] if lines else "no word"

    def stop(self, patience=20):
        if self.process is None or self.process.poll() is not None:
            return
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __exit__(self, *_):
        self.stop()
        shutil.rmtree(self.directory, ignore_errors=True)

    def pids(self):
        """The process and its children (nginx has workers)."""
        pid = self.process.pid
        try:
            with open(f"/proc/{pid}/task/{pid}/children") as file:
                return [pid, *map(int, file.read().split())]
        except OSError:
            return [pid]

    @classmethod
    def version(cls):
        raise NotImplementedError

    @classmethod
    def is_installed(cls):
        return True


class Rollcall(Server):
    """The server of this repository, with everything on that a deployment has."""
    name, protocol = "rollcall", "rollcall"

    def __init__(self, loops=1, settings=(), variant=None, **options):
        self.variant = variant
        super().__init__(**options)
        self.loops, self.settings = loops, list(settings)
        self.data = f"{self.directory}/data"

    def command(self):
        if not os.path.exists(self.data):
            shutil.copytree(f"{FLEET}/data", self.data)
        return [ROLLCALL, "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}", "--loops", self.loops,
                "--heartbeat-interval", "30s", "--log-level", "error", *self.settings]

    @classmethod
    def version(cls):
        return run([ROLLCALL, "--version"]).strip()


class Floor(Server):
    """The least that can be done; see floor/floor.c."""
    name, protocol = "floor", "rollcall"

    def __init__(self, gather_ms=0, resumes=False, **options):
        super().__init__(**options)
        self.extra = (["--gather-us", gather_ms * 1000] if gather_ms else []) + (["--session-cache"] if resumes else [])

    def command(self):
        return [FLOOR, "--port", self.port, "--cert", CERTIFICATE, "--key", KEY, "--ca", AUTHORITY, *self.extra]

    @classmethod
    def version(cls):
        return "floor/floor.c"


class Peer(Server):
    """Somebody else's server, as Debian has it."""
    program = None

    def __init__(self, resumes=False, **options):
        super().__init__(**options)
        self.resumes = resumes

    @classmethod
    def is_installed(cls):
        return shutil.which(cls.program) is not None


class Nginx(Peer):
    """An answer without a body."""
    name, protocol, program = "nginx", "http", "nginx"

    def command(self):
        return ["nginx", "-e", "stderr", "-c", self.path(self.write("nginx.conf", f"""\
user root; worker_processes 1; daemon off; pid {self.path(self.directory)}/pid; worker_rlimit_nofile 20000;
events {{ worker_connections 15000; multi_accept on; }}
http {{
  access_log off; keepalive_timeout 3600s; keepalive_requests 1000000000; tcp_nodelay on; ssl_buffer_size 4k;
  server {{
    listen 127.0.0.1:{self.port} ssl backlog=4096; server_name localhost;
    ssl_certificate {self.path(CERTIFICATE)}; ssl_certificate_key {self.path(KEY)}; ssl_protocols TLSv1.3;
    ssl_session_cache off; ssl_session_tickets {"on" if self.resumes else "off"};
    ssl_client_certificate {self.path(AUTHORITY)}; ssl_verify_client on;
    location / {{ return 204; }}
  }}
}}
"""))]

    @classmethod
    def version(cls):
        return subprocess.run(["nginx", "-v"], capture_output=True, text=True).stderr.strip().split("/")[-1]


class HAProxy(Peer):
    """An answer without a body."""
    name, protocol, program = "HAProxy", "http", "haproxy"

    def command(self):
        both = self.write("server-both.pem", open(CERTIFICATE).read() + open(KEY).read())
        tickets = "" if self.resumes else "no-tls-tickets"
        return ["haproxy", "-db", "-f", self.write("haproxy.cfg", f"""\
global
  nbthread 1
  maxconn 12000
  no strict-limits
  tune.ssl.cachesize {20000 if self.resumes else 0}
defaults
  mode http
  timeout client 3600s
  timeout http-keep-alive 3600s
  timeout http-request 60s
  timeout connect 5s
  timeout server 60s
frontend heartbeats
  maxconn 12000
  bind 127.0.0.1:{self.port} backlog 4096 ssl crt {self.path(both)} alpn http/1.1 ssl-min-ver TLSv1.3 {tickets} ca-file {self.path(AUTHORITY)} verify required
  http-request return status 204
""")]

    @classmethod
    def version(cls):
        return run(["haproxy", "-v"]).split()[2]


class Mosquitto(Peer):
    """PINGREQ, which it answers without looking at anything."""
    name, protocol, program = "Mosquitto", "mqtt", "mosquitto"

    def command(self):
        return ["mosquitto", "-c", self.write("mosquitto.conf", f"""\
listener {self.port} 127.0.0.1
allow_anonymous true
persistence false
log_type none
set_tcp_nodelay true
certfile {self.path(CERTIFICATE)}
keyfile {self.path(KEY)}
cafile {self.path(AUTHORITY)}
require_certificate true
tls_version tlsv1.3
user root
""")]

    @classmethod
    def version(cls):
        return subprocess.run(["mosquitto", "-h"], capture_output=True, text=True).stdout.split()[2]


class Redis(Peer):
    """`SET node … EX 60`, a heartbeat as one would keep it there."""
    name, protocol, program = "Redis", "redis", "redis-server"

    def command(self):
        return ["redis-server", self.write("redis.conf", f"""\
bind 127.0.0.1
protected-mode no
port 0
tls-port {self.port}
save ""
appendonly no
io-threads 1
maxclients 15000
tcp-backlog 4096
timeout 0
tls-cert-file {self.path(CERTIFICATE)}
tls-key-file {self.path(KEY)}
tls-ca-cert-file {self.path(AUTHORITY)}
tls-auth-clients yes
tls-protocols TLSv1.3
tls-session-caching {"yes" if self.resumes else "no"}
logfile /dev/null
dir {self.path(self.directory)}
""")]

    @classmethod
    def version(cls):
        return run(["redis-server", "--version"]).split("v=")[1].split()[0]


PEERS = [Nginx, HAProxy, Mosquitto, Redis]
