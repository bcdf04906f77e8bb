"""All pages: one blueprint per noun."""

from flask import Blueprint

from tracker.web.pages import (
    account,
    audit,
    countries,
    criteria,
    enter,
    health,
    home,
    imports,
    joining,
    passkeys,
    people,
    people_acts,
    reset,
    second_factor,
    sign_in,
    system,
)

BLUEPRINTS: tuple[Blueprint, ...] = (
    home.pages,
    countries.pages,
    criteria.pages,
    enter.pages,
    imports.pages,
    people.pages,
    people_acts.pages,
    audit.pages,
    system.pages,
    sign_in.pages,
    joining.pages,
    reset.pages,
    account.pages,
    second_factor.pages,
    passkeys.pages,
    health.pages,
)
