// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { useEffect } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";

/** How far a hand that rests may shake the pointer, CSS px. */
const SHAKE = 8;
const ACTS = "button, a, [role=option], [role=menuitem]";

/**
 * `ms`: how long what has come under a resting pointer does nothing when clicked.
 * `programs`: programs click faster than people see: only people are kept from it, unless a test wants it too.
 */
export const settling = { ms: 500, programs: false };

/** Where the pointer is, for all who ask; null until it has moved. */
let pointer = null;

/** What ends the guard of each page that a resting pointer clicks nothing on now. */
const guards = new Set();

/** As on a page on which nobody has moved the pointer yet; for tests. */
export function forgetPointer() {
    pointer = null;
    guards.forEach((end) => end());
}

for (const type of ["pointermove", "pointerdown"]) {
    window.addEventListener(
        type,
        ({ clientX, clientY }) => {
            pointer = { x: clientX, y: clientY };
        },
        { capture: true, passive: true }
    );
}

/** @returns {HTMLElement|null} what lies topmost under the pointer; of a button that takes no click, what it lies on */
function underPointer() {
    return pointer && document.elementFromPoint(pointer.x, pointer.y);
}

/** What a button is, beside the element: one element may become another button in its place. */
const meaning = (el) =>
    el && `${el.className} ${el.dataset.id || el.dataset.target || ""}`.replace(/\s+/g, " ");

/**
 * Nothing that acts appears under the pointer: a second click at the same spot was meant for what stood
 * there before. A button that has come there by itself, or that shows because what lay over it went, takes
 * no click of a pointer for half a second; keys work at once, and so does a pointer that has moved to it.
 *
 * @param {{el: HTMLElement|null}} ref
 * @param {{fromStart: boolean}} [options] `fromStart`: also what is there when the whole comes
 */
export function useSettled(ref, { fromStart = true } = {}) {
    useEffect(
        (el) => {
            if (!el) {
                return;
            }
            let last = { el: null, meaning: null, isOwn: false };
            let fresh = null;
            let timer;
            const see = () => {
                const top = underPointer();
                const now = top?.closest(ACTS) || null;
                last = { el: now, meaning: meaning(now), isOwn: el.contains(top) };
            };
            const look = () => {
                const before = last;
                see();
                const { el: now } = last;
                const isOther = now !== before.el || last.meaning !== before.meaning;
                if (now && isOther && (before.isOwn || el.contains(now))) {
                    fresh = now;
                    browser.clearTimeout(timer);
                    timer = browser.setTimeout(() => (fresh = null), settling.ms);
                }
            };
            const onMove = () => {
                see();
                if (last.el !== fresh) {
                    fresh = null;
                }
            };
            const onClick = (ev) => {
                const target = ev.target.closest?.(ACTS);
                if ((ev.isTrusted || settling.programs) && ev.detail && fresh && target === fresh) {
                    ev.preventDefault();
                    ev.stopImmediatePropagation();
                }
            };
            if (fromStart) {
                look();
            } else {
                onMove();
            }
            const observer = new MutationObserver(look);
            observer.observe(el, {
                attributes: true,
                attributeFilter: ["class"],
                childList: true,
                subtree: true,
            });
            window.addEventListener("pointermove", onMove, { passive: true });
            window.addEventListener("click", onClick, true);
            return () => {
                observer.disconnect();
                browser.clearTimeout(timer);
                window.removeEventListener("pointermove", onMove);
                window.removeEventListener("click", onClick, true);
                if (last.isOwn) {
                    settlePage(document.body);
                }
            };
        },
        () => [ref.el]
    );
}

/**
 * A page has come by itself, or shows because what lay over it went: a resting pointer clicks nothing on it for half
 * a second.
 *
 * @param {HTMLElement|null} el the page
 */
export function settlePage(el) {
    if (!el) {
        return;
    }
    const here = new AbortController();
    const options = { capture: true, signal: here.signal };
    const end = () => {
        here.abort();
        guards.delete(end);
    };
    guards.add(end);
    let rests = pointer;
    window.addEventListener(
        "pointermove",
        ({ clientX, clientY }) => {
            rests ??= { x: clientX, y: clientY };
            if (Math.hypot(clientX - rests.x, clientY - rests.y) > SHAKE) {
                end();
            }
        },
        options
    );
    window.addEventListener(
        "click",
        (ev) => {
            const isPointers = (ev.isTrusted || settling.programs) && ev.detail;
            if (isPointers && el.contains(ev.target)) {
                ev.preventDefault();
                ev.stopImmediatePropagation();
            }
        },
        options
    );
    browser.setTimeout(end, settling.ms);
}
