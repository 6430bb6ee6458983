# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""One room a subject. `<model>__<aspect>.py` extends a model that has a file of its own."""

# a model comes before what extends it
from . import pbx

# isort: split
from . import number

# isort: split
from . import agent

# isort: split
from . import queue

# isort: split
from . import call

# isort: split
from . import customer

# isort: split
from . import recording

# isort: split
from . import announcement

# isort: split
from . import base

# isort: split
from . import stat

# isort: split
from . import report
