"""Servers of our own on loopback: each started in a folder of its own, and ended by the id stored at its start."""

import os
import shutil
import signal
import socket
import struct
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Self

import pytest

PATIENCE_SECONDS = 120.0
"""How long anything may take before it counts as hanging; a slow machine is no defect."""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def answers_on(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
    except OSError:
        return False
    return True


def wait_until(
    ready: Callable[[], bool], *, seconds: float = PATIENCE_SECONDS, every: float = 0.05, what: str = ""
) -> float:
    """Wait until `ready`; how long it took."""
    began = time.monotonic()
    while not ready():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"{what or ready} not within {seconds} s")
        time.sleep(every)
    return time.monotonic() - began


def require(program: str, *folders: str) -> str:
    """The path of a program; without it a test is skipped on a laptop and fails in CI."""
    found = shutil.which(program, path=os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", *folders]))
    if found is None:
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI needs {program}")
        pytest.skip(f"no {program} on this machine")
    return found


class Program:
    """A process in a group of its own; only its own id, or that group, is ever signalled."""

    def __init__(
        self, command: Sequence[str], *, log: Path, env: Mapping[str, str] | None = None, user: str | None = None
    ) -> None:
        self.command = list(command)
        self.log = log
        self._env = dict(env) if env is not None else None
        self._user = user
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> Self:
        with self.log.open("ab") as out:
            self._process = subprocess.Popen(
                self.command, env=self._env, user=self._user, stdin=subprocess.DEVNULL, stdout=out, stderr=out,
                start_new_session=True, cwd=Path(__file__).parents[1] if self._user is None else "/",
            )  # fmt: skip
        return self

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def send(self, number: int) -> None:
        """Signal the process alone."""
        if self.is_alive():
            os.kill(self.pid, number)

    def send_all(self, number: int) -> None:
        """Signal the process with everything that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, number)

    def kill(self) -> None:
        """kill -9 of the process and everything that it started."""
        if self._process is not None:
            self.send_all(signal.SIGKILL)
            self._process.wait()

    def stop(self, seconds: float = PATIENCE_SECONDS) -> float:
        """Ask it to end; how long that took. One that does not is killed."""
        began = time.monotonic()
        if self._process is not None and self.is_alive():
            self._process.terminate()
            try:
                self._process.wait(seconds)
            except subprocess.TimeoutExpired:
                self.kill()
                raise TimeoutError(f"{self.command[0]} did not end within {seconds} s") from None
        return time.monotonic() - began

    @property
    def exit_code(self) -> int | None:
        return self._process.poll() if self._process is not None else None

    def output(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


class Server(Program):
    """A program that listens on a port."""

    port: int

    def start(self) -> Self:
        super().start()
        wait_until(self.is_ready, what=f"{Path(self.command[0]).name} on {self.port}: see {self.log}")
        return self

    def is_ready(self) -> bool:
        return answers_on(self.port)

    def restart(self) -> None:
        self.kill()
        self.start()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.kill()


class OwnRedis(Server):
    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        folder.mkdir(parents=True, exist_ok=True)
        command = [require("redis-server"), "--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        super().__init__([*command, "--appendonly", "no", "--dir", str(folder)], log=folder / "redis.log")

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def ask(self, *words: str) -> bytes:
        """Send one command and return what comes back."""
        text = f"*{len(words)}\r\n" + "".join(f"${len(word)}\r\n{word}\r\n" for word in words)
        with socket.create_connection(("127.0.0.1", self.port), PATIENCE_SECONDS) as connection:
            connection.sendall(text.encode())
            return connection.recv(65_536)

    def is_ready(self) -> bool:
        try:
            return self.ask("PING").startswith(b"+PONG")
        except OSError:
            return False


class OwnPostgres(Server):
    """PostgreSQL with its data in `folder`; it refuses to run as root, so root runs it as nobody else's user."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._data = folder / "data"
        self._bin = max(Path("/usr/lib/postgresql").glob("*/bin"), default=Path("/nowhere"))
        initdb = require("initdb", str(self._bin))
        user = "postgres" if os.geteuid() == 0 else None
        folder.mkdir(parents=True, exist_ok=True)
        if user is not None:
            shutil.chown(folder, user)
            _let_through(folder)
        if not self._data.exists():
            subprocess.run(
                [initdb, "-D", self._data, "-U", "postgres", "--auth=trust", "-E", "UTF8", "--locale=C.UTF-8"],
                check=True, capture_output=True, user=user, cwd="/",
            )  # fmt: skip
        options = {
            "port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": "", "max_connections": 200,
            "shared_buffers": "256MB", "max_wal_size": "2GB",
        }  # fmt: skip
        flags = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        super().__init__([require("postgres", str(self._bin)), "-D", str(self._data), *flags],
                         log=folder.parent / f"{folder.name}.log", user=user)  # fmt: skip

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def is_ready(self) -> bool:
        ready = [require("pg_isready", str(self._bin)), "-h", "127.0.0.1", "-p", str(self.port), "-q"]
        return subprocess.run(ready, check=False).returncode == 0

    def crash(self) -> None:
        """Immediate shutdown: what a crash is to its clients and its files, by the one process that we started."""
        self.send(signal.SIGQUIT)
        assert self._process is not None
        self._process.wait(PATIENCE_SECONDS)


class OwnRabbit(Server):
    """RabbitMQ as a node of its own."""

    def __init__(self, folder: Path) -> None:
        self.port, distribution = free_port(), free_port()
        folder.mkdir(parents=True, exist_ok=True)
        self._name = f"alumusic{os.getpid()}_{self.port}@localhost"
        config = folder / "rabbitmq.conf"
        config.write_text(f"listeners.tcp.1 = 127.0.0.1:{self.port}\nloopback_users = none\nlog.console = true\n")
        (folder / "enabled_plugins").write_text("[].")
        env = os.environ | {
            "HOME": str(folder), "RABBITMQ_NODENAME": self._name, "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(distribution), "RABBITMQ_MNESIA_BASE": str(folder / "mnesia"),
            "RABBITMQ_LOG_BASE": str(folder / "log"), "RABBITMQ_CONFIG_FILE": str(config.with_suffix("")),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }  # fmt: skip
        # Debian's wrapper wants to change users; the script behind it does not.
        script = "/usr/lib/rabbitmq/bin/rabbitmq-server"
        program = script if Path(script).exists() else require("rabbitmq-server")
        super().__init__([program], log=folder / "rabbit.log", env=env)

    @property
    def url(self) -> str:
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def is_ready(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), 1) as connection:
                connection.sendall(b"AMQP\x00\x00\x09\x01")
                connection.settimeout(3)
                return connection.recv(1) == b"\x01"
        except OSError:
            return False


