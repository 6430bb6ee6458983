# Copyright 2026 The Contact Centre founders
# License AGPL-3.0 or later (https://www.gnu.org/licenses/agpl).
{
    "name": "Contact Centre: Stock for the Sales Desk",
    "summary": "Sales tickets that take from stock and give back to it",
    "version": "19.0.1.1.0",
    "license": "AGPL-3",
    "category": "Productivity/Contact Centre",
    "author": "Contact Centre founders",
    "website": "https://github.com/contact-centre/contact-centre",
    "depends": ["cc_ticket", "purchase_stock", "sale_stock"],
    "data": [
        "security/cc_inventory_link_security.xml",
        "security/cc_agent_sees_stock.xml",
        "security/ir.model.access.csv",
        "data/cc_inventory_link_data.xml",
        "wizards/account_payment_register_views.xml",
        "wizards/cc_stock_in_views.xml",
        "wizards/cc_stock_return_views.xml",
        "views/helpdesk_ticket_views.xml",
        "views/cc_ticket_template_views.xml",
        "views/stock_picking_views.xml",
        "views/stock_move_views.xml",
        "views/cc_replenishment_views.xml",
        "views/res_partner_views.xml",
        "views/menus.xml",
    ],
    "assets": {
        "web.assets_backend": ["cc_inventory_link/static/src/**/*"],
        "web.assets_tests": ["cc_inventory_link/static/tests/tours/**/*"],
    },
    "demo": ["demo/cc_inventory_link_demo.xml"],
}
