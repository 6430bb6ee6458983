# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""``cc_bridge check``: tries everything the bridge needs and says in words what is wrong.

Exit code 0 when all is well, 1 when something is wrong, 2 when the settings can't be read.
"""

import asyncio
import os
import shutil
import socket
import uuid
from collections.abc import AsyncIterator, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from . import __version__
from .ami import AmiError, AmiFailed, AmiPermissionError, AmiTransport
from .completeness.cel import parse as parse_cel
from .config import ConfigError, Settings, load
from .events import Event, text
from .odoo.client import OdooClient, OdooError
from .private import mode_of, open_to_others

#: How soon an AMI user hears of a user event of their own, if they may; seconds.
OWN_EVENT_S = 5.0
_ACTIONS = (
    "ConfbridgeList",
    "ConfbridgeMute",
    "CoreSettings",
    "CoreShowChannels",
    "CoreStatus",
    "DBDelTree",
    "DBPut",
    "Getvar",
    "Hangup",
    "Originate",
    "PJSIPNotify",
    "QueueAdd",
    "QueuePause",
    "QueuePenalty",
    "QueueRemove",
    "QueueStatus",
    "Redirect",
    "Reload",
    "Setvar",
    "UserEvent",
)
_READ = "system,call,agent,user,reporting,dtmf"
_WRITE = "system,call,agent,user,reporting,originate"
#: Actions that need a class which the bridge does not, where ``manager.conf`` can't be asked: the class.
_TOO_MUCH = {
    "Command": "command",
    "UpdateConfig": "config",
    "AGI": "agi",
    "MessageSend": "message",
    "AOCMessage": "aoc",
}
#: Events that have no end that could be known when a stranger's line breaks are in them.
_FILTERED = ("Newexten", "VarSet")
#: What runs programs or writes files. Who may Originate with the class system, which Reload and PJSIPNotify need, may use
#: them.
_DOORS = ("app_system", "func_shell", "app_externalivr", "res_agi", "func_env")


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was tried.

    ``code``: ok, note (to be known, nothing is wrong), config, network, login, permission, odoo, database, token,
    version.
    """

    code: str
    text: str


def check(config: Path) -> int:
    """Prints a line for each thing tried; returns the exit code."""
    try:
        settings = load(config)
    except ConfigError as error:
        print(f"config      {error}")  # noqa: T201 (it is what the command says)
        return 2
    print(f"ok          settings {config}, cc_bridge {__version__}")  # noqa: T201
    bad = bool((mode_of(config) or 0) & 0o007)
    if bad:
        print(f"config      {config} has secrets in it and can be read by others")  # noqa: T201
    for finding in findings(settings):
        bad = bad or finding.code not in ("ok", "note")
        print(f"{finding.code:<11} {finding.text}")  # noqa: T201
    return 1 if bad else 0


def findings(settings: Settings) -> Iterator[Finding]:
    """Everything, one after the other."""
    yield from local(settings)
    yield from asyncio.run(_collect(settings))
    yield from odoo(settings)


async def _collect(settings: Settings) -> list[Finding]:
    return [finding async for finding in pbx(settings)]


def local(settings: Settings) -> Iterator[Finding]:
    """Folders and programs on this machine."""
    folders = [("spool", settings.spool.parent), ("recordings", settings.recordings)]
    if settings.config_dir:
        folders.append(("PBX configuration", settings.config_dir))
    for name, folder in folders:
        if not folder.is_dir():
            yield Finding("config", f"{name}: the folder {folder} is not there")
            continue
        probe = folder / f".cc_bridge-{uuid.uuid4()}"
        try:
            probe.touch()
            probe.unlink()
        except OSError as error:
            yield Finding("config", f"{name}: {folder} can't be written ({error.strerror})")
        else:
            yield Finding("ok", f"{name}: {folder}")
    for path, mode in open_to_others(settings):
        yield Finding("config", f"{path} can be read by others: it should have the mode {mode:04o}")
    yield completeness(settings)
    if shutil.which("lame"):
        yield Finding("ok", "lame is there")
    else:
        yield Finding("config", "lame is not installed: recordings can't be made into mp3")


def completeness(settings: Settings) -> Finding:
    """The file of CEL: set, readable, and written with our columns."""
    path = settings.cel
    if path is None:
        return Finding(
            "config",
            "[pbx] cel is not set: calls that come and go while the bridge is away stay unknown",
        )
    try:
        with path.open("rb") as stream:
            stream.seek(max(0, stream.seek(0, os.SEEK_END) - 65536))
            lines = stream.read().decode("utf-8", "replace").splitlines()
    except FileNotFoundError:
        if path.parent.is_dir():
            return Finding("ok", f"CEL: {path} is not there yet; it comes with the first call")
        return Finding("config", f"CEL: the folder {path.parent} is not there; Asterisk needs it")
    except OSError as error:
        return Finding("config", f"CEL: {path} can't be read ({error.strerror})")
    if lines and parse_cel(lines[-1]) is None:
        return Finding(
            "config", f"CEL: the columns of {path} are not those of the manual's cel_custom.conf"
        )
    return Finding("ok", f"CEL: {path}")


