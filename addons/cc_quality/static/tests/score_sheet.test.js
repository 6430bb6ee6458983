// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { pointsOf, resultOf } from "@cc_quality/score/score_sheet";
import { isLast, levelsOf } from "@cc_quality/wrap_up/summary";
import { describe, expect, test } from "@odoo/hoot";

describe.current.tags("desktop");

const row = (points, maximum, more = {}) => ({
    points,
    maximum,
    weight: 1,
    scored: points !== null,
    ...more,
});
const na = (maximum) => row(null, maximum, { na: true, scored: true });
const RULES = { na_rule: "removed", fatal_rule: "zero" };

test("points are numbers, with a comma too", () => {
    expect(pointsOf("3")).toBe(3);
    expect(pointsOf(" 2,5 ")).toBe(2.5);
    expect(pointsOf("")).toBe(null);
    expect(pointsOf("x")).toBe(null);
    expect(pointsOf("Infinity")).toBe(null);
});

test("not applicable counts by the rule", () => {
    const rows = [row(10, 10), row(8, 10), na(20), row(50, 60)];
    expect(resultOf(rows, RULES).percent).toBe(85);
    expect(resultOf(rows, { ...RULES, na_rule: "pass" }).percent).toBe(88);
    expect(resultOf(rows, { ...RULES, na_rule: "zero" }).percent).toBe(68);
    expect(resultOf([na(10)], { ...RULES, na_rule: "pass" }).percent).toBe(null);
});

test("a fatal row without points takes the result away", () => {
    const rows = [row(90, 90), row(0, 10, { fatal: true })];
    expect(resultOf(rows, RULES)).toEqual({ percent: 0, raw: 90, isFatal: true, missing: 0 });
    expect(resultOf(rows, { ...RULES, fatal_rule: "fail" }).percent).toBe(90);
});

test("what is missing is counted, bonus is on top", () => {
    const rows = [row(8, 10), row(null, 10), row(null, 5, { bonus: true })];
    expect(resultOf(rows, RULES)).toEqual({ percent: 80, raw: 80, isFatal: false, missing: 1 });
    rows[2] = row(1, 5, { bonus: true });
    expect(resultOf(rows, RULES).percent).toBe(90);
});

const CHOICES = [
    { id: 1, name: "Sold", parent: false },
    { id: 2, name: "Not sold", parent: false },
    { id: 3, name: "Price", parent: 2 },
    { id: 4, name: "Delivery", parent: 2 },
];

test("a summary is chosen level by level", () => {
    expect(levelsOf(CHOICES, false).map(({ options }) => options.map(({ id }) => id))).toEqual([
        [1, 2],
    ]);
    expect(levelsOf(CHOICES, 2).map(({ value }) => value)).toEqual([2, false]);
    expect(levelsOf(CHOICES, 3).map(({ value }) => value)).toEqual([2, 3]);
    expect(isLast(CHOICES, 2)).toBe(false);
    expect(isLast(CHOICES, 1)).toBe(true);
    expect(isLast(CHOICES, 4)).toBe(true);
    expect(isLast(CHOICES, false)).toBe(false);
});
