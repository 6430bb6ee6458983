// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

/** The same count as the server's utils/segments.py. */
const GSM = new Set(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
);
const EXTENDED = new Set("\f^{}\\[~]|€");
// between these no space belongs: Chinese and Japanese characters, and full-width signs
const ENDS_OPEN = /[^\s\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u{20000}-\u{3ffff}]$/u;
const BEGINS_WORD = /^[^\s,.;:!?)\]\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef\u{20000}-\u{3ffff}]/u;

/**
 * @param {string} text
 * @returns {{encoding: string, units: number, segments: number}}
 */
export function countSegments(text) {
    const chars = [...(text || "").replaceAll("\r\n", "\n")];
    const isGsm = chars.every((char) => GSM.has(char) || EXTENDED.has(char));
    const [single, part] = isGsm ? [160, 153] : [70, 67];
    const sizes = chars.map((char) =>
        isGsm ? (EXTENDED.has(char) ? 2 : 1) : char.codePointAt(0) > 0xffff ? 2 : 1
    );
    const units = sizes.reduce((sum, size) => sum + size, 0);
    const encoding = isGsm ? "GSM-7" : "UCS-2";
    if (units <= single) {
        return { encoding, units, segments: units ? 1 : 0 };
    }
    let [segments, room] = [1, part];
    for (const size of sizes) {
        if (size > room) {
            segments++;
            room = part;
        }
        room -= size;
    }
    return { encoding, units, segments };
}

/**
 * One after the other, with a space where words are written apart: not beside a Chinese one.
 *
 * @param {string} text
 * @param {string} tail
 */
function followed(text, tail) {
    return text + (ENDS_OPEN.test(text) && BEGINS_WORD.test(tail) ? " " : "") + tail;
}

/**
 * The text with the signature and the way to unsubscribe that are still missing in it.
 *
 * @param {string} text
 * @param {{signature?: string, tail?: string, position?: string}} gateway
 */
export function composeText(text, { signature = "", tail = "", position = "start" } = {}) {
    const mark = signature ? `【${signature}】` : "";
    if (mark && !text.includes(mark)) {
        text = position === "start" ? mark + text : text + mark;
    }
    tail = tail.trim();
    if (tail && !text.includes(tail)) {
        text =
            mark && position === "end" && text.endsWith(mark)
                ? followed(text.slice(0, -mark.length), tail) + mark
                : followed(text, tail);
    }
    return text;
}