async def cel_running(ami: AmiTransport) -> Finding:
    """Whether Asterisk writes CEL at all, by its own word."""
    reply = await ami.action({"Action": "Command", "Command": "cel show status"})
    told = reply.headers.get("Output") or ""
    status = "\n".join(told) if isinstance(told, list) else str(told)
    missing = [
        word
        for word in ("Enabled", "CHAN_START", "CHAN_END", "HANGUP", "BRIDGE_ENTER", "Custom")
        if word not in status
    ]
    if missing:
        return Finding(
            "config",
            f"Asterisk does not write CEL as it should ({', '.join(missing)} missing in "
            "'cel show status'): cel.conf, cel_custom.conf, module cel_custom",
        )
    return Finding("ok", "Asterisk writes CEL")


@dataclass(slots=True)
class User:
    """A section of ``manager.conf``."""

    read: frozenset[str] = frozenset()
    write: frozenset[str] = frozenset()
    filters: str = ""


async def sections(ami: AmiTransport, file: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """A configuration file as Asterisk reads it, which the class *system* may; empty where it may not.

    :return: each section's name and its lines; templates are left out, what they say is in the sections made of them
    """
    try:
        reply = await ami.action({"Action": "GetConfig", "Filename": file})
    except AmiError:
        return []
    found: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for key, value in reply.headers.items():
        what, _, rest = key.partition("-")
        number = rest.partition("-")[0]
        if what == "Category":
            found[number] = (str(value), [])
        elif what == "IsTemplate" and str(value) != "0":
            found.pop(number, None)
        elif what == "Line" and number in found:
            name, _, words = str(value).partition("=")
            found[number][1].append((name.strip(), words.removeprefix(">").strip()))
    return list(found.values())


async def users(ami: AmiTransport) -> dict[str, User]:
    """AMI's users as ``manager.conf`` has them; none where it can't be read."""
    found: dict[str, User] = {}
    for name, lines in await sections(ami, "manager.conf"):
        if name == "general":
            continue
        user = found.setdefault(name, User())
        for key, words in lines:
            if key in ("read", "write"):
                classes = frozenset(word.strip() for word in words.split(",") if word.strip())
                setattr(user, key, classes)
            elif key.startswith("eventfilter"):
                user.filters += key + words
    return found


async def open_endpoints(ami: AmiTransport) -> Finding | None:
    """Lines that a stranger need only name: without a password, and known by the name in a call's From."""
    found = set()
    for name, lines in await sections(ami, "pjsip.conf"):
        said = dict(lines)
        by = {word.strip() for word in said.get("identify_by", "username,ip").split(",")}
        if said.get("type") == "endpoint" and "auth" not in said and "username" in by:
            found.add(name)
    if not found:
        return None
    return Finding(
        "config",
        f"whoever gives the name {', '.join(sorted(found))} as the caller is taken for that line, from any address; "
        "pjsip.conf, its endpoint: identify_by = ip",
    )


def _beyond(settings: Settings, mine: User) -> Iterator[Finding]:
    """Where the bridge's own section differs from the manual's."""
    name = settings.ami.username
    for what, has, needs in (("read", mine.read, _READ), ("write", mine.write, _WRITE)):
        more = sorted(has - frozenset(needs.split(",")))
        if more:
            yield Finding(
                "permission",
                f"the AMI user {name} has more rights than are needed ({', '.join(more)}); "
                f"manager.conf: {what} = {needs}",
            )
        less = sorted(frozenset(needs.split(",")) - has) if "all" not in has else []
        if less:
            yield Finding(
                "permission",
                f"the AMI user {name} lacks {', '.join(less)}; manager.conf: {what} = {needs}",
            )
    open_events = [event for event in _FILTERED if f"name({event})" not in mine.filters]
    if open_events:
        yield Finding(
            "config",
            f"the AMI user {name} gets events in which strangers' words can't be told from the PBX's; "
            "manager.conf: "
            + ", ".join(f"eventfilter(action(exclude),name({event})) =" for event in open_events),
        )


async def _too_much(
    ami: AmiTransport, settings: Settings, listed: Mapping[str, object]
) -> list[Finding]:
    """What the AMI user can do beyond what the bridge needs: a stolen password is worth as much."""
    found: list[Finding] = []
    known = await users(ami)
    mine = known.pop(settings.ami.username, None)
    if mine is not None:
        found += _beyond(settings, mine)
    elif classes := sorted({name for action, name in _TOO_MUCH.items() if action in listed}):
        found.append(
            Finding(
                "permission",
                f"the AMI user {settings.ami.username} has more rights than are needed "
                f"({', '.join(classes)}); manager.conf: write = {_WRITE}",
            )
        )
    mighty = sorted(name for name, user in known.items() if user.write - set(_WRITE.split(",")))
    if mighty:
        found.append(
            Finding(
                "note",
                f"the AMI user {settings.ami.username} can read the passwords of {', '.join(mighty)} in "
                "manager.conf (GetConfig, which the class system allows): who has its password has theirs",
            )
        )
    loaded = []
    for module in _DOORS if "ModuleCheck" in listed else ():
        try:
            await ami.action({"Action": "ModuleCheck", "Module": module})
        except AmiFailed:
            continue
        loaded.append(module)
    if loaded:
        found.append(
            Finding(
                "permission",
                "an application that runs programs or writes files is ready for whoever has the AMI password; "
                "modules.conf: " + ", ".join(f"noload = {name}.so" for name in loaded),
            )
        )
    if "ModuleLoad" in listed:
        found.append(
            Finding(
                "note",
                f"who has the password of {settings.ami.username} can have Asterisk run programs all the same: the "
                "class system, which Reload needs, loads modules, and MixMonitor, which records calls, starts one. "
                "Keep it on loopback, its file private, and Asterisk a user without other rights",
            )
        )
    if all(one.code == "note" for one in found):
        found.append(Finding("ok", "the AMI user has no more rights than are needed"))
    return found


async def pbx(settings: Settings) -> AsyncIterator[Finding]:
    """AMI: reachable, the login, what the user may do, the version."""
    token, told = str(uuid.uuid4()), asyncio.Event()

    async def events(group: list[Event]) -> None:
        if any(text(event, "Token") == token for event in group):
            told.set()

    async def nothing(*_: object) -> None:
        return None

    ami = AmiTransport(settings.ami, on_events=events, on_up=nothing, on_down=nothing)
    where = f"{settings.ami.host}:{settings.ami.port}"
    consumer = asyncio.create_task(ami.consume())
    try:
        await ami.connect()
        yield Finding("ok", f"AMI at {where} takes user {settings.ami.username}")
        listed: Mapping[str, object] = {}
        try:
            listed = (await ami.action({"Action": "ListCommands"})).headers
            missing = [name for name in _ACTIONS if name not in listed]
        except AmiPermissionError:
            missing = list(_ACTIONS)
        if "UserEvent" not in missing:
            await ami.action({"Action": "UserEvent", "UserEvent": "CCCheck", "Token": token})
            try:
                async with asyncio.timeout(OWN_EVENT_S):
                    await told.wait()
            except TimeoutError:
                yield Finding(
                    "permission",
                    f"the AMI user {settings.ami.username} does not get user "
                    f"events; manager.conf: read = {_READ}",
                )
        if "PJSIPNotify" in missing:
            # ListCommands doesn't tell a missing module from a missing right
            missing.remove("PJSIPNotify")
            yield Finding(
                "permission",
                "no PJSIPNotify: desk phones can't be answered from the screen "
                "(res_pjsip_notify not loaded, its pjsip_notify.conf missing, or no right "
                "to it)",
            )
        if missing:
            yield Finding(
                "permission",
                f"the AMI user {settings.ami.username} may not "
                f"{', '.join(missing)}; manager.conf: write = {_WRITE}",
            )
        else:
            yield Finding("ok", "the AMI user may do everything that is needed")
        for finding in await _too_much(ami, settings, listed):
            yield finding
        if (open_line := await open_endpoints(ami)) is not None:
            yield open_line
        if settings.cel is not None and "Command" in listed:
            yield await cel_running(ami)
        if "CoreSettings" not in missing:
            version = (await ami.action({"Action": "CoreSettings"})).get("AsteriskVersion")
            major = version.partition(".")[0]
            yield Finding(
                "ok" if major.isdigit() and int(major) >= 22 else "version",
                f"Asterisk {version}"
                + ("" if major.isdigit() and int(major) >= 22 else "; 22 or newer is needed"),
            )
    except AmiError as error:
        yield Finding(
            error.code if error.code in ("network", "login", "permission") else "network",
            f"AMI at {where}: {error}",
        )
    finally:
        ami.close()
        consumer.cancel()
        await asyncio.gather(consumer, return_exceptions=True)


def odoo(settings: Settings) -> Iterator[Finding]:
    """Odoo: the address, the database, the token. Asks for a session, so no running bridge is disturbed."""
    parts = urlsplit(settings.odoo.url)
    host, port = parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80)
    try:
        socket.create_connection((host, port), timeout=5).close()
    except OSError as error:
        yield Finding("odoo", f"Odoo at {settings.odoo.url} can't be reached ({error})")
        return
    client = OdooClient(settings.odoo)
    try:
        client.session()
    except OdooError as error:
        if error.code == "token":
            yield Finding(
                "token",
                f"Odoo does not accept our token: is the PBX's uuid or secret "
                f"wrong, or the clock? ({error})",
            )
        elif error.code == "network":
            yield Finding("odoo", f"Odoo at {settings.odoo.url} can't be reached ({error})")
        else:
            yield Finding(
                "database",
                f"Odoo at {settings.odoo.url} has no contact centre in the "
                f"database {settings.odoo.database!r} ({error})",
            )
        return
    finally:
        client.close()
    yield Finding(
        "ok", f"Odoo at {settings.odoo.url}, database {settings.odoo.database}, knows this PBX"
    )
    if abs(client.skew_us) > 2_000_000:
        yield Finding("version", f"Odoo's clock is {client.skew_us / 1e6:+.1f} s off ours")
