# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""The bridge's own plug-ins, in the order in which they hear of things."""

from collections.abc import Callable

from .call_names import CallNames
from .controls import Controls
from .kernel.forms import Plugin
from .kernel.kernel import CoreKernel
from .phones.back import PhoneBack
from .phones.rejoin import Rejoin
from .phones.reloads import Reloads
from .recordings import Recordings
from .tolls import Tolls

OWN: tuple[tuple[str, Callable[[CoreKernel], Plugin]], ...] = (
    ("names", CallNames),
    ("tolls", Tolls),
    ("controls", Controls),
    ("phone_back", PhoneBack),
    ("rejoin", Rejoin.plugin),
    ("reloads", Reloads.plugin),
    ("recordings", Recordings.plugin),
)
