// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { Component, markup, onWillStart, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const TYPING_MS = 150;
const TYPED_MS = 1500;

function withMarks(card) {
    return { ...card, titleHtml: markup(card.title), excerptHtml: markup(card.excerpt) };
}

/**
 * Knowledge at hand: found while it is typed, read, put into a reply, judged. In the call panel, beside a
 * ticket, and as a page of its own.
 */
export class Knowledge extends Component {
    static template = "cc_ticket.Knowledge";
    static props = {
        card: { optional: true },
        insert: { type: Function, optional: true },
        wide: { type: Boolean, optional: true },
    };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.tickets = useService("cc_tickets");
        this.notification = useService("notification");
        this.state = useState({
            query: "",
            only: "",
            results: null,
            home: null,
            level: null,
            article: null,
        });
        this.asked = 0;
        this.search = useDebounced(() => this.find(false), TYPING_MS);
        // counted once the reader has stopped typing: half a word is no query
        this.count = useDebounced(() => this.find(true), TYPED_MS);
        onWillStart(() => this.loadHome());
    }

    async loadHome() {
        const [home, level] = await Promise.all([
            this.orm.call("document.page", "cc_home", []),
            this.orm.call("document.page", "cc_browse", [false]),
        ]);
        for (const key of Object.keys(home)) {
            home[key] = home[key].map(withMarks);
        }
        this.state.home = home;
        this.setLevel(level);
    }

    setLevel(level) {
        this.state.level = { ...level, articles: level.articles.map(withMarks) };
    }

    get sections() {
        const { home } = this.state;
        return [
            { key: "pinned", title: _t("Pinned"), icon: "fa-thumb-tack" },
            { key: "recommended", title: _t("Recommended"), icon: "fa-star" },
            { key: "hot", title: _t("Most read lately"), icon: "fa-fire" },
            { key: "favourites", title: _t("My favourites"), icon: "fa-heart" },
        ]
            .map((section) => ({ ...section, cards: home[section.key] }))
            .filter(({ cards }) => cards.length);
    }

    onInput(ev) {
        this.state.query = ev.target.value;
        this.state.article = null;
        this.search();
        this.count();
    }

    setOnly() {
        this.find(false);
    }

    async find(log) {
        const query = this.state.query.trim();
        const turn = ++this.asked;
        if (!query) {
            this.state.results = null;
            return;
        }
        const found = await this.orm.silent.call("document.page", "cc_search", [query], {
            limit: this.props.wide ? 30 : 12,
            only: this.state.only || null,
            log,
        });
        // an answer that comes late is to a question that is no longer asked
        if (turn === this.asked) {
            this.state.results = found.map(withMarks);
        }
    }

    async browse(id) {
        this.setLevel(await this.orm.call("document.page", "cc_browse", [id]));
    }

    async open(id, same = false) {
        const article = await this.orm.call("document.page", "cc_open", [[id]], { same });
        this.state.article = { ...article, html: markup(article.content) };
    }

    back() {
        this.state.article = null;
    }

    async favourite() {
        const { article } = this.state;
        article.favourite = await this.orm.call("document.page", "cc_toggle_favourite", [
            [article.id],
        ]);
        const home = await this.orm.call("document.page", "cc_home", []);
        this.state.home.favourites = home.favourites.map(withMarks);
    }

    async vote(helped) {
        const { article } = this.state;
        article.vote = await this.orm.call("document.page", "cc_vote", [[article.id], helped], {
            query: this.state.query,
        });
    }

    /** Into the words that are being written beside it; else to the clipboard. */
    async insert() {
        const { article } = this.state;
        const html = await this.orm.call("document.page", "cc_for_reply", [[article.id]]);
        const text = new DOMParser().parseFromString(html, "text/html").body.innerText.trim();
        if (this.tickets.insert(text)) {
            return;
        }
        await browser.navigator.clipboard.writeText(text);
        this.notification.add(_t("Copied. Paste it where you need it."), { type: "success" });
    }

    edit() {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "document.page",
            res_id: this.state.article.id,
            views: [[false, "form"]],
        });
    }

    newArticle() {
        this.action.doAction("cc_ticket.document_page_action", {
            viewType: "form",
            props: { resId: false },
        });
    }

    get isEmpty() {
        return this.state.results && !this.state.results.length;
    }
}

/** The knowledge base as a page. */
export class KnowledgePage extends Component {
    static template = "cc_ticket.KnowledgePage";
    static components = { Knowledge };
    static props = { ...standardActionServiceProps };
    static displayName = _t("Knowledge");
}

registry.category("actions").add("cc_ticket.knowledge", KnowledgePage);
registry
    .category("cc_telephony.panels")
    .add(
        "knowledge",
        { title: _t("Knowledge"), icon: "fa-book", Component: Knowledge, always: true },
        { sequence: 18 }
    );
