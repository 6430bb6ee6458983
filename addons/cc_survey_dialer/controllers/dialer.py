# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
import base64
import re

from odoo.addons.cc_telephony.controllers.bridge import BridgeController, BridgeError, bridge_route
from odoo.addons.cc_telephony.utils.times import now, to_us

MOST = 50
SHA256 = re.compile(r"[0-9a-f]{64}")


class DialerController(BridgeController):
    """What the dialling plug-in of a bridge asks; the form is that of docs/campaigns.md."""

    @bridge_route("/cc/dialer/lease")
    def dialer_lease(self, env, pbx, body):
        """Numbers that may be dialled now, each once."""
        cursor = self._lock(pbx, body)
        holder = body.get("holder")
        if not isinstance(holder, str) or not 0 < len(holder) <= 64 or "\0" in holder:
            raise BridgeError(400, "form", "'holder' is missing or no name")
        numbers = [body.get(name) for name in ("request", "got", "campaign", "count")]
        if any(type(number) is not int or not 0 <= number < 2**31 for number in numbers):
            raise BridgeError(400, "form", "'request', 'got', 'campaign' or 'count' is no integer")
        request, got, campaign_id, count = numbers
        campaign = env["cc.campaign"].browse(campaign_id)
        answer = campaign._lease_for_bridge(pbx, holder, request, got, min(count, MOST))
        cursor.flush_recordset()
        # by which a PBX whose clock is another knows how long leases hold
        return {**answer, "t": to_us(now())}

    @bridge_route("/cc/dialer/sound")
    def dialer_sound(self, env, pbx, body):
        """A recording of a campaign of this PBX, by its hash."""
        self._lock(pbx, body)
        digest = body.get("sound")
        if not isinstance(digest, str) or not SHA256.fullmatch(digest):
            raise BridgeError(400, "form", "'sound' is no SHA-256")
        announcement = env["cc.network.announcement"].search(
            [("sound_sha256", "=", digest)], limit=1
        )
        if announcement:
            return self._recording(announcement, "sound")
        for name in ("sound", "message"):
            campaign = env["cc.campaign"].search(
                [("pbx_id", "=", pbx.id), (f"{name}_sha256", "=", digest)], limit=1
            )
            if campaign:
                return self._recording(campaign, name)
        raise BridgeError(404, "no_sound", "no campaign of this PBX has that recording")

    def _recording(self, record, name):
        data = record.with_context(bin_size=False)[name]
        text = data.decode() if isinstance(data, bytes) else data
        return {
            "name": record[f"{name}_name"] or f"{name}.wav",
            "data": base64.b64encode(base64.b64decode(text)).decode(),
        }
