"""Faults between clients and rows: everything killed, connections cut after COMMIT, a full disk, half an upload."""

import socket
import threading
import time
from contextlib import suppress
from typing import Self

from sqlalchemy import func, select

from alumusic.store.database import open_database, reading
from alumusic.store.migrate import upgrade
from alumusic.store.tables import batches, comments
from tests.chaos.checker import check
from tests.chaos.clients import StubbornClient
from tests.chaos.listeners import text_of
from tests.chaos.of_workers import Size, outcome
from tests.chaos.stage import Api, Scene, Stage
from tests.chaos.table import Outcome
from tests.servers import free_port, wait_until
from tests.workers import left

UPLOAD_ROWS = 200_000


def _sqlite(scene: Scene) -> None:
    """Let the scene play on a database of its own, where `alumusic up` will look for it."""
    data = scene.folder / "data"
    data.mkdir(mode=0o700)
    scene.engine = open_database(f"sqlite:///{data / 'alumusic.db'}")
    upgrade(scene.engine)
    scene.settings = {"ALUMUSIC_DATA_DIR": str(data)}


def everything_is_killed(stage: Stage, size: Size) -> Outcome:
    with Scene(stage, "row8") as scene:
        _sqlite(scene)
        port = free_port()
        lives: list[Api] = [scene.everything(port).wait()]
        headers = lives[0].sign_in()
        client = StubbornClient(lambda: lives[-1], headers, size=max(10, size.comments // 200))
        stop = threading.Event()
        kills = 0

        def kill_and_start() -> None:
            nonlocal kills
            while not stop.wait(3):
                lives[-1].program.kill()
                kills += 1
                # Three seconds of life after it answers, however long a busy machine takes to start it.
                lives.append(scene.everything(port).wait())

        killer = scene.meanwhile(kill_and_start)
        client.post_for(size.seconds, pause=0.3)
        stop.set()
        killer.join()
        lives[-1].wait()
        scene.accepted = client.accepted
        took = scene.drained(90)
        notes = f"{kills} kills; answers {dict(client.statuses)}"
        result = outcome(
            scene, 8, "embedded: kill -9 of everything while a client posts", drained=took, notes=notes,
            clean=not client.without_retry_after and 500 not in client.statuses,
        )  # fmt: skip
        scene.engine.dispose()
        return result


class CuttingProxy:
    """Stands before PostgreSQL; when armed, lets a COMMIT through and cuts the line before its answer."""

    def __init__(self, target: int) -> None:
        self._target = target
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self.armed = 0
        self.cut = 0
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._listener.close()

    def arm(self) -> None:
        self.armed += 1

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._target), 5)
                server.settimeout(None)
                threading.Thread(target=self._up, args=(client, server), daemon=True).start()
                threading.Thread(target=self._down, args=(client, server), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := client.recv(65_536):
                if b"COMMIT" in data and self._takes_this_one():
                    # Nothing of what the server will say gets back; what it does is done.
                    client.shutdown(socket.SHUT_RDWR)
                    server.sendall(data)
                    time.sleep(0.3)
                    break
                server.sendall(data)
        for side in (client, server):
            side.close()

    def _takes_this_one(self) -> bool:
        with self._lock:
            if not self.armed:
                return False
            self.armed -= 1
            self.cut += 1
            return True

    @staticmethod
    def _down(client: socket.socket, server: socket.socket) -> None:
        with suppress(OSError):
            while data := server.recv(65_536):
                client.sendall(data)
        for side in (client, server):
            with suppress(OSError):
                side.shutdown(socket.SHUT_RDWR)


def cut_after_commit(stage: Stage, size: Size) -> Outcome:
    with CuttingProxy(stage.postgres.port) as proxy, Scene(stage, "row12") as scene:
        url = f"postgresql://postgres@127.0.0.1:{proxy.port}/postgres"
        api = scene.api(DATABASE_URL=url).wait()
        client = StubbornClient(lambda: api, api.sign_in(), size=50)
        for number in range(20):
            if number % 2 == 0:
                proxy.arm()
            client.post_once(give_up=time.monotonic() + 30)
        on_ingest, proxy.armed = proxy.cut, 0
        scene.worker("-c", "1", DATABASE_URL=url)
        cutting = scene.every(0.4, proxy.arm, lasting=15)
        wait_until(lambda: left(scene.engine) == 0 or not cutting.is_alive(), seconds=60)
        cutting.join()
        proxy.armed = 0
        scene.accepted = client.accepted
        took = scene.drained(60)
        with reading(scene.engine) as db:
            kept = db.scalar(select(func.count()).select_from(batches))
        notes = (
            f"{on_ingest} COMMITs cut on ingest, {proxy.cut - on_ingest} in workers; answers {dict(client.statuses)}"
        )
        return outcome(
            scene, 12, "connection cut after COMMIT, on ingest and on write-back", drained=took, notes=notes,
            clean=on_ingest >= 10 and proxy.cut > on_ingest and kept == 20 and 500 not in client.statuses,
        )  # fmt: skip


def disk_is_full(stage: Stage, size: Size) -> Outcome:
    """No file of this process may grow beyond a few megabytes, which SQLite hears as a full disk."""
    with Scene(stage, "row13") as scene:
        _sqlite(scene)
        port = free_port()
        api = scene.everything(port).wait()
        headers = api.sign_in()
        api.program.stop()
        full = scene.everything(port)
        full.program.kill()
        # The same command under a limit: 2 MB beyond what the database has.
        limit = (scene.folder / "data" / "alumusic.db").stat().st_size // 1024 + 2048
        full.program.command = ["bash", "-c", f'ulimit -f {limit}; exec "$@"', "bash", *full.program.command]
        full.program.start()
        full.wait()
        statuses: dict[int, int] = {}
        promised = 0
        for piece in range(40):
            body = [{"texto": text_of(piece * 250 + n)} for n in range(250)]
            answer = full.client.post("/api/comentarios", json=body, headers=headers)
            statuses[answer.status_code] = statuses.get(answer.status_code, 0) + 1
            promised += 250 * (answer.status_code == 202)
        full.program.kill()
        with reading(scene.engine) as db:
            kept = db.scalar(select(func.count()).select_from(comments)) or 0
        room = scene.everything(port).wait()
        again = room.client.post("/api/comentarios", json=[{"texto": "cabe de novo"}], headers=headers).status_code
        scene.drained(90)
        found = check(scene.engine, set(), judged_by_stub=True)
        clean = set(statuses) <= {202, 503, 507} and len(statuses) == 2 and kept == promised and again == 202
        scene.engine.dispose()
        return Outcome(
            13, "disk full", clean and found.failed == 0 and found.unfinished == 0, promised + 1, None,
            f"answers {statuses}; {promised} promised, {kept} kept; takes comments again when there is room",
        )  # fmt: skip


def half_an_upload(stage: Stage, size: Size) -> Outcome:
    with Scene(stage, "row15") as scene:
        api = scene.api().wait()
        headers = api.sign_in()
        rows = "".join(f'"{text_of(n)}"\n' for n in range(UPLOAD_ROWS))
        boundary = "----alumusic"
        body = (
            f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="x.csv"\r\n'
            f"Content-Type: text/csv\r\n\r\ntexto\n{rows}\r\n--{boundary}--\r\n"
        ).encode()
        head = (
            f"POST /api/llm/analyze HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: {headers['Authorization']}\r\n"
            f"Content-Type: multipart/form-data; boundary={boundary}\r\nContent-Length: {len(body)}\r\n\r\n"
        ).encode()
        with socket.create_connection(("127.0.0.1", api.port), 30) as connection:
            connection.sendall(head + body[: len(body) // 2])
        time.sleep(2)
        after_half = _count(scene)
        key = headers | {
            "Idempotency-Key": "todo-o-arquivo",
            "Content-Type": f"multipart/form-data; boundary={boundary}",
        }
        began = time.monotonic()
        first = api.client.post("/api/llm/analyze", content=body, headers=key, timeout=120)
        took = time.monotonic() - began
        second = api.client.post("/api/llm/analyze", content=body, headers=key, timeout=120)
        kept = _count(scene)
        clean = (after_half, kept, first.status_code, second.status_code) == (0, UPLOAD_ROWS, 202, 202)
        clean &= first.json()["task_id"] == second.json()["task_id"]
        return Outcome(
            15, "upload of 200,000 rows cut at half, then repeated twice", clean, kept, None,
            f"{after_half} rows after the half; {kept:,} after two whole ones, the first answered in {took:.1f} s",
        )  # fmt: skip


def _count(scene: Scene) -> int:
    with reading(scene.engine) as db:
        return db.scalar(select(func.count()).select_from(comments)) or 0