def _let_through(folder: Path) -> None:
    """Let another user come to `folder`: temporary folders are for their owner alone."""
    for parent in folder.parents:
        if parent in {Path("/"), Path(tempfile.gettempdir())}:
            return
        with suppress(PermissionError):
            parent.chmod(parent.stat().st_mode | 0o011)


class ResettingProxy:
    """Stands before a server and can cut every connection with a reset, as a crashed host's do."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._pairs: list[tuple[socket.socket, socket.socket]] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.connections = 0

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()
        self.reset_all()

    def reset_all(self) -> int:
        """Reset every connection on both sides; how many there were."""
        with self._lock:
            pairs, self._pairs = self._pairs, []
        for pair in pairs:
            for side in pair:
                with suppress(OSError):
                    side.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    # Who waits in recv is woken only by a shutdown; the close then sends the reset.
                    side.close()
        return len(pairs)

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                try:
                    server = socket.create_connection(("127.0.0.1", self._target), PATIENCE_SECONDS)
                except OSError:
                    client.close()
                    continue
                server.settimeout(None)
                with self._lock:
                    self._pairs.append((client, server))
                    self.connections += 1
                for source, sink in ((client, server), (server, client)):
                    threading.Thread(target=self._pump, args=(source, sink), daemon=True).start()

    @staticmethod
    def _pump(source: socket.socket, sink: socket.socket) -> None:
        with suppress(OSError):
            source.settimeout(0.2)
            while True:
                try:
                    data = source.recv(65_536)
                except TimeoutError:
                    continue
                if not data:
                    break
                sink.sendall(data)
        for side in (source, sink):
            with suppress(OSError):
                side.close()
