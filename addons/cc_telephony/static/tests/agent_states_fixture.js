// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

// bridge/src/cc_bridge/agents/agent_states.json; tests/test_js.py checks that they are the same.
export const agentStates = JSON.parse(`
{
 "states": {
  "offline": {
   "label": "Offline",
   "icon": "fa-circle-o",
   "color": "offline",
   "takes_calls": false
  },
  "ready": {
   "label": "Ready",
   "icon": "fa-check-circle",
   "color": "ready",
   "takes_calls": true
  },
  "ringing": {
   "label": "Ringing",
   "icon": "fa-bell",
   "color": "ringing",
   "takes_calls": false
  },
  "on_call": {
   "label": "On call",
   "icon": "fa-phone",
   "color": "on_call",
   "takes_calls": false
  },
  "wrap_up": {
   "label": "Wrap-up",
   "icon": "fa-pencil",
   "color": "wrap_up",
   "takes_calls": false
  },
  "busy": {
   "label": "Busy",
   "icon": "fa-minus-circle",
   "color": "busy",
   "takes_calls": false
  },
  "break": {
   "label": "Break",
   "icon": "fa-coffee",
   "color": "break",
   "takes_calls": false
  }
 },
 "first": "busy",
 "prolong_s": 30,
 "moves": [
  {
   "from": "offline",
   "to": "busy",
   "by": "sign_in"
  },
  {
   "from": "busy",
   "to": "ready",
   "by": "agent"
  },
  {
   "from": "break",
   "to": "ready",
   "by": "agent"
  },
  {
   "from": "wrap_up",
   "to": "ready",
   "by": "agent"
  },
  {
   "from": "ready",
   "to": "busy",
   "by": "agent"
  },
  {
   "from": "ready",
   "to": "break",
   "by": "agent"
  },
  {
   "from": "busy",
   "to": "break",
   "by": "agent"
  },
  {
   "from": "wrap_up",
   "to": "break",
   "by": "agent"
  },
  {
   "from": "ready",
   "to": "ringing",
   "by": "call"
  },
  {
   "from": "ringing",
   "to": "ready",
   "by": "call"
  },
  {
   "from": "ringing",
   "to": "on_call",
   "by": "call"
  },
  {
   "from": "ready",
   "to": "on_call",
   "by": "call"
  },
  {
   "from": "busy",
   "to": "ringing",
   "by": "call"
  },
  {
   "from": "ringing",
   "to": "busy",
   "by": "call"
  },
  {
   "from": "busy",
   "to": "on_call",
   "by": "call"
  },
  {
   "from": "break",
   "to": "ringing",
   "by": "call"
  },
  {
   "from": "ringing",
   "to": "break",
   "by": "call"
  },
  {
   "from": "break",
   "to": "on_call",
   "by": "call"
  },
  {
   "from": "wrap_up",
   "to": "ringing",
   "by": "call"
  },
  {
   "from": "ringing",
   "to": "wrap_up",
   "by": "call"
  },
  {
   "from": "wrap_up",
   "to": "on_call",
   "by": "call"
  },
  {
   "from": "on_call",
   "to": "wrap_up",
   "by": "call"
  },
  {
   "from": "on_call",
   "to": "ready",
   "by": "call"
  },
  {
   "from": "on_call",
   "to": "busy",
   "by": "call"
  },
  {
   "from": "on_call",
   "to": "break",
   "by": "call"
  },
  {
   "from": "wrap_up",
   "to": "ready",
   "by": "timeout"
  },
  {
   "from": "*",
   "to": "offline",
   "by": "sign_out"
  }
 ]
}
`);
