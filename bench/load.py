# SPDX-License-Identifier: MIT
"""Loads on loopback, each bounded in count or time."""
import contextlib
import itertools
import json
import pathlib
import re
import selectors
import socket
import subprocess
import tempfile
import threading
import time
from dataclasses import dataclass

from support.daemon import Daemon, bin_dir


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


def wrk(url: str, connections: int, seconds: int, *, method: str = "GET", headers: dict[str, str] | None = None,
        body: str = "") -> float:
    """Requests a second; any answer that is not 2xx or 3xx, or a socket error, is an error of the run."""
    lines = [f"wrk.method = '{method}'"]
    lines += [f"wrk.headers['{name}'] = [==[{value}]==]" for name, value in (headers or {}).items()]
    if body:
        lines.append(f"wrk.body = [==[{body}]==]")
    return _run_wrk(url, connections, seconds, lines).rate


@dataclass(frozen=True)
class Load:
    rate: float  # requests a second
    p99_ms: float


def wrk_latency(url: str, connections: int, seconds: int, headers: dict[str, str]) -> Load:
    """GET, with the 99th percentile."""
    lines = [f"wrk.headers['{name}'] = [==[{value}]==]" for name, value in headers.items()]
    return _run_wrk(url, connections, seconds, lines)


def wrk_in_turn(url: str, connections: int, seconds: int, requests: list[tuple[dict[str, str], str]]) -> Load:
    """The same for POST requests of headers and body, one after the other, from the first again when they end."""
    return _wrk_requests(url, connections, seconds, [("POST", "/", headers, body) for headers, body in requests])


def wrk_each(url: str, connections: int, seconds: int, requests: list[tuple[str, str, dict[str, str]]]) -> Load:
    """The same for requests of method, path and headers."""
    return _wrk_requests(url, connections, seconds, [(*request, "") for request in requests])


def _wrk_requests(url: str, connections: int, seconds: int,
                  requests: list[tuple[str, str, dict[str, str], str]]) -> Load:
    lines = ["local requests, at = {}, 0", "local function add(method, path, headers, body)",
             "  requests[#requests + 1] = wrk.format(method, path, headers, body)", "end"]
    # Lua's functions have a limit of constants: some requests each.
    parts = [requests[i:i + 1000] for i in range(0, len(requests), 1000)]
    for number, part in enumerate(parts):
        lines.append(f"local function part_{number}()")
        for method, path, headers, body in part:
            fields = ", ".join(f"['{name}'] = [==[{value}]==]" for name, value in headers.items())
            lines.append(f"  add('{method}', '{path}', {{{fields}}}, {f'[==[{body}]==]' if body else 'nil'})")
        lines.append("end")
    lines += ["function init(args)", *(f"  part_{number}()" for number in range(len(parts))), "end", "function request()", "  at = at % #requests + 1", "  return requests[at]", "end"]
    return _run_wrk(url, connections, seconds, lines)


def _run_wrk(url: str, connections: int, seconds: int, script_lines: list[str]) -> Load:
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write("\n".join(script_lines))
        script.flush()
        output = subprocess.run(
            ["wrk", f"-t{min(connections, 2)}", f"-c{connections}", f"-d{seconds}s", "--latency", "-s", script.name,
             url],
            capture_output=True, text=True, check=True).stdout
    if "Non-2xx" in output or "Socket errors" in output:
        raise RuntimeError(output)
    number, unit = re.search(r"99%\s+([\d.]+)(us|ms|s)", output).groups()
    return Load(rate=float(re.search(r"Requests/sec:\s+([\d.]+)", output).group(1)),
                p99_ms=float(number) * {"us": 0.001, "ms": 1, "s": 1000}[unit])


