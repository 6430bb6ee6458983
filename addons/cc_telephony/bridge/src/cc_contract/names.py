# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What names and numbers may look like that the PBX's files and actions hold; matched as a whole."""

import re

#: A queue, trunk or music class. One letter alone, and "general", mean something of their own in the PBX's files.
CODE = re.compile(r"(?!general$)[A-Za-z0-9][A-Za-z0-9_-]{1,39}")
AGENT = re.compile(r"[0-9]{1,20}")
#: A SIP endpoint; no "-": it ends the endpoint's name in the name of a channel.
EXTENSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9_]{0,31}")
#: What may be dialled, and put before what is dialled.
NUMBER = re.compile(r"(?=.*[0-9])\+?[0-9*#]{1,40}")
#: Keys of a phone in one go.
KEYS = re.compile(r"[0-9*#A-D]{1,32}")
#: First digits of an international number, without its plus.
PREFIX = re.compile(r"[0-9]{0,15}")
#: A call or a command, in canonical form.
UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
