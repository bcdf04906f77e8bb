"""What can be done about a situation? The kinds of measures that the meetings spoke of, and who can take them."""

from enum import StrEnum


class MeasureKind(StrEnum):
    """From talking to force, in the order in which they are thought of; force is the last resort."""

    DIPLOMATIC = "diplomatic"
    POLITICAL = "political"
    MEDIATION = "mediation"
    MONITORING = "monitoring"
    ASSISTANCE = "assistance"
    SECURITY_SECTOR = "security_sector"
    ACCOUNTABILITY = "accountability"
    ECONOMIC = "economic"
    PEACE_OPERATION = "peace_operation"
    FORCE = "force"


class Sphere(StrEnum):
    """Who takes a measure; the State itself comes first."""

    NATIONAL = "national"
    BILATERAL = "bilateral"
    REGIONAL = "regional"
    UNITED_NATIONS = "united_nations"
