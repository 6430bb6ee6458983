# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json
from urllib.parse import quote

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .cc_parcel import ParcelError

CARRIER = "delivery.carrier"
# what stands for the number in the tracking link of Odoo's carriers
PLACE = "<shipmenttrackingnumber>"


class CcParcelProvider(models.Model):
    """Odoo's own carriers, where `delivery` and `stock_delivery` are installed; neither is needed."""

    _inherit = "cc.parcel.provider"

    kind = fields.Selection(
        selection_add=[("delivery", "Odoo's carriers")], ondelete={"delivery": "cascade"}
    )
    carrier = fields.Reference(
        "_selection_carrier",
        groups="cc_telephony.group_admin",
        help="Empty: whichever carrier the delivery with the parcel's number has.",
    )

    @api.model
    def _selection_carrier(self):
        if CARRIER not in self.env:
            return []
        return [(CARRIER, self.env[CARRIER]._description)]

    @api.constrains("kind")
    def _check_delivery(self):
        if CARRIER not in self.env and "delivery" in self.mapped("kind"):
            raise ValidationError(self.env._("Install Odoo's deliveries (delivery) first."))

    def _cc_track_delivery(self, number):
        """The delivery with this number: how it stands, when it left, and its carrier's page."""
        # sudo: stock.picking, delivery.carrier - of whoever may see the ticket: state, day and link only
        provider_sudo = self.sudo()
        carrier_sudo = provider_sudo.carrier
        picking_sudo = provider_sudo._cc_delivery_of(number)
        if not picking_sudo and not carrier_sudo:
            raise ParcelError(self.env._("No delivery has this number."))
        try:
            link = (
                picking_sudo.carrier_tracking_url
                if picking_sudo
                else (carrier_sudo.tracking_url or "").replace(PLACE, quote(number, safe=""))
            )
        except UserError as error:
            raise ParcelError(str(error)) from error
        state, events = "", []
        if picking_sudo:
            states = dict(picking_sudo._fields["state"]._description_selection(self.env))
            state = states.get(picking_sudo.state, "")
            if picking_sudo.date_done:
                left = fields.Datetime.context_timestamp(self, picking_sudo.date_done)
                events = [
                    {
                        "t": left.strftime("%Y-%m-%d %H:%M"),
                        "text": self.env._("Left the warehouse: %(name)s", name=picking_sudo.name),
                    }
                ]
        link = self._cc_first_link(link)
        if not link and not picking_sudo:
            raise ParcelError(self.env._("This carrier has no tracking link."))
        return {"state": state, "events": events, "link": link}

    def _cc_delivery_of(self, number):
        """:return: the newest stock.picking of the user's companies that carries this number; may be empty"""
        if "carrier_tracking_ref" not in getattr(self.env.get("stock.picking"), "_fields", ()):
            return self.browse()
        domain = [
            ("carrier_tracking_ref", "like", number),
            ("company_id", "in", self.env.companies.ids),
        ]
        if self.carrier:
            domain.append(("carrier_id", "=", self.carrier.id))
        # several parcels of a delivery stand in one field, with commas
        found = self.env["stock.picking"].search(domain, order="id desc")
        return found.filtered(
            lambda picking: number
            in [part.strip() for part in picking.carrier_tracking_ref.split(",")]
        )[:1]

    @api.model
    def _cc_first_link(self, link):
        """:return: a web address, or None; carriers of several parcels answer a list of names and links"""
        if (link or "").startswith("["):
            try:
                link = json.loads(link)[0][1]
            except (ValueError, LookupError, TypeError):
                return None
        return link if (link or "").startswith(("http://", "https://")) else None
