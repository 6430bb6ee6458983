# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""What can go wrong between the bridge and the PBX."""


class AmiError(Exception):
    """Base; ``code`` is the word that facts and checks use."""

    code = "failed"


class AmiNetworkError(AmiError):
    """The PBX cannot be reached, or it stopped answering."""

    code = "network"


class AmiLoginError(AmiError):
    """User name or secret is wrong."""

    code = "login"


class AmiPermissionError(AmiError):
    """The AMI user may not do this."""

    code = "permission"


class AmiDown(AmiError):
    """There is no connection right now; the action was not sent, or its answer will never come."""

    code = "ami_down"


class AmiTimeout(AmiError):
    """The PBX took the action but didn't answer in time."""

    code = "failed"


class AmiFailed(AmiError):
    """The PBX answered with an error; the text is the PBX's own."""

    code = "failed"
