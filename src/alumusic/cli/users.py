"""`alumusic users`: accounts, for who runs this machine and needs no account to do so."""

import json
from typing import Final

import click
from rich.console import Console
from rich.table import Table

from alumusic.accounts.invites import invite_user
from alumusic.accounts.manage import change_account, find_by_email, list_users, set_password
from alumusic.accounts.passwords import Passwords
from alumusic.accounts.sign_up import add_account
from alumusic.bootstrap import Services
from alumusic.cli.services import with_services
from alumusic.contract.auth import UserView
from alumusic.domain.users import Role, User

_ROLES: Final = click.Choice([role.value for role in Role])
_ROLE_HELP: Final = "leitor lê; curador envia e corrige; admin administra; ingestor é uma máquina que só envia."


@click.group()
def users() -> None:
    """Cria, lista, convida e desativa contas.

    \b
    Exemplos:
      alumusic users add ana@exemplo.com.br --role curador
      alumusic users list
      alumusic users disable ana@exemplo.com.br
    """


@users.command("list")
@click.option("--json", "as_json", is_flag=True, help="Uma lista JSON, para máquinas.")
@with_services
def list_accounts(kept: Services, *, as_json: bool) -> None:
    """Lista as contas, da mais antiga à mais nova."""
    found = list_users(kept.engine)
    if as_json:
        views = [UserView.of(user).model_dump(mode="json", by_alias=True) for user in found]
        click.echo(json.dumps(views, ensure_ascii=False, indent=2))
    elif found:
        Console().print(_table(found))
    else:
        click.echo("Ainda não há contas; crie a primeira com `alumusic users add E-MAIL --role admin`.")


def _table(found: list[User]) -> Table:
    table = Table("id", "e-mail", "papel", "estado", "desde")
    for user in found:
        state = "desativada" if user.disabled_at else "ativa"
        table.add_row(str(user.id), user.email, user.role.value, state, f"{user.created_at:%d/%m/%Y}")
    return table


@users.command()
@click.argument("email")
@click.option("--role", type=_ROLES, default=Role.CURATOR.value, show_default=True, help=_ROLE_HELP)
@click.password_option(prompt="Senha", confirmation_prompt="Repita a senha", help="Perguntada, se não vier aqui.")
@with_services
def add(kept: Services, *, email: str, role: str, password: str) -> None:
    """Cria uma conta para E-MAIL."""
    user = add_account(email, password, role=Role(role), engine=kept.engine, passwords=Passwords(), now=kept.clock())
    click.echo(f"Conta {user.id} criada para {user.email}, com o papel {user.role.value}.")


@users.command()
@click.argument("email")
@with_services
def disable(kept: Services, *, email: str) -> None:
    """Desativa a conta de E-MAIL; vale na hora."""
    _change(kept, email, disabled=True)
    click.echo("Conta desativada; os tokens que ela tinha já não valem.")


@users.command()
@click.argument("email")
@with_services
def enable(kept: Services, *, email: str) -> None:
    """Reativa a conta de E-MAIL."""
    _change(kept, email, disabled=False)
    click.echo("Conta reativada.")


@users.command()
@click.argument("email")
@click.argument("role", type=_ROLES)
@with_services
def role(kept: Services, *, email: str, role: str) -> None:
    """Dá o papel ROLE à conta de E-MAIL; vale na hora."""
    _change(kept, email, role=Role(role))
    click.echo(f"A conta agora tem o papel {role}.")


def _change(kept: Services, email: str, *, disabled: bool | None = None, role: Role | None = None) -> None:
    user = find_by_email(email, engine=kept.engine)
    change_account(user.id, role=role, disabled=disabled, by=None, engine=kept.engine, now=kept.clock())


@users.command("set-password")
@click.argument("email")
@click.password_option(prompt="Senha nova", confirmation_prompt="Repita a senha", help="Perguntada, se não vier aqui.")
@with_services
def new_password(kept: Services, *, email: str, password: str) -> None:
    """Troca a senha da conta de E-MAIL e encerra as suas sessões."""
    user = find_by_email(email, engine=kept.engine)
    set_password(user, password, engine=kept.engine, passwords=Passwords(), now=kept.clock())
    click.echo("Senha trocada; as sessões abertas foram encerradas.")


@users.command()
@click.option("--role", type=_ROLES, default=Role.CURATOR.value, show_default=True, help=_ROLE_HELP)
@click.option("--email", help="Só para este e-mail; sem isto, para quem tiver o convite.")
@click.option("--by", "inviter", help="E-mail do admin que convida; por padrão, o admin mais antigo.")
@with_services
def invite(kept: Services, *, role: str, email: str | None, inviter: str | None) -> None:
    """Mostra um convite novo, que vale uma vez, por 72 horas."""
    by = find_by_email(inviter, engine=kept.engine) if inviter else _first_admin(kept)
    made = invite_user(by, role=Role(role), email=email, engine=kept.engine, now=kept.clock())
    click.echo(made.token)
    until = made.expires_at.astimezone(kept.settings.zone)
    click.echo(f"Vale até {until:%d/%m/%Y %H:%M}; envie-o como “convite” em POST /auth/register.", err=True)


def _first_admin(kept: Services) -> User:
    admins = [user for user in list_users(kept.engine) if user.role is Role.ADMIN and user.disabled_at is None]
    if not admins:
        raise click.ClickException("Ainda não há admin; crie um com `alumusic users add E-MAIL --role admin`.")
    return admins[0]
