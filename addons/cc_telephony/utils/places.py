# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""Places on the PBX to which a call can be sent by itself."""

from odoo import fields

# a place's model, and by which field and as what the PBX knows it
PLACES = {
    "cc.queue": ("queue", "code"),
    "cc.ivr.menu": ("ivr", "code"),
    "cc.agent": ("agent", "number"),
}


def place_field(string, models, **more):
    """A field that names a place, or none.

    :param models: those of `PLACES` that may be chosen, each with its name
    """
    return fields.Reference(models, string, **more)


def place(target):
    """A place in the form of the intent: `{"kind", "to"}`, or None for none and for one that is switched off.

    :param target: what a `place_field` holds
    """
    if not target or is_gone(target):
        return None
    kind, name = PLACES[target._name]
    return {"kind": kind, "to": target[name]}


def is_gone(target):
    """Whether a place was chosen that takes no calls any more: archived, or deleted."""
    return bool(target) and not (target.exists() and target.active)
