// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { expect, test } from "@odoo/hoot";
import { composeText, countSegments } from "@cc_survey_dialer/sms/segments";

test.tags("desktop");
test("parts are counted as the server counts them (tests/test_segments.py)", () => {
    const table = [
        ["", "GSM-7", 0, 0],
        ["a".repeat(160), "GSM-7", 160, 1],
        ["a".repeat(161), "GSM-7", 161, 2],
        ["a".repeat(306), "GSM-7", 306, 2],
        ["a".repeat(307), "GSM-7", 307, 3],
        ["€".repeat(80), "GSM-7", 160, 1],
        ["€".repeat(81), "GSM-7", 162, 2],
        ["€".repeat(153), "GSM-7", 306, 3],
        ["中".repeat(70), "UCS-2", 70, 1],
        ["中".repeat(71), "UCS-2", 71, 2],
        ["中".repeat(134), "UCS-2", 134, 2],
        ["中".repeat(135), "UCS-2", 135, 3],
        ["]".repeat(70) + "😎", "UCS-2", 72, 2],
        ["😎".repeat(70), "UCS-2", 140, 3],
        ["one\ntwo", "GSM-7", 7, 1],
    ];
    for (const [text, encoding, units, segments] of table) {
        expect(countSegments(text)).toEqual({ encoding, units, segments });
    }
});

test.tags("desktop");
test("signature and tail are counted, and not added twice", () => {
    const text = composeText("字".repeat(58), { signature: "签名", tail: "拒收请回复R退订谢谢" });
    expect(text.length).toBe(72);
    expect(countSegments(text).segments).toBe(2);
    expect(composeText("【签名】你好", { signature: "签名" })).toBe("【签名】你好");
    expect(composeText("Hello", { signature: "Shop", tail: " R stops", position: "end" })).toBe(
        "Hello R stops【Shop】"
    );
});

test.tags("desktop");
test("the way to unsubscribe begins a new word, and Chinese has no spaces", () => {
    const table = [
        ["Spring offer", "Reply R to stop", "Spring offer Reply R to stop"],
        ["Offer till Friday.", "Reply R to stop", "Offer till Friday. Reply R to stop"],
        ["Offer till Friday. ", "Reply R to stop", "Offer till Friday. Reply R to stop"],
        ["Spring offer", ", R stops", "Spring offer, R stops"],
        ["春季优惠。", "拒收请回复R", "春季优惠。拒收请回复R"],
        ["春季优惠", "Reply R", "春季优惠Reply R"],
        ["Spring offer", "拒收请回复R", "Spring offer拒收请回复R"],
        ["𠮷", "R", "𠮷R"],
        ["", "Reply R", "Reply R"],
    ];
    for (const [text, tail, joined] of table) {
        expect(composeText(text, { tail })).toBe(joined);
        const marked = composeText(text, { signature: "Shop", tail, position: "end" });
        expect(marked).toBe(joined + "【Shop】");
    }
    expect(countSegments(composeText("a".repeat(153), { tail: "Reply R" })).units).toBe(161);
});
