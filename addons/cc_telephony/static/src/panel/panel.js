// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, useEffect, useExternalListener, useRef } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { localization } from "@web/core/l10n/localization";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useSettled } from "../phone/settled";
import { panelTabs } from "./panel_tabs";
import { Part } from "./part";
import { useProlongedByTyping } from "./wrap_up";

/** Tabs that the panel's width holds, with room for the open one's name. */
const MOST_TABS = 8;
/** What an arrow key moves a floating panel by, px. */
const STEP = 24;
/** What of a floating panel stays on the page, px. */
const MARGIN = 48;
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * What belongs to the call, and what an agent looks up: docked at an edge, where the page makes room
 * for it, or floating where it was dragged to. Addons add tabs, see `panelTabs`. A component gets the
 * call's `card` (null without a call), and a new instance for each call.
 */
export class Panel extends Component {
    static template = "cc_telephony.Panel";
    static components = { Dropdown, DropdownItem, Part };
    static props = {};

    setup() {
        this.phone = useService("cc_phone");
        this.root = useRef("root");
        this.drag = null;
        useSettled(this.root);
        useProlongedByTyping(this.phone);
        useExternalListener(window, "pointermove", (ev) => this.onPointerMove(ev));
        useExternalListener(window, "pointerup", () => this.onPointerUp());
        useExternalListener(window, "pointercancel", () => this.onPointerUp());
        useEffect(
            (docked, side) => {
                const names = docked ? ["o_cc_docked", `o_cc_docked_${side}`] : [];
                document.body.classList.add(...names);
                // Lists and kanbans measure their room.
                window.dispatchEvent(new Event("resize"));
                return () => document.body.classList.remove(...names);
            },
            () => [this.isShown && this.panel.open && !this.panel.floating, this.panel.side]
        );
        useEffect(
            (key, callUid) => {
                if (key && callUid) {
                    this.panel.showByItself(key);
                }
            },
            () => [this.opening, this.card?.call_uid]
        );
        useEffect(
            (wrapUpOf) => {
                if (wrapUpOf) {
                    this.panel.showByItself(this.opening || "call");
                    return () => this.panel.foldByItself();
                }
            },
            () => [this.phone.wrapsUp && this.card?.call_uid]
        );
    }

    get panel() {
        return this.phone.panel;
    }

    get card() {
        return this.phone.noteCall;
    }

    get isShown() {
        const { open, byItself } = this.panel;
        // What the wrap-up opened goes with it, before it is folded too.
        const wanted = this.card || (open && !byItself);
        return this.phone.isVisible && this.tabs.length > 0 && Boolean(wanted);
    }

    get tabs() {
        return panelTabs(this.card);
    }

    /** @returns {string|undefined} the tab that opens by itself with this call */
    get opening() {
        return this.card && this.tabs.find(({ opensFor }) => opensFor?.(this.card))?.key;
    }

    /** Tabs with a place of their own: all, or the first ones and then the open one of the others. */
    get placed() {
        const { tabs, current } = this;
        if (tabs.length <= MOST_TABS) {
            return tabs;
        }
        const first = tabs.slice(0, MOST_TABS - 2);
        return [
            ...first,
            first.some(({ key }) => key === current.key) ? tabs[MOST_TABS - 2] : current,
        ];
    }

    /** Tabs that are in the menu. */
    get others() {
        const { placed } = this;
        return this.tabs.filter((tab) => placed.every(({ key }) => key !== tab.key));
    }

    get current() {
        return this.tabs.find(({ key }) => key === this.panel.tab) || this.tabs[0];
    }

    get style() {
        const { floating, open, x, y } = this.panel;
        if (!floating || !open) {
            return "";
        }
        const left = Math.max(0, Math.min(x, window.innerWidth - MARGIN));
        const top = Math.max(0, Math.min(y, window.innerHeight - MARGIN));
        return `left: ${left}px; top: ${top}px;`;
    }

    choose(key) {
        this.panel.toggle(key);
    }

    /** Left and right between the tabs, as lists of tabs do. */
    onTabKeydown(ev) {
        const step = { ArrowLeft: -1, ArrowRight: 1 }[ev.key];
        if (!step) {
            return;
        }
        ev.preventDefault();
        const buttons = [...this.root.el.querySelectorAll("[role=tab]")];
        const forward = localization.direction === "rtl" ? -step : step;
        const at = buttons.indexOf(ev.target) + forward;
        buttons[(at + buttons.length) % buttons.length].focus();
    }

    // --- moving it ------------------------------------------------------------------------------

    onPointerDown(ev) {
        if (ev.button !== 0 || !this.panel.open) {
            return;
        }
        const { left, top } = this.root.el.getBoundingClientRect();
        this.drag = { dx: ev.clientX - left, dy: ev.clientY - top, from: [ev.clientX, ev.clientY] };
    }

    onPointerMove(ev) {
        if (!this.drag) {
            return;
        }
        const { dx, dy, from } = this.drag;
        if (!this.drag.moved && Math.hypot(ev.clientX - from[0], ev.clientY - from[1]) < 6) {
            return;
        }
        this.drag.moved = true;
        this.panel.float(ev.clientX - dx, ev.clientY - dy);
    }

    /** Let go at an edge it docks there. */
    onPointerUp() {
        const { drag } = this;
        this.drag = null;
        if (!drag?.moved) {
            return;
        }
        this.dragged = true; // the click that ends a drag is none
        const { left, right } = this.root.el.getBoundingClientRect();
        const rtl = localization.direction === "rtl";
        if (right > window.innerWidth - 8) {
            this.panel.dock(rtl ? "start" : "end");
        } else if (left < 8) {
            this.panel.dock(rtl ? "end" : "start");
        } else {
            this.panel.save();
        }
    }

    /** The same with arrow keys. */
    onMoveKeydown(ev) {
        const arrow = ARROWS[ev.key];
        if (!arrow) {
            return;
        }
        ev.preventDefault();
        const { left, top } = this.root.el.getBoundingClientRect();
        this.panel.float(left + arrow[0] * STEP, top + arrow[1] * STEP);
        this.panel.save();
    }

    /** A click on the same handle: to the other edge, or back to it from floating. */
    onMoveClick() {
        if (this.dragged) {
            this.dragged = false;
            return;
        }
        const { floating, side } = this.panel;
        this.panel.dock(floating ? side : side === "end" ? "start" : "end");
    }
}

registry.category("main_components").add("cc_telephony.Panel", { Component: Panel, props: {} });
