"""The command `alumusic summary`: write the summary of a week now, and show it."""

import click

from alumusic.bootstrap import Services, build_services
from alumusic.cli.refusals import told
from alumusic.domain.summaries import Summary
from alumusic.domain.weeks import Week
from alumusic.settings import load_settings
from alumusic.store.database import reading
from alumusic.store.migrate import upgrade
from alumusic.summarize.digest import request_summary, write_next_summary
from alumusic.summarize.pages import read_summary
from alumusic.summarize.template import as_markdown


class WeekType(click.ParamType[Week]):
    """An ISO week, such as 2026-W47."""

    name = "semana"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Week:
        """Read the name of a week."""
        if isinstance(value, Week):
            return value
        try:
            return Week.parse(str(value))
        except ValueError:
            self.fail(f"{value!r} não é uma semana ISO de 1970 em diante, como 2026-W47", param, ctx)


@click.command()
@click.option("--week", type=WeekType(), metavar="AAAA-Www", help="Semana ISO; sem ela, a última que tem comentários.")
def summary(week: Week | None) -> None:
    """Escreve o resumo de uma semana e o mostra em Markdown."""
    services = build_services(load_settings())
    upgrade(services.engine)
    with told():
        click.echo(as_markdown(_written(services, week)))


def _written(services: Services, week: Week | None) -> Summary:
    zone, now = services.settings.zone, services.clock()
    chosen = request_summary(services.engine, week, zone=zone, now=now)
    # Weeks that were due before come first or last; this one is among them, unless a worker has it in hand already.
    while write_next_summary(services.engine, services.language_model, zone=zone, now=now) is not None:
        pass
    with reading(services.engine) as db:
        return read_summary(db, chosen)
