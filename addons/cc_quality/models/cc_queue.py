# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import re

from odoo import api, fields, models
from odoo.exceptions import ValidationError

RATING_FIELDS = {
    "rating_on",
    "rating_satisfied",
    "rating_neutral",
    "rating_dissatisfied",
    "rating_wait_s",
    "rating_tries",
    "rating_prompt",
    "rating_thanks",
}
# as in the bridge's pbx_config/rating.py
KEYS = re.compile(r"[0-9]{0,10}")
SOUND = re.compile(r"[A-Za-z0-9][A-Za-z0-9_/-]{0,79}")


class CcQueue(models.Model):
    """Whether a queue asks its callers for a rating, and its agents for a summary."""

    _inherit = "cc.queue"

    rating_on = fields.Boolean("Ask for a rating", help="After the agent has hung up, by key.")
    rating_satisfied = fields.Char("Keys for satisfied", default="1")
    rating_neutral = fields.Char("Keys for neutral", default="2")
    rating_dissatisfied = fields.Char("Keys for dissatisfied", default="3")
    rating_wait_s = fields.Integer("Wait for a key (s)", default=8)
    rating_tries = fields.Integer("Tries", default=2)
    rating_prompt = fields.Char(
        "Question", help="Name of a sound on the PBX, without its extension. Empty: a beep."
    )
    rating_thanks = fields.Char(
        "Thanks", default="auth-thankyou", help="Name of a sound on the PBX."
    )
    summary_required = fields.Boolean(
        help="Agents choose what came of the call before they are ready again; the wrap-up lasts until"
        " then.",
    )

    _rating_valid = models.Constraint(
        "CHECK (rating_wait_s BETWEEN 1 AND 60 AND rating_tries BETWEEN 1 AND 5)",
        "Allow 1 to 60 seconds per key and 1 to 5 attempts.",
    )

    @property
    def _bell_fields(self):
        return super()._bell_fields | RATING_FIELDS | {"summary_required"}

    @api.constrains(*RATING_FIELDS)
    def _check_rating(self):
        for queue in self:
            groups = [
                queue.rating_satisfied or "",
                queue.rating_neutral or "",
                queue.rating_dissatisfied or "",
            ]
            used = "".join(groups)
            if not all(KEYS.fullmatch(keys) for keys in groups) or len(set(used)) != len(used):
                raise ValidationError(
                    self.env._(
                        "Rating keys must be digits, and each key can have only one meaning."
                    )
                )
            if queue.rating_on and not used:
                raise ValidationError(self.env._("Say which keys rate a call."))
            for sound in (queue.rating_prompt, queue.rating_thanks):
                if sound and not SOUND.fullmatch(sound):
                    raise ValidationError(
                        self.env._("A sound name can have up to 80 letters, digits, /, _ and -.")
                    )

    def _rating_intent(self):
        """:return: how the PBX asks for a rating; None when it does not"""
        self.ensure_one()
        if not self.rating_on:
            return None
        return {
            "satisfied": self.rating_satisfied or "",
            "neutral": self.rating_neutral or "",
            "dissatisfied": self.rating_dissatisfied or "",
            "wait_s": self.rating_wait_s,
            "tries": self.rating_tries,
            "prompt": self.rating_prompt or "",
            "thanks": self.rating_thanks or "",
        }
