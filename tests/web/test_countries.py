"""Where countries stand, and what is recorded about one of them."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text

from tests import factories
from tests.strict_client import StrictClient, parsed, text_of
from tests.web.conftest import SignInAs
from tracker.access import Role
from tracker.handling import Mark
from tracker.storage.base import Database

COURTS = "independence_of_courts"
LAST_MONTH = date(2026, 2, 28)
Record = Callable[..., None]


@pytest.fixture
def record(database: Database, now: datetime) -> Record:
    """Writes one observation of the independence of courts."""

    def recorded(iso3: str, value: float | None, **differing: object) -> None:
        usual: dict[str, object] = {"indicator": COURTS, "on": LAST_MONTH, "recorded_at": now}
        with database.writing() as session:
            factories.observation(session, iso3=iso3, value=value, **(usual | differing))  # type: ignore[arg-type]

    return recorded


@pytest.fixture
def reader(sign_in_as: SignInAs) -> StrictClient:
    return sign_in_as(Role.READER)


def names_on(client: StrictClient, url: str) -> list[str]:
    return [str(name) for name in parsed(client.get(url)).xpath("//tbody/tr/th//a/text()")]


def test_the_worst_stand_first_and_the_unknown_last(reader: StrictClient, record: Record) -> None:
    record("MLI", 3)
    record("NER", 4)
    record("CHE", 0)

    names = names_on(reader, "/countries")

    assert names[:3] == ["Niger", "Mali", "Switzerland"]
    assert len(names) == 193


def test_a_missing_value_is_never_a_zero(reader: StrictClient, record: Record) -> None:
    record("MLI", 3)

    row = parsed(reader.get("/countries?q=Niger")).xpath("//tr[th/a='Niger']")[0]

    assert "not enough evidence" in row.text_content()
    assert "0" not in row.text_content()


def test_the_list_can_be_in_order_of_names(reader: StrictClient, record: Record) -> None:
    record("NER", 4)

    names = names_on(reader, "/countries?order=name")

    assert names[:2] == ["Afghanistan", "Albania"]


def test_a_search_finds_any_of_a_countrys_names(reader: StrictClient, record: Record) -> None:
    record("NER", 4)

    assert names_on(reader, "/countries?q=cote") == ["Côte d’Ivoire"]
    assert names_on(reader, "/countries?q=Allemagne") == ["Germany"]
    assert names_on(reader, "/countries?q=mli") == ["Mali"]


@pytest.mark.parametrize(
    ("words", "name"), [("DRC", "Congo - Kinshasa"), ("ivory coast", "Côte d’Ivoire"), ("Burma", "Myanmar (Burma)")]
)
def test_a_search_finds_what_a_country_is_also_called(
    reader: StrictClient, record: Record, words: str, name: str
) -> None:
    record("NER", 4)

    assert names_on(reader, f"/countries?q={words}") == [name]


def test_a_search_without_a_match_says_what_to_do(reader: StrictClient, record: Record) -> None:
    record("NER", 4)

    assert "No watched country matches" in text_of(reader.get("/countries?q=Atlantis"))


def test_a_group_narrows_the_list(reader: StrictClient, record: Record) -> None:
    record("NER", 4)

    names = names_on(reader, "/countries?group=ecowas")

    assert len(names) == 12
    assert "Niger" not in names


@pytest.mark.parametrize("query", ["measure=nothing", "group=nothing"])
def test_an_unknown_filter_is_not_found(reader: StrictClient, record: Record, query: str) -> None:
    record("NER", 4)

    assert reader.get(f"/countries?{query}").status_code == 404


def opened_on(client: StrictClient) -> str:
    return text_of(client.get("/countries")).partition("by one measure: ")[2].partition(".")[0]


def test_the_list_opens_on_what_is_fresh_for_most_countries_of_the_leading_criterion(
    reader: StrictClient, record: Record
) -> None:
    """One accepted answer does not make an overview of it, nor does what is stale or of another criterion."""
    record("MLI", 4)
    for iso3 in ("MLI", "NER"):
        record(iso3, 0.5, indicator=RULE_OF_LAW, on=date(2024, 12, 31))
    for iso3 in ("MLI", "NER", "TCD"):
        record(iso3, 2, indicator="emergency_powers", on=date(2024, 12, 31))
        record(iso3, 2, indicator="militias")

    assert opened_on(reader) == "Rule of law (World Bank)"


def test_of_measures_that_are_equally_broad_the_list_opens_on_the_first(reader: StrictClient, record: Record) -> None:
    record("NER", 0.5, indicator=RULE_OF_LAW, on=date(2024, 12, 31))
    record("MLI", 4)

    assert opened_on(reader) == "Independence of the courts"


def test_without_anything_fresh_in_the_leading_criterion_the_list_opens_on_the_broadest_of_all(
    reader: StrictClient, record: Record
) -> None:
    record("MLI", 4, on=date(2024, 12, 31))
    record("MLI", 2, indicator="discriminatory_law")
    for iso3 in ("MLI", "NER"):
        record(iso3, 2, indicator="militias")

    assert opened_on(reader) == "Militias beside the State"


def test_only_what_a_reader_may_see_counts_for_where_the_list_opens(sign_in_as: SignInAs, record: Record) -> None:
    record("MLI", 4)
    record("MLI", 2, indicator="emergency_powers")
    record("NER", 2, indicator="emergency_powers")
    record("TCD", 2, indicator="emergency_powers", handling=Mark.RED)

    assert opened_on(sign_in_as(Role.READER, countries=["MLI"])) == "Independence of the courts"
    assert opened_on(sign_in_as(Role.READER, countries=["MLI", "TCD"])) == "Independence of the courts"
    assert opened_on(sign_in_as(Role.READER)) == "Emergency powers"


def test_without_any_evidence_the_list_says_so(reader: StrictClient) -> None:
    assert "Nothing is recorded yet" in text_of(reader.get("/countries"))


def test_what_is_stale_counts_no_more_and_stands_behind_what_is_fresh(reader: StrictClient, record: Record) -> None:
    record("MLI", 4, on=LAST_MONTH - timedelta(days=60))
    record("NER", 1)

    assert names_on(reader, "/countries")[:2] == ["Niger", "Mali"]
    words = text_of(reader.get("/countries?q=Mali"))
    assert "was critical" in words
    assert "stale" in words


@pytest.mark.parametrize(("day", "shown"), [(date(2026, 3, 16), True), (date(2026, 3, 17), False)])
def test_what_was_observed_after_today_is_neither_listed_drawn_nor_exported(
    reader: StrictClient, record: Record, day: date, shown: bool
) -> None:
    """Today is 16 March 2026."""
    record("MLI", 1)
    record("MLI", 4, on=day)

    assert ("critical" in text_of(reader.get("/countries?q=Mali"))) is shown
    assert ("highest 4" in reader.get("/countries/MLI").text) is shown
    assert (str(day) in reader.get(f"/countries/MLI/{COURTS}.csv").text) is shown


RULE_OF_LAW = "wgi_rule_of_law"
YEARS = (date(2024, 12, 31), date(2025, 12, 31))


@pytest.mark.parametrize(("newest", "rose"), [(-1.23, False), (-1.24, True), (-0.5, False)])
def test_a_change_is_marked_only_where_the_errors_of_both_values_do_not_explain_it(
    reader: StrictClient, record: Record, newest: float, rose: bool
) -> None:
    """1.645 times the root of 0.1² + 0.1² is 0.2326; lower values are worse."""
    for day, value in zip(YEARS, (-1.0, newest), strict=True):
        record("MLI", value, indicator=RULE_OF_LAW, on=day, standard_error=0.1)

    row = parsed(reader.get(f"/countries?measure={RULE_OF_LAW}&q=Mali")).xpath("//tr[th/a='Mali']")[0]

    assert bool(row.xpath(".//td[contains(@class, 'rose')]")) is rose


def test_every_sparkline_has_the_same_scale_and_ends_with_the_same_year(reader: StrictClient, record: Record) -> None:
    for day in YEARS:
        record("MLI", 0.0, indicator=RULE_OF_LAW, on=day)
        record("NER", 2.4, indicator=RULE_OF_LAW, on=day)
    record("TCD", 0.0, indicator=RULE_OF_LAW, on=date(2016, 12, 31))

    page = parsed(reader.get(f"/countries?measure={RULE_OF_LAW}"))

    def drawn(name: str) -> list[float]:
        path = page.xpath(f"//tr[th/a='{name}']//svg[contains(@class, 'spark')]//@d|//tr[th/a='{name}']//svg//@cx")
        return [float(number) for number in re.findall(r"[\d.]+", " ".join(path))]

    assert drawn("Mali")[0] == drawn("Niger")[0], "both begin with the same year"
    assert drawn("Mali") != drawn("Niger"), "and stand at heights of one scale"
    assert drawn("Chad") != drawn("Mali"), "what ended long ago does not reach the present"


def test_a_correction_replaces_what_it_corrects(reader: StrictClient, record: Record) -> None:
    record("MLI", 4)
    record("MLI", 1, revision=2)

    row = parsed(reader.get("/countries?q=Mali")).xpath("//tr[th/a='Mali']")[0]

    assert "guarded" in row.text_content()


def test_what_lies_above_a_clearance_is_not_there(sign_in_as: SignInAs, record: Record) -> None:
    record("MLI", 4, handling=Mark.RED)
    record("NER", 1)
    cleared, not_cleared = sign_in_as(Role.READER, clearance=Mark.RED), sign_in_as(Role.READER, clearance=Mark.AMBER)

    assert "critical" in text_of(cleared.get("/countries?q=Mali"))
    assert "critical" not in text_of(not_cleared.get("/countries?q=Mali"))


def test_a_red_correction_does_not_let_the_older_value_show(sign_in_as: SignInAs, record: Record) -> None:
    record("MLI", 4)
    record("MLI", 1, revision=2, handling=Mark.RED)

    assert "Nothing is recorded yet" in text_of(sign_in_as(Role.READER, clearance=Mark.AMBER).get("/countries"))


def test_the_list_holds_only_countries_in_scope(sign_in_as: SignInAs, record: Record) -> None:
    record("MLI", 3)
    record("NER", 4)

    focal_point = sign_in_as(Role.READER, countries=["MLI"])

    assert names_on(focal_point, "/countries?who=all") == ["Mali"]
    assert "NER" not in focal_point.get("/countries/list.csv?who=all").text


def test_a_scope_given_by_group_reaches_its_members(sign_in_as: SignInAs, record: Record) -> None:
    record("MLI", 3)
    desk = sign_in_as(Role.READER, groups=["ecowas"])

    assert desk.get("/countries/GHA").status_code == 200
    assert desk.get("/countries/MLI").status_code == 404


def test_the_export_shows_what_the_list_shows(reader: StrictClient, record: Record) -> None:
    record("MLI", 3)

    lines = reader.get("/countries/list.csv?group=african_union").text.splitlines()

    assert lines[0].startswith(
        "iso3,country,measure,observed_on,value,standard_error,severity,level,fresh,severity_low"
    )
    assert lines[1] == f"MLI,Mali,{COURTS},2026-02-28,3.0,,75.0,high,yes,,,,,A field office"
    assert len(lines) == 1 + len(names_on(reader, "/countries?group=african_union"))


def test_a_countrys_page_shows_its_figures_in_words(reader: StrictClient, record: Record) -> None:
    record("MLI", 3, source_name="A court observer")

    words = text_of(reader.get("/countries/MLI"))

    assert "Independence of the courts" in words
    assert "severity 75 of 100" in words
    assert "A court observer B2 TLP:CLEAR" in words
    assert "1 of 74 indicators has fresh evidence." in words


def test_a_source_that_is_not_for_attribution_is_not_named(reader: StrictClient, record: Record) -> None:
    record("MLI", 3, source_name="A court observer", attributable=False)

    page, figures = reader.get("/countries/MLI"), reader.get(f"/countries/MLI/{COURTS}.csv")

    assert "Source not for attribution" in text_of(page)
    assert "A court observer" not in page.text + figures.text


def test_a_country_without_evidence_is_not_called_safe(reader: StrictClient) -> None:
    words = text_of(reader.get("/countries/MLI"))

    assert "Nothing that you may see is recorded about this country" in words
    assert "That is no sign of safety" in words


def test_a_series_comes_as_csv_with_its_source_and_mark(reader: StrictClient, record: Record) -> None:
    record("MLI", 3, source_name="=cmd()")

    lines = reader.get(f"/countries/MLI/{COURTS}.csv").text.splitlines()

    assert lines[1] == f"MLI,{COURTS},2026-02-28,3.0,,1,'=cmd(),B2,TLP:CLEAR,no"


def test_where_nobody_could_tell_the_older_value_is_not_shown_as_current(reader: StrictClient, record: Record) -> None:
    record("MLI", 4, on=date(2026, 1, 31))
    record("MLI", None)
    record("NER", 1)
    record("TCD", None, indicator="militias")

    page, other = text_of(reader.get("/countries/MLI")), text_of(reader.get("/countries/TCD"))

    assert "Our analysts could not tell on 28 February 2026" in page
    assert "The last value known was 4 on 31 January 2026: it says nothing about now." in page
    assert "critical" not in page
    assert (
        "0 of 74 indicators have fresh evidence. For 1 our analysts looked and could not tell. "
        "Nothing that you may see is recorded for the other 73"
    ) in page
    assert "Our analysts could not tell on 28 February 2026" in other
    assert "for the other 73" in other
    assert names_on(reader, "/countries")[:2] == ["Niger", "Mali"]
    row = parsed(reader.get("/countries?q=Mali")).xpath("//tr[th/a='Mali']")[0].text_content()
    assert "could not be told" in row
    assert "4" not in row
    assert f"MLI,Mali,{COURTS},2026-02-28,,,,unknown,no,,,,,\r\n" in reader.get("/countries/list.csv").text


def test_what_a_countrys_page_says_first_stands_as_sentences(reader: StrictClient, record: Record) -> None:
    record("MLI", 1)
    record("MLI", 1, indicator="militias", on=date(2024, 1, 31))
    record("MLI", None, indicator="emergency_powers")

    assert (
        "1 of 74 indicators has fresh evidence. 1 is stale. For 1 our analysts looked and could not tell. "
        "Nothing that you may see is recorded for the other 71"
    ) in text_of(reader.get("/countries/MLI"))


def corrected_on(client: StrictClient) -> list[str]:
    links = parsed(client.get("/countries/MLI")).xpath(
        "//div[@class='measure']//a[normalize-space()='corrected']/@href"
    )
    return [str(link) for link in links]


@pytest.mark.parametrize("value", [1, None])
def test_a_correction_of_the_newest_answer_is_announced_and_leads_to_its_history(
    reader: StrictClient, record: Record, value: float | None
) -> None:
    record("MLI", 3, on=date(2026, 1, 31))
    record("MLI", 4)
    assert corrected_on(reader) == []

    record("MLI", value, revision=2, reason="It was another court.")
    assert corrected_on(reader) == [f"/countries/MLI/{COURTS}/2026-02-28#history"]


def test_an_older_correction_is_not_announced(reader: StrictClient, record: Record) -> None:
    record("MLI", 3, on=date(2026, 1, 31), revision=2)
    record("MLI", 4)

    assert corrected_on(reader) == []


def test_a_withdrawn_answer_can_be_found_from_the_countrys_page(reader: StrictClient, record: Record) -> None:
    record("MLI", 4)
    record("MLI", 4, revision=2, withdrawn=True, reason="It was another court.")

    page = parsed(reader.get("/countries/MLI"))
    (link,) = page.xpath("//section[@aria-labelledby='unanswered']//details[@open]//li/a")

    assert link.text == "an answer of 28 February 2026 was withdrawn"
    assert "It was another court." in text_of(reader.get(str(link.get("href"))))


def test_a_withdrawn_answer_beside_others_is_told_and_what_was_restored_is_not(
    reader: StrictClient, record: Record
) -> None:
    record("MLI", 1, on=date(2026, 1, 31))
    record("MLI", 4)
    record("MLI", 4, revision=2, withdrawn=True, reason="It was another court.")
    assert "an answer of 28 February 2026 was withdrawn" in text_of(reader.get("/countries/MLI"))

    record("MLI", 4, revision=3, reason="It was this one.")
    assert "was withdrawn" not in text_of(reader.get("/countries/MLI"))


def test_a_withdrawal_above_a_clearance_and_one_of_another_country_are_not_told(
    sign_in_as: SignInAs, record: Record
) -> None:
    record("MLI", 4)
    record("MLI", 4, revision=2, withdrawn=True, reason="It was another court.", handling=Mark.RED)
    record("NER", 4, withdrawn=True, reason="Not there.")

    assert "was withdrawn" not in text_of(sign_in_as(Role.READER, clearance=Mark.AMBER).get("/countries/MLI"))
    assert "was withdrawn" in text_of(sign_in_as(Role.READER, clearance=Mark.RED).get("/countries/MLI"))
    assert "was withdrawn" not in text_of(sign_in_as(Role.READER, clearance=Mark.AMBER).get("/countries/TCD"))


def test_a_value_after_dont_know_counts_again(reader: StrictClient, record: Record) -> None:
    record("MLI", None, on=date(2026, 1, 31))
    record("MLI", 4)

    assert "Level 4" in text_of(reader.get("/countries/MLI"))
    assert "could not tell" not in text_of(reader.get("/countries/MLI"))
    assert "critical" in text_of(reader.get("/countries?q=Mali"))


def test_a_series_says_where_nobody_could_tell(reader: StrictClient, record: Record) -> None:
    record("MLI", 3, on=date(2026, 1, 31))
    record("MLI", None, source_name="A witness", attributable=False)

    lines = reader.get(f"/countries/MLI/{COURTS}.csv").text.splitlines()

    assert lines[0].endswith(",grade,handling,dont_know")
    assert lines[2] == f"MLI,{COURTS},2026-02-28,,,1,not for attribution,,TLP:CLEAR,yes"
    assert "don’t know" in text_of(reader.get("/countries/MLI"))


def test_every_day_of_a_series_leads_to_its_observation(reader: StrictClient, record: Record) -> None:
    record("MLI", 3)

    links = parsed(reader.get("/countries/MLI")).xpath(f"//a[@href='/countries/MLI/{COURTS}/2026-02-28']")

    assert len(links) == 2
    assert reader.get(str(links[0].get("href"))).status_code == 200


@pytest.mark.parametrize("url", ["/countries/XYZ", "/countries/mli", f"/countries/XYZ/{COURTS}.csv"])
def test_an_unknown_country_is_not_found(reader: StrictClient, url: str) -> None:
    assert reader.get(url).status_code == 404


def test_an_administrator_stops_and_starts_watching(sign_in_as: SignInAs, database: Database) -> None:
    administrator = sign_in_as(Role.ADMINISTRATOR)

    page = administrator.get("/countries/MLI")
    administrator.submit_form(page, action="/countries/MLI/watch")

    with database.reading() as session:
        assert session.scalar(text("SELECT watched FROM countries WHERE iso3 = 'MLI'")) in (False, 0)
        entry = session.execute(text("SELECT action, subject FROM audit_entries ORDER BY number DESC")).first()
    assert entry is not None
    assert tuple(entry) == ("country no longer watched", "country MLI")
    assert "is not watched" in text_of(administrator.get("/countries/MLI"))


def test_watching_what_is_watched_is_not_written_down_again(sign_in_as: SignInAs, database: Database) -> None:
    administrator = sign_in_as(Role.ADMINISTRATOR)
    token = parsed(administrator.get("/countries/MLI")).xpath("//input[@name='csrf_token']/@value")[0]
    with database.reading() as session:
        before = session.scalar(text("SELECT count(*) FROM audit_entries"))

    administrator.post("/countries/MLI/watch", data={"watched": "yes", "csrf_token": token})

    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM audit_entries")) == before


def test_no_country_page_needs_more_than_thirteen_questions(
    reader: StrictClient, record: Record, database: Database
) -> None:
    from sqlalchemy import event

    for month in range(1, 13):
        record("MLI", 3, on=date(2025, month, 28))
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *arguments: asked.append(arguments[2]))

    reader.get("/countries/MLI")

    questions = [statement for statement in asked if not statement.startswith(("PRAGMA", "BEGIN"))]
    assert 0 < len(questions) <= 13


def test_a_countrys_page_begins_with_what_became_worse_most(reader: StrictClient, record: Record) -> None:
    a_year_ago = date(2025, 2, 28)
    for indicator, then, newest in ((COURTS, 1, 2), ("militias", 0, 3), ("emergency_powers", 2, 1)):
        record("MLI", then, indicator=indicator, on=a_year_ago)
        record("MLI", newest, indicator=indicator)

    table = parsed(reader.get("/countries/MLI")).xpath("//section[@aria-labelledby='moved']//tbody/tr")

    assert [row.xpath("string(th//a/@href)") for row in table] == ["#militias", f"#{COURTS}", "#emergency_powers"]
    assert [row.xpath("string(td[3])").strip() for row in table] == ["+75.0", "+25.0", "−25.0"]


def jumps_on(client: StrictClient) -> list[str]:
    items = parsed(client.get("/countries/MLI")).xpath("//section[@aria-labelledby='jumped']//li")
    return [" ".join(item.text_content().split()) for item in items]


def test_a_jump_of_a_coded_level_within_weeks_is_told_and_leads_to_its_reason(
    reader: StrictClient, record: Record
) -> None:
    record("MLI", 1, indicator="limits_on_power", on=date(2026, 1, 31))
    record("MLI", 4, indicator="limits_on_power", on=date(2026, 2, 20))

    assert jumps_on(reader) == ["Limits on terms and powers: level 1 became 4 (31 January 2026 → 20 February 2026)"]
    links = parsed(reader.get("/countries/MLI")).xpath("//section[@aria-labelledby='jumped']//a/@href")
    assert [str(link) for link in links] == ["/countries/MLI/limits_on_power/2026-02-20"]


@pytest.mark.parametrize(
    ("values", "newest_on", "told"),
    [
        ((1, 2), LAST_MONTH, False),
        ((1, 3), LAST_MONTH, True),
        ((3, 1), LAST_MONTH, True),
        ((1, 3), date(2025, 3, 17), True),
        ((1, 3), date(2025, 3, 16), False),
    ],
)
def test_only_what_moved_by_two_levels_within_a_year_is_a_jump(
    reader: StrictClient, record: Record, values: tuple[float, float], newest_on: date, told: bool
) -> None:
    """Today is 16 March 2026."""
    record("MLI", values[0], on=newest_on - timedelta(days=20))
    record("MLI", values[1], on=newest_on)

    assert bool(jumps_on(reader)) is told


def test_from_yes_to_no_is_a_jump(reader: StrictClient, record: Record) -> None:
    record("MLI", 1, indicator="focal_point", on=date(2025, 12, 31))
    record("MLI", 0, indicator="focal_point")

    assert len(jumps_on(reader)) == 1


def test_a_jump_is_told_only_as_far_as_both_answers_may_be_seen(sign_in_as: SignInAs, record: Record) -> None:
    record("MLI", 1, on=date(2026, 1, 31))
    record("MLI", 4, handling=Mark.RED)

    assert len(jumps_on(sign_in_as(Role.READER, clearance=Mark.RED))) == 1
    assert jumps_on(sign_in_as(Role.READER, clearance=Mark.AMBER)) == []


def test_published_figures_and_what_nobody_can_tell_any_more_are_no_jumps(reader: StrictClient, record: Record) -> None:
    record("MLI", 1, on=date(2026, 1, 10))
    record("MLI", 4, on=date(2026, 1, 31))
    record("MLI", None)
    record("MLI", 2.0, indicator=RULE_OF_LAW, on=date(2024, 12, 31))
    record("MLI", -2.0, indicator=RULE_OF_LAW, on=date(2025, 12, 31))

    assert jumps_on(reader) == []


def test_a_coded_level_is_shown_in_the_words_it_was_chosen_by(reader: StrictClient, record: Record) -> None:
    record("MLI", 4)

    assert "Level 4: A highest or constitutional court was dissolved" in text_of(reader.get("/countries/MLI"))


def test_whoever_was_given_no_country_is_told_whom_to_ask(sign_in_as: SignInAs, record: Record) -> None:
    record("MLI", 3)

    words = text_of(sign_in_as(Role.ANALYST, countries=[]).get("/countries"))

    assert "No countries are yours yet" in words
    assert "Mali" not in words


def test_everybody_can_see_what_they_may_see(sign_in_as: SignInAs) -> None:
    words = text_of(sign_in_as(Role.ANALYST, groups=["ecowas"], clearance=Mark.AMBER).get("/account"))

    assert "Roles Analyst Countries 12 countries Clearance TLP:AMBER" in words


def chart_dots(page: StrictClient, url: str) -> list[tuple[float, float]]:
    found = parsed(page.get(url)).xpath("//div[@class='picture-wide']//*[name()='circle']")
    return [(float(dot.get("cx")), float(dot.get("cy"))) for dot in found]


def test_two_coded_answers_within_one_period_are_both_drawn_at_their_days(reader: StrictClient, record: Record) -> None:
    record("MLI", 1, indicator="limits_on_power", on=date(2026, 1, 31))
    record("MLI", 4, indicator="limits_on_power", on=date(2026, 2, 20))

    (left, low), (right, high) = chart_dots(reader, "/countries/MLI")

    assert left < right
    assert high < low
    page = reader.get("/countries/MLI").text
    assert "1 on 31 Jan 2026, 4 on 20 Feb 2026" in page


def test_a_measure_with_a_single_figure_gets_no_empty_chart(reader: StrictClient, record: Record) -> None:
    record("MLI", 3)
    record("MLI", 0.5, indicator=RULE_OF_LAW, on=date(2025, 12, 31), standard_error=0.1)

    pictures = parsed(reader.get("/countries/MLI")).xpath("//figure//*[name()='svg']")

    assert [picture.get("class") for picture in pictures] == ["interval", "interval"]
    assert pictures[0].get("aria-label") == (
        "Independence of the courts: 3 on 28 February 2026, the only figure; severity 75 of 100."
    )
    coded, published = (picture.xpath(".//*[@class='range']")[0] for picture in pictures)
    assert coded.get("x1") == coded.get("x2")
    assert published.get("x1") != published.get("x2")
