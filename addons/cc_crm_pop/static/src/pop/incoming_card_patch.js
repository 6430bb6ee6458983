// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { PopChooser } from "../chooser/pop_chooser";
import { IncomingCards } from "@cc_telephony/card/incoming_card";
import { useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";

Object.assign(IncomingCards.components, { PopChooser });

/** The card offers the page that could not be opened by itself; below it one of several is chosen. */
patch(IncomingCards.prototype, {
    setup() {
        super.setup(...arguments);
        this.pop = useService("cc_pop");
    },

    get isShown() {
        return super.isShown || this.pop.choosing.length > 0;
    },

    isWaiting(entry) {
        return Boolean(this.pop.entryOf(entry.key)?.isWaiting);
    },
});
