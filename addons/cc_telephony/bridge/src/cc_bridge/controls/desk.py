# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What every control works with: where the agent is, and the tools to do something about it."""

from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any

from cc_contract.situation import my_leg, other_side

from .. import encoder
from ..ami import AmiError
from ..calls.live import LiveChannel
from ..kernel.forms import NotPossible, Order, Result
from ..kernel.kernel import CoreKernel
from .calls import Finder, Place
from .steering import Steering
from .targets import Targets

#: A control: the agent's number, the call's id as the command has it, the command's arguments. Returns the id
#: of the call that it is about; None: the one that the command names.
Control = Callable[[str, str | None, Mapping[str, Any]], Awaitable[str | None]]
#: What is done beside a step that several controls take.
Step = Callable[[Place], Awaitable[None]]


class Desk:
    """Given to each control when it is made."""

    def __init__(self, kernel: CoreKernel) -> None:
        core = kernel.core
        self.kernel = kernel
        self.channels = core.channels
        self.agents = core.agents
        self.calls = core.calls
        self.find = Finder(core.channels, core.agents, core.calls)
        self.steer = Steering(core.ami, core.channels, core.calls, core.changes)
        self.targets = Targets(core.agents, core.dialled, self.steer, core.gate)
        self._before_return: list[Step] = []
        self._before_away: list[Step] = []
        self._before_back: list[Step] = []
        self._after_back: list[Step] = []
        for name in ("OriginateResponse", "Hangup"):
            kernel.on_event(name, self.steer.originated)

    # -- registration ---------------------------------------------------------------------------

    def control(self, kind: str, do: Control) -> None:
        """Commands of this kind are run by ``do``."""

        async def run(order: Order) -> Result:
            call_uid = await do(self.number(order), order.call_uid, order.args)
            return Result(call_uid=call_uid or order.call_uid)

        self.kernel.command(kind, run)

    def before_return(self, do: Step) -> None:
        """To be done before a customer who hears music is brought back, or leaves with the third party."""
        self._before_return.append(do)

    def before_away(self, do: Step) -> None:
        """To be done before the other side leaves for music, also again while they hear it."""
        self._before_away.append(do)

    def before_back(self, do: Step) -> None:
        """To be done before the other side comes back into the room, or stays after all."""
        self._before_back.append(do)

    def after_back(self, do: Step) -> None:
        """To be done once the other side is back in the room, or has stayed."""
        self._after_back.append(do)

    @staticmethod
    def number(order: Order) -> str:
        """The agent whose command it is. Raises NotPossible."""
        if not order.agent:
            raise NotPossible("no_agent", "the command names no agent")
        return encoder.agent(order.agent)

    # -- where ----------------------------------------------------------------------------------

    async def place(self, control: str, number: str, call_uid: str | None) -> Place:
        """Where the agent is, once the table has allowed the control. Raises NotPossible."""
        call = self.find.call_for(number, call_uid)
        self.find.check(control, number, call)
        mine = self.find.live(my_leg(call, number))
        if mine is None:
            raise NotPossible("no_call", "you are not in this call any more")
        return await self.around(number, call, mine)

    async def around(self, number: str, call: Mapping[str, Any], mine: LiveChannel) -> Place:
        """The room of an agent's channel. Raises NotPossible."""
        find, getvar = self.channels.named, self.steer.getvar
        room, cust, leg = [await getvar(mine.name, v) for v in ("ROOM", "CUST", "CUSTLEG")]
        if not room or find(cust) is None:
            raise NotPossible("no_call", "this call can't be steered from here")
        if cust == mine.name:
            # they called a colleague: it is the colleague who is put on music
            peer = self.find.live(other_side(call, number))
            if peer is None:
                raise NotPossible("no_call", "the other side is gone")
            return Place(number, call, mine, room, cust, peer.name, "wait", "agent")
        if leg != cust and find(leg) is not None:
            return Place(number, call, mine, room, cust, leg, "hold", "cust")
        return Place(number, call, mine, room, cust, cust, "hold", "custx")

    # -- steps that several controls take -------------------------------------------------------

    async def away(self, place: Place) -> None:
        """The other side to music."""
        await self.aside(place)
        try:
            await self.steer.move(place.other, place.away, None)
        except (AmiError, NotPossible):
            await self._run(self._before_back, place)
            await self._run(self._after_back, place)
            raise

    async def aside(self, place: Place) -> None:
        """From now on what is said may not be for the other side."""
        await self._run(self._before_away, place)

    async def back(self, place: Place) -> None:
        """The other side back into the room."""
        await self.returning(place)
        await self._run(self._before_back, place)
        try:
            await self.steer.move(place.other, place.back, place.room)
        except (AmiError, NotPossible):
            if self.find.waits(place):
                await self.aside(place)
            raise
        await self._run(self._after_back, place)

    async def returning(self, place: Place) -> None:
        """The other side is about to come back, or to leave with the third party."""
        await self._run(self._before_return, place)

    @staticmethod
    async def _run(steps: list[Step], place: Place) -> None:
        for do in steps:
            await do(place)

    def background(self, work: Coroutine[Any, Any, Any], name: str) -> None:
        """Runs it beside; what is not possible any more is said in the log."""
        self.kernel.core.tasks.spawn(self.kernel.name, work, name, expected=(AmiError, NotPossible))
