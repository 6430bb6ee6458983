// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { expect, test } from "@odoo/hoot";
import { click } from "@odoo/hoot-dom";
import { mountWithCleanup } from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";
import {
    answered,
    definePhoneModels,
    signedIn,
} from "@cc_telephony/../tests/telephony_test_helpers";
import { waitFor } from "@cc_telephony/../tests/patience";

definePhoneModels();

test("long holds are told in the panel", async () => {
    signedIn("on_call", {
        calls: [answered({ extra: { cc_long_hold: { holds: 2, seconds: 70 } } })],
    });
    await mountWithCleanup(WebClient);
    await click(await waitFor(".o_cc_panel_tab_cc_long_hold"));
    await waitFor(".cc_long_hold:contains(2)");
    expect(".cc_long_hold").toHaveText("Long holds: 2");
});
