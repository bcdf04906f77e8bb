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
    observations,
    passkeys,
    people,
    people_acts,
    reset,
    review,
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
    review.pages,
    observations.pages,
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
