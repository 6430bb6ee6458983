# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Lets addons take part in what is applied, each in a savepoint of its own."""

import logging
from contextlib import contextmanager

from psycopg2 import InterfaceError, OperationalError

_logger = logging.getLogger(__name__)


@contextmanager
def attempt(batch):
    """A savepoint that takes back messages too: what is rolled back is not told to anybody.

    :param batch: the Batch; None where none is there yet
    """
    env = batch.env
    told = batch.mark()
    bus = env.cr.precommit.data.get("bus.bus.values")
    on_bus = len(bus) if bus else 0
    try:
        with env.cr.savepoint():
            yield
    except BaseException:
        batch.back_to(told)
        # messages that were put on the bus past the batch wait here for the commit
        bus = env.cr.precommit.data.get("bus.bus.values")
        if bus:
            del bus[on_bus:]
        raise


def run_handlers(batch, model, handlers, events):
    """Call every handler with all `events`; one that fails undoes nothing but its own rows and messages.

    A handler that fails with several events gets them one by one, so that one bad event harms no other.

    :param model: empty recordset on which the handlers are called
    :param dict handlers: key of the addon → name of a method `(events, batch)`
    :param list events: Moment or StateChange
    """
    for key, method in handlers.items():
        try:
            with attempt(batch):
                getattr(model, method)(events, batch)
            continue
        except (OperationalError, InterfaceError):
            raise  # a conflict or a lost database is no fault of the addon: Odoo repeats the request
        except Exception:
            if len(events) == 1:
                _logger.exception("%s failed at %s", key, _name(events[0]))
                continue
            _logger.info("%s failed at one of %d events: one by one", key, len(events))
        for event in events:
            try:
                with attempt(batch):
                    getattr(model, method)([event], batch)
            except (OperationalError, InterfaceError):
                raise
            except Exception:
                _logger.exception("%s failed at %s", key, _name(event))


def _name(event):
    """An event in a line of the log: no number, no name."""
    if hasattr(event, "call"):
        return f"moment {event.name} of call {event.call.call_uid}"
    return f"state {event.state} of agent {event.agent_id}"
