# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What addons add must not take down what they add to."""

import logging

from psycopg2 import InterfaceError, OperationalError

_logger = logging.getLogger(__name__)

#: Context: what addons add is asked for in a savepoint around many, see `at_once`.
AROUND_MANY = "cc_guarded_around_many"


def guarded(env, ask, what):
    """What `ask()` gives, a dict; without anything where an addon fails.

    :param str what: for the log
    """
    if env.context.get(AROUND_MANY):
        return ask()
    try:
        with env.cr.savepoint(flush=False):
            return ask()
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        _logger.exception("An addon failed at %s", what)
        return {}


def at_once(env, make):
    """What `make(env)` gives, with one savepoint around all that it has guarded; with one each where an addon fails.

    :param make: writes nothing but what addons write; may be called twice
    """
    try:
        with env.cr.savepoint(flush=False):
            return make(env(context={**env.context, AROUND_MANY: True}))
    except (OperationalError, InterfaceError):
        raise
    except Exception:
        # who it was, and why, is logged now
        return make(env)