class PacedLoad(threading.Thread):
    """Sends POST requests of headers and body in turn at `rate` a second, until stop(): late answers do not slow it
    down as long as one of its connections is free."""

    CONNECTIONS = 32

    def __init__(self, address: str, rate: float, requests: list[tuple[dict[str, str], str]]) -> None:
        super().__init__(daemon=True)
        host, port = address.rsplit(":", 1)
        self.interval = 1 / rate
        self.messages = [_message(headers, body) for headers, body in requests]
        self.free = [socket.create_connection((host, int(port)), timeout=5) for _ in range(self.CONNECTIONS)]
        self.ending = threading.Event()
        self.answers = 0
        self.failure = ""
        self.begin = time.perf_counter()
        self.start()

    def run(self) -> None:
        due = time.perf_counter()
        with selectors.DefaultSelector() as selector:
            for connection in self.free:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                selector.register(connection, selectors.EVENT_READ)
            for message in itertools.cycle(self.messages):
                while (wait := due - time.perf_counter()) > 0 or not self.free:
                    for key, _ in selector.select(max(wait, 0)):
                        self._take(key.fileobj)
                if self.ending.is_set() or self.failure:
                    return
                self.free.pop().sendall(message)
                due += self.interval

    def _take(self, connection: socket.socket) -> None:
        answer = connection.recv(65536)
        if answer.startswith(b"HTTP/1.1 200 "):
            self.answers += 1
        else:
            self.failure = answer.decode(errors="replace") or "the connection was closed"
        self.free.append(connection)

    def stop(self) -> float:
        """The rate that was reached."""
        took = time.perf_counter() - self.begin
        self.ending.set()
        self.join()
        if self.failure:
            raise RuntimeError(self.failure)
        return self.answers / took


def _message(headers: dict[str, str], body: str) -> bytes:
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST / HTTP/1.1\r\n{lines}Content-Length: {len(body)}\r\n\r\n{body}".encode()


def exchange(connection: socket.socket, request: bytes) -> tuple[int, bytes]:
    """One request and its answer (Content-Length framed)."""
    connection.sendall(request)
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            raise ConnectionError(f"closed after {data!r}")
        data += piece
    head, body = data.split(b"\r\n\r\n", 1)
    length = int(re.search(rb"(?i)content-length: *(\d+)", head).group(1))
    while len(body) < length:
        body += connection.recv(65536)
    return int(head.split(b" ", 2)[1]), body


def sdk_exchange(address: tuple[str, int]) -> bytes:
    """What an SDK does: token, role name, credentials, on a connection of its own. The document."""
    host = b"Host: %s:%d\r\n" % (address[0].encode(), address[1])
    with socket.create_connection(address, timeout=5) as connection:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        put = b"PUT /latest/api/token HTTP/1.1\r\n" + host + b"X-aws-ec2-metadata-token-ttl-seconds: 21600\r\n"
        status, token = exchange(connection, put + b"Content-Length: 0\r\n\r\n")
        path = b"/latest/meta-data/iam/security-credentials/"
        with_token = b" HTTP/1.1\r\n" + host + b"X-aws-ec2-metadata-token: " + token + b"\r\n\r\n"
        status, role = exchange(connection, b"GET " + path + with_token)
        status, document = exchange(connection, b"GET " + path + role + with_token)
        if status != 200:
            raise RuntimeError(f"{status} {document!r}")
        return document


def percentile_ms(address: tuple[str, int], count: int, percent: float) -> float:
    """Of `count` fresh SDK exchanges, one after the other."""
    times = []
    for _ in range(count):
        before = time.perf_counter()
        sdk_exchange(address)
        times.append(time.perf_counter() - before)
    times.sort()
    return times[min(count - 1, int(count * percent / 100))] * 1000


def start_to_first_credential_ms(daemon: Daemon, port: int) -> float:
    """From the start of the process. Its IMDS port is fixed, because asking the daemon for it takes time, too."""
    before = time.perf_counter()
    daemon.process = subprocess.Popen([bin_dir() / "imdsd", "--config", daemon.config_path],
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while True:
        try:
            document = sdk_exchange(("127.0.0.1", port))
            break
        except ConnectionRefusedError:
            if time.perf_counter() - before > 30:
                raise
            time.sleep(0.0002)  # leaves the processor to the daemon
    took = (time.perf_counter() - before) * 1000
    assert json.loads(document)["Code"] == "Success"
    return took


@contextlib.contextmanager
def idle_connections(address: tuple[str, int], count: int):
    """`count` open connections that have each had one answer and now do nothing."""
    connections = []
    request = b"GET /latest/meta-data/instance-id HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
    try:
        for _ in range(count):
            connection = socket.create_connection(address, timeout=5)
            exchange(connection, request)
            connections.append(connection)
        yield connections
    finally:
        for connection in connections:
            connection.close()


def resident_megabytes(pid: int) -> float:
    status = pathlib.Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmRSS:\s+(\d+) kB", status).group(1)) / 1024
