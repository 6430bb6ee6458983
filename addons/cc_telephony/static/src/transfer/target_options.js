// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

import { _t } from "@web/core/l10n/translation";
import { stateWord } from "../phone/agent_states";

/**
 * What the server found (`cc.agent.transfer_targets`) as groups of options in the order in which they
 * are shown.
 *
 * @param {object} found the server's answer
 * @param {string} typed what was searched for: a number goes out as it was typed
 * @param {object} states `agent_states.json`
 * @param {{inCall: boolean, canPickUp: boolean}} situation
 * @returns {{key: string, title: string, options: object[]}[]} an option is {key, to, name, detail, icon,
 *   state, word, since, why}; with `pickUp` (uid) instead of `to` it brings a ringing call here
 */
export function targetGroups(found, typed, states, { inCall, canPickUp }) {
    const agentOption = (agent, to) => ({
        key: `${to.kind}-${agent.id}`,
        to,
        name: agent.name,
        detail: agent.number,
        icon: states.states[agent.state]?.icon || "fa-circle-o",
        state: agent.state,
        word: agent.reason || stateWord(agent.state, states),
        since: agent.since,
        why: agent.why || "",
        whyConsult: agent.why_consult || agent.why || "",
    });
    const agents = found.agents || [];
    // Who is searched for by name stands among the colleagues, once.
    const suggests = inCall && !typed.trim();
    const groups = [
        {
            key: "ringing",
            title: _t("Ringing at a colleague"),
            options: canPickUp
                ? agents
                      .filter(({ ringing }) => ringing)
                      .map(({ id, name, ringing }) => ({
                          key: `pickup-${id}`,
                          pickUp: ringing.call_uid,
                          name: ringing.name || ringing.mask || _t("Unknown caller"),
                          detail: _t("ringing at %(colleague)s: pick up", { colleague: name }),
                          icon: "fa-bell",
                          state: "ringing",
                          word: "",
                          why: "",
                      }))
                : [],
        },
        {
            key: "number",
            title: _t("The number you typed"),
            options: found.number
                ? [
                      {
                          key: "number",
                          to: { kind: "number", number: typed.trim() },
                          name: typed.trim(),
                          detail: "",
                          icon: "fa-phone",
                          why: "",
                      },
                  ]
                : [],
        },
        {
            key: "owner",
            title: _t("The customer's salesperson"),
            options: suggests && found.owner ? [agentOption(found.owner, { kind: "owner" })] : [],
        },
        {
            key: "last",
            title: _t("Spoke with this customer before"),
            options:
                suggests && found.last
                    ? [
                          {
                              ...agentOption(found.last, { kind: "agent", id: found.last.id }),
                              key: `last-${found.last.id}`,
                          },
                      ]
                    : [],
        },
        {
            key: "agents",
            title: _t("Colleagues"),
            options: agents.map((agent) => agentOption(agent, { kind: "agent", id: agent.id })),
        },
        {
            key: "queues",
            title: _t("Queues"),
            options: inCall
                ? (found.queues || []).map((queue) => ({
                      key: `queue-${queue.id}`,
                      to: { kind: "queue", id: queue.id },
                      name: queue.name,
                      detail:
                          queue.open === false
                              ? _t("closed now")
                              : _t("%(waiting)s waiting, %(ready)s ready", {
                                    waiting: queue.waiting,
                                    ready: queue.ready,
                                }),
                      icon: "fa-list-ol",
                      only: "transfer",
                      why: "",
                  }))
                : [],
        },
        {
            key: "ivrs",
            title: _t("Voice menus"),
            options: inCall
                ? (found.ivrs || []).map((ivr) => ({
                      key: `ivr-${ivr.id}`,
                      to: { kind: "ivr", id: ivr.id },
                      name: ivr.name,
                      detail: "",
                      icon: "fa-sitemap",
                      only: "transfer",
                      why: "",
                  }))
                : [],
        },
        {
            key: "phones",
            title: _t("Customers and contacts"),
            options: (found.phones || []).map((phone) => ({
                key: `phone-${phone.id}`,
                to: { kind: "phone", id: phone.id },
                name: phone.partner || phone.mask,
                detail: [phone.label, phone.partner ? phone.mask : ""].filter(Boolean).join(" · "),
                icon: "fa-address-book-o",
                why: "",
            })),
        },
    ];
    return groups.filter(({ options }) => options.length);
}
