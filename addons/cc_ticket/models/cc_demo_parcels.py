# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import json
import os
from datetime import timedelta

from odoo import api, fields, models

#: What the demo's carriers say: by the parcel's number how it stands, and events, each hours ago.
WAYS = {
    "XD7730418265092": (
        "在途",
        (
            (5, "【上海市】快件已到达 上海青浦转运中心"),
            (19, "【南京市】快件已发往 上海青浦转运中心"),
            (22, "【南京市】快件已到达 南京江宁转运中心"),
            (27, "【南京市】顺路仓库 已揽收，电话 025-6666-0101"),
        ),
    ),
    "XD7730418265104": (
        "疑难",
        (
            (26, "【上海市】快件遗失，已登记理赔，客服正在核实"),
            (74, "【南京市】快件已发往 上海青浦转运中心"),
            (80, "【南京市】顺路仓库 已揽收，电话 025-6666-0101"),
        ),
    ),
    "NW-4471-0093-US": (
        "Delivered",
        (
            (3, "Delivered, left with the neighbour at no. 14"),
            (7, "Out for delivery"),
            (12, "Arrived at the depot in Hangzhou"),
            (31, "Departed from the hub in Ningbo"),
            (49, "Shipment information received"),
        ),
    ),
}


class CcDemo(models.AbstractModel):
    """Parcels of the demo's tickets, and carriers that answer: two do, one is dead."""

    _inherit = "cc.demo"

    @api.model
    def _make_history(self, pbx_xmlid="cc_telephony.pbx_main"):
        result = super()._make_history(pbx_xmlid)
        if os.environ.get("CC_DEMO_CALLS") != "0":
            self._make_carriers()
        return result

    @api.model
    def _make_carriers(self):
        """A public file of this server for each parcel, in the shape in which that carrier answers: the tracking
        asks it by HTTP as it would ask any other.
        """
        parcels = self.env["cc.ticket.parcel"].search([("number", "in", list(WAYS))])
        for provider in parcels.provider_id:
            path = provider.url.partition("/web/")[2]
            provider.url = f"{self.get_base_url()}/web/{path}"
        for parcel in parcels:
            state, events = WAYS[parcel.number]
            xmlid = f"cc_ticket.parcel_{parcel.number}"
            if self.env.ref(xmlid, raise_if_not_found=False):
                continue
            answer = self._carriers_answer(parcel.provider_id, parcel.number, state, events)
            file = self.env["ir.attachment"].create(
                {
                    "name": f"{parcel.number}.json",
                    "raw": json.dumps(answer, ensure_ascii=False, indent=1).encode(),
                    "mimetype": "application/json",
                    "public": True,
                }
            )
            self.env["ir.model.data"]._update_xmlids(
                [{"xml_id": xmlid, "record": file, "noupdate": True}]
            )
            parcel.write(
                {
                    **parcel.provider_id._cc_read_answer(file.raw),
                    "checked_at": fields.Datetime.now() - timedelta(hours=2),
                }
            )
        dead = self.env.ref("cc_ticket.carrier_dead", raise_if_not_found=False)
        for parcel in self.env["cc.ticket.parcel"].search([("provider_id", "=", dead and dead.id)]):
            parcel.action_track()

    def _carriers_answer(self, provider, number, state, events):
        """:return: an answer as this carrier's web service gives it, with times of the last days"""
        now = fields.Datetime.context_timestamp(
            self.with_context(tz="Asia/Shanghai"), fields.Datetime.now()
        )
        rows = [
            {
                provider.time_key: (now - timedelta(hours=ago)).strftime("%Y-%m-%d %H:%M"),
                provider.text_key: text,
            }
            for ago, text in events
        ]
        answer = {"number": number, "message": "ok"}
        for path, value in ((provider.state_path, state), (provider.events_path, rows)):
            *above, last = path.split(".")
            inside = answer
            for part in above:
                inside = inside.setdefault(part, {})
            inside[last] = value
        return answer
