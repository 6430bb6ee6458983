// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { useEffect } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";
import { FormController } from "@web/views/form/form_controller";
import { ListController } from "@web/views/list/list_controller";
import { leaveForReload } from "./reloaded";

/** Controllers on the page that may hold what somebody typed. */
const controllers = new Set();
/** Elements somebody typed into since the page was loaded, as far as they are still there. */
const typed = new Set();

function useWatched() {
    useEffect(
        () => {
            controllers.add(this);
            return () => controllers.delete(this);
        },
        () => []
    );
}

patch(FormController.prototype, {
    setup() {
        super.setup(...arguments);
        useWatched.call(this);
    },

    /** A stranger's new lead that nobody has touched: neither a reload nor a look at another tab saves it. */
    get isUntouchedLead() {
        const { root } = this.model;
        // What is being typed is not the record's yet.
        const isTyped = [...typed].some((el) => el.isConnected && el.closest(".o_form_view"));
        return (
            root.isNew && !root.dirty && !isTyped && Boolean(this.props.context?.default_cc_call_id)
        );
    },

    beforeUnload() {
        if (this.isUntouchedLead) {
            leaveForReload(this.props.context.cc_call_uid);
            return;
        }
        return super.beforeUnload(...arguments);
    },

    beforeVisibilityChange() {
        return this.isUntouchedLead ? undefined : super.beforeVisibilityChange(...arguments);
    },
});

patch(ListController.prototype, {
    setup() {
        super.setup(...arguments);
        useWatched.call(this);
    },
});

/** @returns {FormController|undefined} the form of this model that is the page itself */
export function shownForm(resModel) {
    return [...controllers].findLast(
        (controller) =>
            controller instanceof FormController &&
            controller.props.resModel === resModel &&
            controller.rootRef.el?.closest(".o_action_manager")
    );
}

/** @param {InputEvent} ev */
export function noteTyping({ target }) {
    if (target instanceof HTMLElement) {
        typed.add(target);
    }
}

/** @returns {boolean} whether text stands in a place that is no field of a form: a message, a search */
function hasTypedText() {
    for (const element of typed) {
        if (!element.isConnected) {
            typed.delete(element);
            continue;
        }
        // Fields are asked through their record: it knows what is saved.
        const isField = element.closest(".o_field_widget");
        const isOnPage = element.closest(".o_action_manager");
        const text = "value" in element ? element.value : element.textContent;
        if (!isField && isOnPage && text.trim()) {
            return true;
        }
    }
    return false;
}

/**
 * @param {object} ui the ui service
 * @returns {Promise<"dialog"|"dirty"|false>} why the page must not be left now
 */
export async function whyStay(ui) {
    if (ui.activeElement !== document || document.querySelector(".o_dialog")) {
        return "dialog";
    }
    if (hasTypedText()) {
        return "dirty";
    }
    for (const controller of controllers) {
        const root = controller.model?.root;
        const record = root?.isDirty ? root : root?.editedRecord;
        if (record && (record.dirty || (await record.isDirty()))) {
            return "dirty";
        }
    }
    return false;
}
