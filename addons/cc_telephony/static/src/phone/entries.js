// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { registry } from "@web/core/registry";

const told = new Set();

/**
 * Calls a function that an addon registered. One that throws is told once in the console, and passed
 * over: the phone works on.
 *
 * @param {string} name of what was registered, for the console
 * @param {Function} ask
 * @param {any} otherwise the value when it throws
 */
export function askEntry(name, ask, otherwise) {
    try {
        return ask();
    } catch (error) {
        if (!told.has(name)) {
            told.add(name);
            console.warn(`cc_phone: “${name}” was left out`, error);
        }
        return otherwise;
    }
}

/** @returns {object[]} what is in a registry, in its order, each with its `id` */
export function entries(category) {
    return registry
        .category(category)
        .getEntries()
        .map(([id, entry]) => ({ ...entry, id }));
}

/** @returns {string} a text that may be a function of what it is about */
export function textOf(text, ...args) {
    return String((typeof text === "function" ? text(...args) : text) ?? "");
}
