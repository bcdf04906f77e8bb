"""All pages: one blueprint per noun."""

from flask import Blueprint

from tracker.web.pages import countries, criteria, health, home, system

BLUEPRINTS: tuple[Blueprint, ...] = (
    home.pages,
    countries.pages,
    criteria.pages,
    system.pages,
    health.pages,
)
