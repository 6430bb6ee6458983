// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, onWillStart, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";

/** The products of a sale that the call's panel makes: typed or scanned, with price and what is there. */
export class ProductPicker extends Component {
    static template = "cc_inventory_link.ProductPicker";
    static props = { card: Object, template: Object, values: Object };

    setup() {
        this.orm = useService("orm");
        this.input = useRef("term");
        this.keep = new KeepLast();
        this.state = useState({ term: "", found: [], rows: [], total: "", nothing: "" });
        this.searchSoon = useDebounced(() => this.search(), 250);
        // chosen for another template, or before the panel was changed: it is sold, so it is shown
        onWillStart(() => this.chosen.length && this.price());
    }

    /** What the server says of a search and of what is chosen. */
    ask(term) {
        return this.keep.add(
            this.orm.silent.call("cc.call", "cc_products", [[this.props.card.id]], {
                template_id: this.props.template.id,
                term,
                rows: this.chosen,
            })
        );
    }

    get chosen() {
        return this.props.values.products || [];
    }

    get rows() {
        // the panel empties the values when the ticket is made
        return this.chosen.length ? this.state.rows : [];
    }

    async search() {
        // it takes the place of a pricing that was not answered yet
        const { found, rows, total } = await this.ask(this.state.term);
        Object.assign(this.state, { found, rows, total });
        this.state.nothing = this.state.term && !found.length ? this.state.term : "";
    }

    /** Enter, which a scanner sends too: what was typed is looked up at once, the first is taken. */
    async onEnter() {
        this.searchSoon.cancel();
        if (this.state.term) {
            await this.search();
            if (this.state.found.length) {
                await this.add(this.state.found[0]);
            }
        }
    }

    async add(product) {
        const known = this.chosen.find(([id]) => id === product.id);
        this.props.values.products = known
            ? this.chosen.map(([id, count]) => [id, id === product.id ? count + 1 : count])
            : [...this.chosen, [product.id, 1]];
        Object.assign(this.state, { term: "", found: [], nothing: "" });
        this.input.el?.focus();
        await this.price();
    }

    async setQuantity(product, text) {
        const quantity = Number(text);
        if (quantity > 0) {
            this.props.values.products = this.chosen.map(([id, count]) => [
                id,
                id === product.id ? quantity : count,
            ]);
        }
        await this.price();
    }

    async remove(product) {
        this.props.values.products = this.chosen.filter(([id]) => id !== product.id);
        await this.price();
    }

    async price() {
        const { rows, total } = await this.ask("");
        Object.assign(this.state, { rows, total });
    }
}

registry.category("cc_ticket.panel_parts").add("products", {
    Component: ProductPicker,
    isDisplayed: (template) => Boolean(template.sells),
});
