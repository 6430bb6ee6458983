// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { IncomingCards } from "@cc_telephony/card/incoming_card";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";

/** The card offers the page that could not be opened by itself. */
patch(IncomingCards.prototype, {
    setup() {
        super.setup(...arguments);
        this.pop = useService("cc_pop");
    },

    isWaiting(entry) {
        return Boolean(this.pop.entryOf(entry.key)?.isWaiting);
    },
});
