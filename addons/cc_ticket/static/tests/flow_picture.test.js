// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { describe, expect, test } from "@odoo/hoot";
import { queryAll, queryAllTexts } from "@odoo/hoot-dom";
import { allowTranslations, mountWithCleanup } from "@web/../tests/web_test_helpers";
import { definePhoneModels, setupPhone } from "@cc_telephony/../tests/telephony_test_helpers";
import { FlowPicture, workWords } from "@cc_ticket/flow/flow_picture";

describe.current.tags("desktop");
definePhoneModels();

const step = (key, level, more = {}) => ({
    key,
    name: key.toUpperCase(),
    who: "Service",
    hours: 0,
    level,
    row: 0,
    ...more,
});

test("a flow says where it is, who had it and how long", async () => {
    // TIC-10
    setupPhone();
    await mountWithCleanup(FlowPicture, {
        props: {
            flow: {
                steps: [
                    step("check", 0, {
                        state: "done",
                        turns: [
                            { who: "Ben", work_s: 1800, late: false, open: false },
                            { who: "Ann", work_s: 3600, late: false, open: false },
                        ],
                    }),
                    step("decide", 1, {
                        state: "now",
                        turns: [{ who: "Cai", work_s: 7200, late: true, open: true }],
                    }),
                    step("answer", 2, { state: "ahead", hours: 4 }),
                ],
                links: [
                    { from: "check", to: "decide", label: "above 500" },
                    { from: "check", to: "answer", label: "" },
                    { from: "decide", to: "answer", label: "" },
                ],
            },
        },
    });
    expect(queryAllTexts(".o_cc_flow_name")).toEqual(["CHECK", "DECIDE", "ANSWER"]);
    expect(queryAllTexts(".o_cc_flow_who")).toEqual(["Ann", "Cai", "Service"]);
    expect(queryAllTexts(".o_cc_flow_time")).toEqual(["1.5 h in 2 turns", "2.0 h", "within 4 h"]);
    expect(".o_cc_flow_now.o_cc_flow_late").toHaveCount(1);
    expect(queryAllTexts(".o_cc_flow_label")).toEqual(["above 500"]);
    // three ways between steps, and one to the end
    expect(queryAll(".o_cc_flow_arrow")).toHaveLength(4);
});

test("times as people say them", () => {
    allowTranslations();
    expect(workWords(90).toString()).toBe("2 min");
    expect(workWords(5400).toString()).toBe("1.5 h");
    expect(workWords(40 * 3600).toString()).toBe("40 h");
});
