"""Is any date missed or doubled by a digest, in any zone, at any hour of any day of four years?

    python -m bench.zones

Takes some minutes. Prints how many moments were looked at, and each that is wrong; the limit is none.
"""

from tests.zones import EVERY_DAY, ZONES, wrong_in


def main() -> None:
    wrong = [line for zone in ZONES for line in wrong_in(zone, EVERY_DAY)]
    print(f"{len(ZONES)} zones x 24 hours x {len(EVERY_DAY)} days: {len(wrong)} wrong")
    print("\n".join(wrong))


if __name__ == "__main__":
    main()
