# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Desk phones: baresip, one process a phone, with its TCP control."""

from __future__ import annotations

import json
import os
import signal
import socket

from cc_stack.process import HOST, PATIENCE_S, Part, port_open, tail
from cc_stack.settings import Settings, StackError

BASE_EXTENSION = 2000


class Phone(Part):
    """A registered desk phone. Its sound is a tone, so that a recording shows who spoke.

    :param answer: "auto" answers at once, "manual" waits for `answer()`
    """

    def __init__(
        self, settings: Settings, extension: str, secret: str, *, answer: str = "auto"
    ) -> None:
        # 2001 is phone 1; the folder of ports holds twenty
        self.index = int(extension) % 20
        self.settings = settings
        self.extension = extension
        self.secret = secret
        self.mode = answer
        self.home = settings.run / "phones" / extension
        self.control_port = settings.ports.phone_control + self.index
        super().__init__(f"phone-{extension}", settings.run, ["baresip", "-4", "-f", self.home])

    @property
    def tone(self) -> int:
        """The frequency of this phone's own sound, in Hz."""
        return 400 + 20 * self.index

    def configure(self) -> None:
        """Writes baresip's files."""
        self.home.mkdir(parents=True, exist_ok=True)
        ports = self.settings.ports
        rtp = ports.phone_rtp + self.index * 10
        (self.home / "config").write_text(
            f"""poll_method epoll
sip_listen {HOST}:{ports.phones + 2 * self.index}
sip_trans_def udp
net_interface {HOST}
call_local_timeout 120
call_max_calls 4
audio_source ausine,{self.tone}
audio_player aubridge,sink{self.extension}
audio_alert aubridge,alert{self.extension}
ausrc_srate 48000
ausrc_channels 2
audio_level no
rtp_ports {rtp}-{rtp + 9}
rtcp_mux no
ctrl_tcp_listen {HOST}:{self.control_port}
module_path /usr/lib/baresip/modules
module g711.so
module ausine.so
module aubridge.so
module_tmp uuid.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
"""
        )
        account = self.home / "accounts"
        account.touch(mode=0o600)
        account.write_text(
            f"<sip:{self.extension}@{HOST}:{ports.sip};transport=udp>;auth_user={self.extension}"
            f";auth_pass={self.secret};answermode={self.mode};regint=60;audio_codecs=pcmu/8000/1;ptime=20\n"
        )
        (self.home / "contacts").touch()

    def up(self) -> None:
        """Starts and waits for the registration."""
        self.configure()
        if not self.alive:
            self.log.unlink(missing_ok=True)
        self.start()
        self.ready_when(lambda: "200 OK" in tail(self.log, 200) and port_open(self.control_port))

    def command(self, name: str, params: str = "") -> dict[str, object]:
        """One of baresip's long commands ("accept", "hangup", "dial", "hold", …) and its answer."""
        message = json.dumps({"command": name, "params": params, "token": "cc"}).encode()
        with socket.create_connection((HOST, self.control_port), timeout=PATIENCE_S) as control:
            control.sendall(b"%d:%s," % (len(message), message))
            buffer = b""
            while chunk := control.recv(1 << 16):
                buffer += chunk
                while b":" in buffer:
                    length, _, rest = buffer.partition(b":")
                    if len(rest) <= int(length):
                        break
                    answer: dict[str, object] = json.loads(rest[: int(length)])
                    buffer = rest[int(length) + 1 :]
                    if answer.get("response"):
                        return answer
        raise StackError(f"the phone {self.extension} does not answer its control port")

    def answer(self) -> None:
        """Picks up, once it rings.

        The PBX tells of the ringing before the phone has the call, and a phone that accepts without
        one says yes and does nothing.
        """
        self.ready_when(lambda: "INCOMING" in str(self.command("listcalls")))
        self.command("accept")

    def hang_up(self) -> None:
        self.command("hangup")

    def dial(self, number: str) -> None:
        """Calls a number as a person at this phone would."""
        self.command("dial", number)

    def lose(self) -> None:
        """The phone's power fails: no BYE, no unregistering."""
        if pid := self.pid:
            os.kill(pid, signal.SIGKILL)
