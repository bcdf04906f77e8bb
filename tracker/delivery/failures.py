"""Why a mail did not leave, and whether it is worth trying again."""


class NotHandedOver(Exception):
    """The mail did not leave; the sentence says why."""


class RefusedForGood(NotHandedOver):
    """This mail, or its recipient, will never be taken: trying again would only annoy the relay."""


class RecipientRefused(RefusedForGood):
    """It is the address that will never do, whatever is sent to it."""


class RefusedForNow(NotHandedOver):
    """Something passing, or something that the administrator can put right: it is tried again later."""


class RelayAway(RefusedForNow):
    """The relay could not be reached or did not let us in; no other mail would fare better just now."""


class NobodyCanTell(RefusedForNow):
    """The relay had all of it and did not say whether it took it."""


class TakenOver(NotHandedOver):
    """Whoever wanted to send it holds it no more: another does, or will."""
