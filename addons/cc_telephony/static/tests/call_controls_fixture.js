// Copyright 2026 The Contact Centre founders
// License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).

// bridge/src/cc_bridge/call_controls.json; tests/test_js.py checks that they are the same.
export const callControls = JSON.parse(`{
  "words": {
    "mine": ["none", "ringing", "talking"],
    "call": [null, "ivr", "queued", "ringing", "talking", "held", "guest"],
    "consult": [null, "ringing", "talking", "waiting"],
    "conference": [false, true],
    "invited": [false, true],
    "supervise": [null, "listen", "whisper", "barge"]
  },
  "controls": [
    {"control": "answer", "label": "Answer", "group": "ring", "devices": ["browser", "desk"],
     "when": [{"mine": ["ringing"]}]},
    {"control": "reject", "label": "Reject", "group": "ring", "devices": ["browser", "desk", "mobile"],
     "when": [{"mine": ["ringing"]}]},
    {"control": "hangup", "label": "Hang up", "group": "talk", "devices": ["browser", "desk", "mobile"],
     "when": [{"mine": ["ringing", "talking"]}, {"supervise": ["listen", "whisper", "barge"]}]},
    {"control": "mute", "label": "Mute", "group": "talk", "devices": ["browser", "desk", "mobile"],
     "when": [{"mine": ["talking"]}, {"supervise": ["barge"]}]},
    {"control": "hold", "label": "Hold", "group": "talk", "devices": ["browser", "desk", "mobile"],
     "when": [{"mine": ["talking"], "call": ["talking"], "consult": [null], "conference": [false]}]},
    {"control": "resume", "label": "Resume", "group": "talk", "devices": ["browser", "desk", "mobile"],
     "when": [{"mine": ["talking"], "call": ["held"], "consult": [null]}]},
    {"control": "transfer", "label": "Transfer", "group": "talk", "devices": ["browser", "desk", "mobile"],
     "when": [{"mine": ["talking"], "call": ["talking", "held"], "consult": [null], "conference": [false]}]},
    {"control": "consult", "label": "Consult", "group": "talk", "devices": ["browser", "desk", "mobile"],
     "when": [{"mine": ["talking"], "call": ["talking", "held"], "consult": [null], "conference": [false]}]},
    {"control": "cancel", "label": "Back to the customer", "group": "consult", "devices": ["browser", "desk", "mobile"],
     "when": [{"mine": ["talking"], "consult": ["ringing", "talking", "waiting"]}]},
    {"control": "toggle", "label": "Swap", "group": "consult", "devices": ["browser", "desk", "mobile"],
     "when": [{"mine": ["talking"], "consult": ["talking", "waiting"]}]},
    {"control": "conference", "label": "Talk together", "group": "consult", "devices": ["browser", "desk", "mobile"],
     "when": [{"mine": ["talking"], "consult": ["talking", "waiting"]}]},
    {"control": "complete", "label": "Hand over", "group": "consult", "devices": ["browser", "desk", "mobile"],
     "when": [
       {"mine": ["talking"], "consult": ["ringing"], "call": ["held"]},
       {"mine": ["talking"], "consult": ["talking", "waiting"]},
       {"mine": ["talking"], "conference": [true]}
     ]},
    {"control": "invite", "label": "Invite", "group": "talk", "devices": ["browser", "desk", "mobile"],
     "when": [{"mine": ["talking"], "call": ["talking"], "consult": [null]}]},
    {"control": "uninvite", "label": "Take back", "group": "party", "devices": ["browser", "desk", "mobile"],
     "when": [{"mine": ["talking"], "call": ["talking"], "consult": [null], "invited": [true]}]},
    {"control": "kick", "label": "Remove", "group": "party", "devices": ["browser", "desk", "mobile"],
     "when": [{"mine": ["talking"], "conference": [true]}]},
    {"control": "dtmf", "label": "Keys", "group": "talk", "devices": ["browser", "desk", "mobile"],
     "when": [
       {"mine": ["talking"], "call": ["talking"]},
       {"mine": ["talking"], "consult": ["talking"]}
     ]},
    {"control": "collect", "label": "Ask for keys", "group": "talk", "devices": ["browser", "desk", "mobile"],
     "when": [{"mine": ["talking"], "call": ["talking"], "consult": [null], "conference": [false]}]},
    {"control": "pickup", "label": "Pick up", "group": "colleague", "devices": ["browser", "desk", "mobile"],
     "when": [{"mine": ["none"], "call": ["ringing"], "supervise": [null]}]},
    {"control": "listen", "label": "Listen", "group": "supervisor", "devices": ["browser", "desk", "mobile"],
     "when": [
       {"mine": ["none"], "call": ["talking", "held"], "supervise": [null]},
       {"call": ["talking", "held"], "supervise": ["whisper", "barge"]}
     ]},
    {"control": "whisper", "label": "Whisper", "group": "supervisor", "devices": ["browser", "desk", "mobile"],
     "when": [{"call": ["talking", "held"], "supervise": ["listen", "barge"]}]},
    {"control": "barge", "label": "Join in", "group": "supervisor", "devices": ["browser", "desk", "mobile"],
     "when": [{"call": ["talking", "held"], "supervise": ["listen", "whisper"]}]},
    {"control": "takeover", "label": "Take over", "group": "supervisor", "devices": ["browser", "desk", "mobile"],
     "when": [{"call": ["talking", "held"], "supervise": ["listen", "whisper", "barge"]}]},
    {"control": "dial", "label": "Dial", "group": "free", "devices": ["browser", "desk", "mobile"],
     "when": [{"call": [null]}]},
    {"control": "echo", "label": "Test call", "group": "free", "devices": ["browser", "desk", "mobile"],
     "when": [{"call": [null]}]}
  ]
}
`);
