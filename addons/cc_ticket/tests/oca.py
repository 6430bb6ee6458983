# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
"""OCA's own suites, run once more with our addon installed: extended, not replaced.

Their tests run at install, before ours is there; these are the same classes, after it.
"""

import importlib
import inspect
import pkgutil
import unittest

from odoo.addons.cc_telephony.tests.browser import PatientCase
from odoo.tests import HttpCase, tagged


def suites_of(addon, module):
    """Put the test classes of an OCA addon into a test module of ours.

    :param str addon: name of the addon
    :param dict module: ``globals()`` of the module that takes them
    """
    package = importlib.import_module(f"odoo.addons.{addon}.tests")
    for info in pkgutil.iter_modules(package.__path__):
        if not info.name.startswith("test_"):
            continue
        theirs = importlib.import_module(f"{package.__name__}.{info.name}")
        for name, base in inspect.getmembers(theirs, inspect.isclass):
            if issubclass(base, unittest.TestCase) and base.__module__ == theirs.__name__:
                # Odoo runs a class's own tests only: give the twin those of this addon's classes
                members = {
                    attribute: value
                    for parent in reversed(base.__mro__)
                    if parent.__module__.startswith(f"{package.__name__}.")
                    for attribute, value in vars(parent).items()
                    if attribute.startswith("test_") and callable(value)
                }
                members |= {"__module__": module["__name__"], "__doc__": base.__doc__}
                bases = (PatientCase, base) if issubclass(base, HttpCase) else (base,)
                twin = type(name, bases, members)
                module[f"{addon}_{name}"] = tagged("post_install", "-at_install")(twin)
