"""The command `alumusic`: each of its commands is loaded only when somebody asks for it."""

import importlib
import sys
from textwrap import indent
from typing import Any, Final

import click

from alumusic.contract.set_up import UNREADABLE, sentence_of_set_up
from alumusic.domain.errors import ConfigurationError
from alumusic.logs import configure_logs
from alumusic.settings import InvalidSettingsError

COMMANDS: Final = {
    "up": "alumusic.up.command:up",
    "classify": "alumusic.cli.classify:classify",
    "import": "alumusic.cli.importing:import_files",
    "users": "alumusic.cli.users:users",
    "subject": "alumusic.cli.subject:subject",
    "summary": "alumusic.cli.summary:summary",
    "eval": "alumusic.evals.command:evaluate",
    "train": "alumusic.evals.train_command:train",
    "db": "alumusic.cli.db:db",
}
"""Where each command lives, in the order in which the help lists them."""

_KEEP_LOGS_OF_THEIR_OWN: Final = frozenset({"up"})
"""Servers, whose log is as the settings say; of all others only what went wrong is told."""


class LazyGroup(click.Group):
    """A group that imports a command when it is used: `--help` answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """The names of all commands, the most used first."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """The command of that name, loaded now."""
        if cmd_name not in COMMANDS:
            return None
        module, name = COMMANDS[cmd_name].split(":")
        command: click.Command = getattr(importlib.import_module(module), name)
        return command

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; what is wrong with the settings is said in a sentence, not in a traceback."""
        try:
            return super().invoke(ctx)
        except InvalidSettingsError as error:
            raise click.ClickException(f"{UNREADABLE}\n{indent(str(error), '  ')}") from error
        except ConfigurationError as error:
            raise click.ClickException(sentence_of_set_up(error)) from error


@click.command(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="alumusic-insights", message="AluMusic Insights %(version)s")
@click.pass_context
def main(ctx: click.Context) -> None:
    """AluMusic Insights: o que os ouvintes elogiam, criticam, sugerem e perguntam.

    Comece com `alumusic up` e abra o endereço que aparece.
    """
    for stream in (sys.stdout, sys.stderr):
        # On Windows a redirected stream is in the old code page, and loses accents and emoji.
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    if ctx.invoked_subcommand not in _KEEP_LOGS_OF_THEIR_OWN:
        # Standard output is for answers, and whoever waits for one sees what happens.
        configure_logs("WARNING")
