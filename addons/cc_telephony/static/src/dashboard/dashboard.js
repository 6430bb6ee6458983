// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onWillStart, onWillUnmount, useEffect, useRef, useState } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { formatSeconds } from "../fields/duration_field/duration_field";

/** How often the page reads its figures again, ms. */
const REFRESH_MS = 60_000;
const COLORS = ["#3b7dd8", "#d9534f", "#5cb85c", "#f0ad4e", "#8e6fc9", "#4bb8c9"];

export const PERIODS = [
    ["today", _t("Today")],
    ["yesterday", _t("Yesterday")],
    ["week", _t("Last 7 days")],
    ["month", _t("Last 30 days")],
];

/** A figure as people read it; a dash where nothing was to be counted. */
export function formatFigure({ unit, value }) {
    if (value === null || value === undefined || value === false) {
        return "–";
    }
    if (unit === "seconds") {
        return formatSeconds(value);
    }
    if (unit === "ratio") {
        return `${(value * 100).toFixed(1)} %`;
    }
    return new Intl.NumberFormat().format(value);
}

/** Bars or a line over a tile's labels. */
export class TileChart extends Component {
    static template = "cc_telephony.TileChart";
    static props = { tile: Object };

    setup() {
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                this.draw();
                return () => this.chart?.destroy();
            },
            () => [JSON.stringify(this.props.tile)]
        );
    }

    get labels() {
        const format = this.props.tile.grain === "hour" ? "HH:mm" : "MM-dd";
        return this.props.tile.labels.map((label) =>
            this.props.tile.grain ? deserializeDateTime(label).toFormat(format) : label
        );
    }

    draw() {
        const { kind, series } = this.props.tile;
        this.chart = new window.Chart(this.canvas.el, {
            type: kind === "line" ? "line" : "bar",
            data: {
                labels: this.labels,
                datasets: series.map((one, index) => ({
                    label: one.label,
                    data: one.values,
                    backgroundColor: COLORS[index % COLORS.length],
                    borderColor: COLORS[index % COLORS.length],
                })),
            },
            options: {
                animation: false,
                maintainAspectRatio: false,
                plugins: { legend: { position: "bottom" } },
                scales: { y: { beginAtZero: true, ticks: { precision: 0 } } },
            },
        });
    }
}

/** The day's figures of the contact centre: tiles that addons register on the server. */
export class Dashboard extends Component {
    static template = "cc_telephony.Dashboard";
    static components = { Layout, TileChart };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.periods = PERIODS;
        this.formatFigure = formatFigure;
        this.state = useState({ period: "today", tiles: [], until: "", stale: 0, failed: false });
        this.display = { controlPanel: {} };
        onWillStart(() => this.load());
        const timer = setInterval(() => this.load(), REFRESH_MS);
        onWillUnmount(() => clearInterval(timer));
    }

    async load() {
        const asked = this.state.period;
        let answer;
        try {
            answer = await this.orm.silent.call("cc.dashboard", "get_tiles", [asked]);
        } catch {
            this.state.failed = true;
            return;
        }
        if (asked !== this.state.period) {
            return; // another period was chosen meanwhile
        }
        const until = answer.complete_until;
        Object.assign(this.state, {
            failed: false,
            tiles: answer.tiles,
            begin: answer.begin,
            end: answer.end,
            stale: answer.stale,
            until: until ? formatDateTime(deserializeDateTime(until)) : "",
        });
    }

    async choose(period) {
        this.state.period = period;
        await this.load();
    }

    open(tile) {
        if (tile.action) {
            this.action.doAction(tile.action, {
                additionalContext: { [`search_default_${this.state.period}`]: 1 },
            });
        }
    }
}

registry.category("actions").add("cc_telephony.dashboard", Dashboard);
