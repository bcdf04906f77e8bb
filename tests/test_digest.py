from datetime import UTC, datetime, timedelta

from tracker.digest import DeliveryKind, key_of_urgent, message_id

BEGUN = datetime(2026, 3, 1, tzinfo=UTC)


def test_the_message_id_of_a_period_is_always_the_same() -> None:
    elsewhere = BEGUN.astimezone(tz=None)
    first = message_id(DeliveryKind.DIGEST, 7, BEGUN, "2026-03-16")
    assert message_id(DeliveryKind.DIGEST, 7, elsewhere, "2026-03-16") == first


def test_no_two_deliveries_have_the_same_message_id() -> None:
    ids = {
        message_id(kind, of, begun, key)
        for kind in DeliveryKind
        for of in (1, 11)
        for begun in (BEGUN, BEGUN + timedelta(seconds=1))
        for key in ("1-2026", "2026")
    }
    assert len(ids) == 16
    assert all(one.replace("-", "").isalnum() and len(one) <= 60 for one in ids)


def test_an_urgent_notice_is_called_by_its_minute() -> None:
    assert key_of_urgent(datetime(2026, 3, 16, 14, 5, 59, tzinfo=UTC)) == "2026-03-16T14:05"
