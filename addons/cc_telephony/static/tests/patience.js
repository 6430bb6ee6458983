// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

/** Hoot's waits with more patience than its 200 ms: on a busy machine a frame alone may take longer. */

import { expect } from "@odoo/hoot";
import * as hoot from "@odoo/hoot-dom";

const PATIENCE = { timeout: 20_000 };

/** See hoot's `waitFor`. */
export function waitFor(target, options) {
    return hoot.waitFor(target, { ...PATIENCE, ...options });
}

/** See hoot's `waitForNone`. */
export function waitForNone(target, options) {
    return hoot.waitForNone(target, { ...PATIENCE, ...options });
}

/** See hoot's `waitUntil`. */
export function waitUntil(predicate, options) {
    return hoot.waitUntil(predicate, { ...PATIENCE, ...options });
}

/** See hoot's `expect.waitForSteps`. */
export function waitForSteps(steps, options) {
    return expect.waitForSteps(steps, { ...PATIENCE, ...options });
}
