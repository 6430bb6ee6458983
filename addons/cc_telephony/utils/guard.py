# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What addons add must not take down what they add to."""

import logging

from psycopg2 import InterfaceError, OperationalError

_logger = logging.getLogger(__name__)


def guarded(env, ask, what):
    """What `ask()` gives, a dict; without anything where an addon fails.

    :param str what: for the log
    """
    try:
        with env.cr.savepoint(flush=False):
            return ask()
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        _logger.exception("An addon failed at %s", what)
        return {}
