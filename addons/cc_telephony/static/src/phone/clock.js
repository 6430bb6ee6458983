// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

/**
 * Odoo's clock as seen from this browser. Every fact carries times in microseconds since 1970 UTC;
 * this browser's own clock may be minutes off, so times tick against the server's.
 */
export class ServerClock {
    constructor() {
        /** Odoo's clock minus this browser's, in ms; null before the first measure. */
        this.offset = null;
    }

    /**
     * Measures by a request and its answer: the server read its clock between the two.
     *
     * @param {number} clockUs Odoo's clock, µs
     * @param {number} sentAt Date.now() before the request, ms
     * @param {number} receivedAt Date.now() after the answer, ms
     */
    measure(clockUs, sentAt, receivedAt) {
        this.offset = clockUs / 1000 - (sentAt + receivedAt) / 2;
    }

    /**
     * Learns from a bus message. A message can only be late, never early: the highest offset seen
     * is the closest, and a replayed old message changes nothing.
     *
     * @param {number} [clockUs] Odoo's clock when the message was sent, µs
     */
    hear(clockUs) {
        if (!clockUs) {
            return;
        }
        const offset = clockUs / 1000 - Date.now();
        if (this.offset === null || offset > this.offset) {
            this.offset = offset;
        }
    }

    /** @returns {number} Odoo's clock now, µs */
    now() {
        return Math.round((Date.now() + (this.offset || 0)) * 1000);
    }
}

/**
 * @param {number} us a length of time in µs; negative counts as nothing
 * @returns {string} "01:27", from an hour on "1:01:27"
 */
export function formatDuration(us) {
    const seconds = Math.max(0, Math.floor(us / 1e6));
    const pad = (n) => String(n).padStart(2, "0");
    const hours = Math.floor(seconds / 3600);
    const rest = `${pad(Math.floor((seconds % 3600) / 60))}:${pad(seconds % 60)}`;
    return hours ? `${hours}:${rest}` : rest;
}
