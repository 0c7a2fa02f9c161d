"""Fills a house through its public API, as people do: an admin, a curator, eight weeks of invented comments."""

import csv
from datetime import datetime, time, timedelta
from importlib import resources
from zoneinfo import ZoneInfo

from tests.browser.stand import Stand

ADMIN = "bia@exemplo.com.br"
CURATOR = "ana@exemplo.com.br"
READER = "leo@exemplo.com.br"
_ZONE = ZoneInfo("America/Sao_Paulo")
_COLUMNS = {
    "texto": "texto",
    "autor": "autor",
    "fonte": "fonte",
    "artista": "artista",
    "album": "album",
    "musica": "musica",
}


def demo_rows(now: datetime) -> list[dict[str, str]]:
    """The comments of the demonstration, as a client of the API would send them; none is of the future."""
    text = resources.files("alumusic.up").joinpath("demo_comments.csv").read_text(encoding="utf-8")
    monday = now.date() - timedelta(days=now.weekday())
    rows = []
    for number, row in enumerate(csv.DictReader(text.splitlines()), start=1):
        day = monday - timedelta(weeks=int(row["semanas_atras"])) + timedelta(days=int(row["dia"]))
        written = datetime.combine(day, time(int(row["hora"]), number * 17 % 60), _ZONE)
        if written > now:
            written -= timedelta(weeks=1)
        rows.append(
            {"data": written.isoformat(), "id_externo": f"demo-{number}"}
            | {name: row[column] for name, column in _COLUMNS.items() if row[column]}
        )
    return rows


def fill(stand: Stand) -> None:
    """An admin, a curator, a reader, and the comments, all of them classified."""
    stand.register(ADMIN)
    admin = stand.token(ADMIN)
    for email, role in ((CURATOR, "curador"), (READER, "leitor")):
        with stand.client(admin) as client:
            invite = client.post("/admin/invites", json={"papel": role, "email": email}).json()["convite"]
        stand.register(email, convite=invite)
    with stand.client(admin) as client:
        answer = client.post("/api/comentarios", json=demo_rows(datetime.now(_ZONE)))
        assert answer.status_code == 202, answer.text
    assert stand.finish(admin, answer.json()["task_id"])["falhas"] == 0
