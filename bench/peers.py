# SPDX-License-Identifier: MIT
"""What imdsd is measured beside: nginx serving a constant or files, openssl's HMAC, SQLite's commits alone and behind a
socket, and dd."""
import contextlib
import itertools
import pathlib
import re
import shutil
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator

ROOT = pathlib.Path(__file__).resolve().parent.parent

NGINX_CONFIG = """
daemon off;
worker_processes 2;
pid {folder}/nginx.pid;
error_log {folder}/error.log warn;
worker_rlimit_nofile 20000;
events {{ worker_connections 8192; }}
http {{
  access_log off;
  keepalive_requests 100000000;
  client_body_temp_path {folder}/body;
  proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi;
  uwsgi_temp_path {folder}/uwsgi;
  scgi_temp_path {folder}/scgi;
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    {location}
  }}
}}
"""


def nginx_binary() -> pathlib.Path:
    """nginx from its package, unpacked below build/: nothing is installed, no service starts on this machine."""
    folder = ROOT / "build/bench/nginx"
    binary = folder / "usr/sbin/nginx"
    if not binary.exists():
        folder.mkdir(parents=True, exist_ok=True)
        subprocess.run(["apt-get", "download", "-q", "nginx"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        package = next(folder.glob("nginx_*.deb"))
        subprocess.run(["dpkg", "-x", package, folder], check=True)
    return binary


class Nginx:
    """nginx on a loopback port, until stop(): answers every request with `size` constant bytes, or, given `files`, with
    these, by name."""

    def __init__(self, size: int, port: int, files: dict[str, bytes] | None = None) -> None:
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="imdsd-bench-nginx-"))
        location = f"location / {{ default_type text/plain; return 200 '{'x' * size}'; }}"
        if files:
            self.folder.chmod(0o755)
            root = self.folder / "files"
            root.mkdir()
            for name, content in files.items():
                (root / name).write_bytes(content)
            location = f"location / {{ root {root}; sendfile on; tcp_nopush on; }}"
        config = self.folder / "nginx.conf"
        config.write_text(NGINX_CONFIG.format(folder=self.folder, port=port, location=location))
        self.url = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen([nginx_binary(), "-c", config, "-p", self.folder],
                                        stderr=subprocess.DEVNULL)

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        shutil.rmtree(self.folder, ignore_errors=True)


def openssl_hmac_per_second() -> float:
    """HMAC-SHA256 of 1,024 bytes on one core."""
    output = subprocess.run(["openssl", "speed", "-seconds", "1", "-bytes", "1024", "-hmac", "sha256"],
                            capture_output=True, text=True, check=True).stdout
    thousands_of_bytes = float(re.search(r"hmac\(sha256\)\s+([\d.]+)k", output, re.IGNORECASE).group(1))
    return thousands_of_bytes * 1000 / 1024


def openssl_rsa_verifications_per_second() -> float:
    """RSA-2048, on one core."""
    output = subprocess.run(["openssl", "speed", "-seconds", "1", "rsa2048"], capture_output=True, text=True,
                            check=True).stdout
    return float(re.search(r"rsa 2048 bits.*\s([\d.]+)\s*$", output, re.MULTILINE).group(1))


def _durable(path: pathlib.Path) -> sqlite3.Connection:
    """Write-ahead log, a sync with each commit; each statement is a transaction."""
    database = sqlite3.connect(path, isolation_level=None)
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = FULL")
    return database


def _updates(database: sqlite3.Connection, table: str, column: str) -> Iterator[None]:
    """Each step is a transaction that changes one row by chance, and no index."""
    rows = database.execute(f"SELECT rowid, {column} FROM {table} ORDER BY random() LIMIT 2000").fetchall()
    for count in itertools.count():
        row, text = rows[count % len(rows)]
        database.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (f"{text}{count}", row))
        yield


def sqlite_updates_per_second(path: pathlib.Path, table: str, column: str, seconds: int) -> float:
    with contextlib.closing(_durable(path)) as database:
        updates, count, begin = _updates(database, table, column), 0, time.perf_counter()
        while time.perf_counter() - begin < seconds:
            next(updates)
            count += 1
        return count / (time.perf_counter() - begin)


class CommitServer:
    """The least that a server of durable writes does, until stop(): reads nothing of a request, and answers it when
    SQLite has committed the change of a row. One connection at a time."""

    ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 256\r\n\r\n" + b"x" * 256

    def __init__(self, path: pathlib.Path, table: str, column: str) -> None:
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.socket.getsockname()[1]}/"
        self.thread = threading.Thread(target=self._serve, args=(path, table, column))
        self.thread.start()

    def _serve(self, path: pathlib.Path, table: str, column: str) -> None:
        with contextlib.closing(_durable(path)) as database:
            updates = _updates(database, table, column)
            while True:
                try:
                    connection, _ = self.socket.accept()
                except OSError:  # stopped
                    return
                with connection, contextlib.suppress(ConnectionError):
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    while connection.recv(65536):
                        next(updates)
                        connection.sendall(self.ANSWER)

    def stop(self) -> None:
        self.socket.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.socket.close()


def sqlite_inserts_per_second(path: pathlib.Path, seconds: int) -> float:
    """Transactions that each append a short row, in a file that has nothing else: the fewest pages there can be."""
    with contextlib.closing(_durable(path)) as database:
        database.execute("CREATE TABLE IF NOT EXISTS item (id INTEGER PRIMARY KEY, body TEXT NOT NULL) STRICT")
        count, begin = 0, time.perf_counter()
        while time.perf_counter() - begin < seconds:
            database.execute("INSERT INTO item (body) VALUES (?)", (f"row {count}",))
            count += 1
        return count / (time.perf_counter() - begin)


def dd_with_sync_per_second(folder: pathlib.Path, size: int, seconds: int) -> float:
    """Files of `size` bytes, each synced; dd tells how long that took, without its own start."""
    count, took, begin = 0, 0.0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        output = subprocess.run(["dd", "if=/dev/zero", f"of={folder}/dd-{count}", f"bs={size}", "count=1", "conv=fsync"],
                                capture_output=True, text=True, check=True, env={"LC_ALL": "C"}).stderr
        took += float(re.search(r"copied, ([\d.e-]+) s", output).group(1))
        count += 1
    return count / took
