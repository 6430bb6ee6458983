// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Macro } from "@web/core/macro";
import { patch } from "@web/core/utils/patch";

// of Odoo's ten seconds a page takes seven on a busy machine
const STEP_MS = 60_000;

/** A step of a tour, of whatever addon, may take a minute. */
patch(Macro.prototype, {
    async advance() {
        const step = this.steps[this.currentIndex];
        if (step) {
            step.timeout = Math.max(step.timeout || 0, STEP_MS);
        }
        return super.advance();
    },
});
