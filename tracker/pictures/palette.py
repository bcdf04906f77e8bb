"""Which colours has a picture that no stylesheet reaches? Those of the light scheme, as on the pages.

A mail, a PDF and a PNG know neither classes nor a dark scheme. On paper that is white.
"""

PAPER = "#ffffff"
WASH = "#f3efe9"
LINE = "#e5dfd7"
EDGE = "#8b8277"
INK = "#1e1b18"
SOFT = "#655d55"
LEVELS = ("#efe6d3", "#e3c592", "#d6945a", "#b14e3c", "#661b2e")
UNKNOWN = "#dcdad6"
FONT = "DejaVu Sans"
