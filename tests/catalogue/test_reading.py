"""A broken catalogue is refused in one sentence: which file, which line, what is wrong, what to do."""

from pathlib import Path

import pytest

from tests.catalogue.example import CRITERION, FILE, SOURCES, TERMS, after, write
from tracker.catalogue.reading import CatalogueBroken, read_catalogue


def refusal(folder: Path) -> CatalogueBroken:
    with pytest.raises(CatalogueBroken) as refused:
        read_catalogue(folder)
    return refused.value


def in_the_measured(old: str, new: str) -> str:
    head, measured = CRITERION.split('key = "measured"')
    return head + 'key = "measured"' + after(old, new, measured)


def line_of(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.split("\n"), start=1) if words in line)


# What is changed, what stands on the line that the refusal must name, and the reason that it must give.
WRONG_IN_CRITERION = [
    ("[criterion]", "[criterium]", "[criterium]", "the file has the unknown key “criterium”"),
    ("leading = true\n", "", "[criterion]", "criterion “courts” lacks the key “leading”; add it"),
    ("leading = true", "leadin = true", "leadin", "criterion “courts” has the unknown key “leadin”; use only"),
    ("leading = true", 'leading = "true"', "leading", "“leading” must be true or false"),
    ('"pressure"', '"presure"', "dimension", "“presure” is an unknown dimension; use one of pressure, signs"),
    ("weight = 1.5", "weight = 0", "weight = 0", "“weight” is 0; give a number above 0"),
    ("weight = 1.5", "weight = -1", "weight = -1", "“weight” is -1; give a number above 0"),
    ("weight = 1.5", "weight = nan", "weight = nan", "“weight” is nan, which is not a usable number"),
    ("weight = 1.5", "weight = inf", "weight = inf", "“weight” is inf, which is not a usable number"),
    ("weight = 1.5", "weight = true", "weight = true", "“weight” must be a number"),
    ("weight = 1.5", 'weight = "1.5"', "weight", "“weight” must be a number; write it without quotation marks"),
    ('name = "Courts"', 'name = " "', "name =", "“name” is empty; write it out"),
    ('name = "Courts"', "name = 5", "name =", "“name” must be text"),
    ('key = "courts"', 'key = "tribunals"', "key =", "the criterion is “tribunals” but the file is courts.toml"),
    ('key = "courts"', 'key = "The Courts"', "key =", "the key “The Courts” is malformed"),
    ('"2012"', '"2013"', "citations", "“2013” is an unknown meeting; use one of 2008, 2009, 2012"),
    ('"2012"', "2012", "citations", "“2012” is an unknown meeting"),
    ('"Ending impunity"', '"Impunity"', "citations", "“Impunity” is not a section of the 2012 meeting"),
    ("section =", "page =", "citations", "a citation is unclear; write { meeting"),
    ('    { meeting = "2012", section = "Ending impunity" },\n', "", "citations", "“citations” is an empty list"),
]


@pytest.mark.parametrize(("old", "new", "words", "reason"), WRONG_IN_CRITERION)
def test_a_broken_criterion_is_refused_with_file_line_and_reason(
    tmp_path: Path, old: str, new: str, words: str, reason: str
) -> None:
    text = after(old, new)
    said = refusal(write(tmp_path, text))
    assert (said.file, said.line) == (FILE, line_of(text, words))
    assert reason in said.reason


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("leading = true", "leading = yes", 10),
        ("leading = true", "leading = true\nleading = true", 11),
        ('name = "Courts"', 'name = "Courts', 4),
    ],
)
def test_what_is_no_toml_is_refused_at_the_line_where_it_stops_being_so(
    tmp_path: Path, old: str, new: str, line: int
) -> None:
    said = refusal(write(tmp_path, after(old, new)))
    assert (said.file, said.line, "this is not valid TOML" in said.reason) == (FILE, line, True)


WRONG_IN_CODED = [
    ('criterion = "courts"', 'criterion = "police"', "criterion =", "“police” is an unknown criterion in this file"),
    ('voice = "coded"', 'voice = "heard"', "voice", "“heard” is an unknown voice; use one of coded, published"),
    ('"monthly"', '"weekly"', "cadence", "“weekly” is an unknown cadence; use one of monthly"),
    ("unit =", 'source = "bank"\nunit =', "source", "indicator “obeyed” is coded and yet has a source; remove it"),
    ("unit =", 'code = "x"\nunit =', "code =", "indicator “obeyed” is coded and yet has a code; remove it"),
    ('voice = "coded"', 'voice = "published"', "voice", "indicator “obeyed” is published but lacks the key “source”"),
    ("worst = 4", "worst = 0", "worst", "best and worst are both 0; give the scale two different ends"),
    ("worst = 4", "worst = 5", "best", "five levels run from best = 0 to worst = 4"),
    ("best = 0\nworst = 4", "best = 4\nworst = 0", "best", "five levels run from best = 0 to worst = 4"),
    ("unit =", 'transform = "root"\nunit =', "transform", "“root” is an unknown transform; use one of none, log"),
    ("fresh_for_days = 62", "fresh_for_days = 0", "fresh", "“fresh_for_days” is 0; give a whole number from 1"),
    ("fresh_for_days = 62", "fresh_for_days = 62.5", "fresh", "“fresh_for_days” must be a whole number"),
    ("weight = 1\n", "weight = 0\n", "weight", "“weight” is 0; give a number above 0"),
    ("[3, 6]", "[0]", "risk_factors", "0 is not a risk factor; give whole numbers from 1 to 14"),
    ("[3, 6]", "[15]", "risk_factors", "15 is not a risk factor; give whole numbers from 1 to 14"),
    ("[3, 6]", "[true]", "risk_factors", "True is not a risk factor"),
    ("[3, 6]", "[3, 3]", "risk_factors", "the risk factors repeat or are out of order"),
    ("[3, 6]", "[6, 3]", "risk_factors", "the risk factors repeat or are out of order"),
    ("[3, 6]", "[]", "risk_factors", "“risk_factors” is an empty list"),
    ("[3, 6]", "3", "risk_factors", "“risk_factors” must be a list"),
    ('4 = "Never."\n', "", "[indicator.levels]", "are 0, 1, 2, 3; give exactly 0 to 4, or 0 and 1, in order"),
    ('4 = "Never."', '5 = "Never."', "[indicator.levels]", "are 0, 1, 2, 3, 5; give exactly 0 to 4"),
    ('4 = "Never."', '4 = "Never."\n5 = "Worse."', "[indicator.levels]", "are 0, 1, 2, 3, 4, 5; give exactly"),
    ('0 = "Always."\n1 = "Mostly."', '1 = "Mostly."\n0 = "Always."', "[indicator.levels]", "are 1, 0, 2, 3, 4; give"),
    ('3 = "Rarely."', '3 = ""', "3 =", "“3” is empty; write it out"),
    ('3 = "Rarely."', "3 = 3", "3 =", "“3” must be text"),
]


@pytest.mark.parametrize(("old", "new", "words", "reason"), WRONG_IN_CODED)
def test_a_broken_coded_indicator_is_refused_with_file_line_and_reason(
    tmp_path: Path, old: str, new: str, words: str, reason: str
) -> None:
    head, rest = CRITERION.split("[[indicator]]", 1)
    text = head + "[[indicator]]" + after(old, new, rest)
    said = refusal(write(tmp_path, text))
    line = head.count("\n") + line_of("[[indicator]]" + after(old, new, rest), words)
    assert (said.file, said.line) == (FILE, line)
    assert reason in said.reason


def test_a_coded_indicator_without_levels_is_refused_at_its_header(tmp_path: Path) -> None:
    before, after_levels = CRITERION.split("[indicator.levels]")
    text = before + after_levels[after_levels.index("[[indicator]]") :]
    said = refusal(write(tmp_path, text))
    assert (said.line, "is coded but lacks its levels" in said.reason) == (line_of(text, "[[indicator]]"), True)


def test_levels_that_are_no_table_are_refused(tmp_path: Path) -> None:
    before, after_levels = CRITERION.split("[indicator.levels]")
    text = before + 'levels = "five"\n' + after_levels[after_levels.index("[[indicator]]") :]
    said = refusal(write(tmp_path, text))
    assert (said.line, "“levels” must be a table" in said.reason) == (line_of(text, "levels ="), True)


@pytest.mark.parametrize("goalposts", ["best = 0\nworst = 2", "best = 0\nworst = 4"])
def test_two_levels_need_the_goalposts_nought_and_one(tmp_path: Path, goalposts: str) -> None:
    text = after('2 = "By half."\n3 = "Rarely."\n4 = "Never."\n', "")
    said = refusal(write(tmp_path, after("best = 0\nworst = 4", goalposts, text)))
    assert "two levels have 0 and 1 as best and worst" in said.reason


def test_levels_cannot_be_logarithmic(tmp_path: Path) -> None:
    text = after('2 = "By half."\n3 = "Rarely."\n4 = "Never."\n', "")
    text = text.replace('voice = "coded"\nbest = 0\nworst = 4', 'voice = "coded"\nbest = 1\nworst = 0', 1)
    said = refusal(write(tmp_path, text.replace('unit = "level"', 'unit = "level"\ntransform = "log"')))
    assert "must be above 0 on a logarithmic scale" in said.reason


WRONG_IN_MEASURED = [
    ("best = 2.5", "best = nan", "best", "“best” is nan, which is not a usable number"),
    ("worst = 0.5", "worst = 0", "worst", "“worst” must be above 0 on a logarithmic scale"),
    ("best = 2.5", "best = -1", "best", "“best” must be above 0 on a logarithmic scale"),
    ('source = "bank"', 'source = "back"', "source", "“back” is an unknown source; add it to sources.toml"),
    ('source = "bank"\n', "", "voice", "indicator “measured” is published but lacks the key “source”; add it"),
    ('code = "x1"\n', "", "voice", "indicator “measured” is published but lacks the key “code”; add it"),
    ("unit =", "units =", "units", "indicator “measured” has the unknown key “units”"),
    ("unit =", "# unit =", '"measured"', "indicator “measured” lacks the key “unit”; add it"),
    ('key = "measured"', 'key = "obeyed"', "key", "the indicator “obeyed” is already in criteria/courts.toml, line 16"),
]


@pytest.mark.parametrize(("old", "new", "words", "reason"), WRONG_IN_MEASURED)
def test_a_broken_published_indicator_is_refused_with_file_line_and_reason(
    tmp_path: Path, old: str, new: str, words: str, reason: str
) -> None:
    head, rest = CRITERION.split('key = "measured"')
    changed = after(old, new, 'key = "measured"' + rest)
    said = refusal(write(tmp_path, head + changed))
    # What is missing is missed at the header, one line above the key.
    expected = head.count("\n") + line_of(changed, words) - ("lacks the key “unit”" in reason)
    assert (said.file, said.line) == (FILE, expected)
    assert reason in said.reason


def test_a_goalpost_just_above_nought_is_enough_for_a_logarithm(tmp_path: Path) -> None:
    text = in_the_measured("worst = 0.5", "worst = 0.001")
    assert read_catalogue(write(tmp_path, text)).indicators[1].worst == 0.001


@pytest.mark.parametrize("factor", [1, 14])
def test_the_first_and_the_last_risk_factor_are_accepted(tmp_path: Path, factor: int) -> None:
    text = after("[3, 6]", f"[{factor}]")
    assert read_catalogue(write(tmp_path, text)).indicators[0].risk_factors == (factor,)


def test_an_indicator_that_another_file_already_has_is_refused_and_both_places_are_named(tmp_path: Path) -> None:
    write(tmp_path)
    (tmp_path / "criteria/other.toml").write_text(CRITERION.replace('"courts"', '"other"'))
    said = refusal(tmp_path)
    assert str(said) == (
        "criteria/other.toml, line 16: the indicator “obeyed” is already in criteria/courts.toml, line 16;"
        " rename or remove one."
    )


def test_one_series_cannot_feed_two_indicators(tmp_path: Path) -> None:
    write(tmp_path)
    other = CRITERION.replace('"courts"', '"other"').replace('"obeyed"', '"o"').replace('"measured"', '"m"')
    (tmp_path / "criteria/other.toml").write_text(other)
    assert "the series “x1” of bank is already in criteria/courts.toml" in refusal(tmp_path).reason


WRONG_IN_SOURCES = [
    ("credibility = 2", "credibility = 0", "credibility", "“credibility” is 0; give a whole number from 1 to 6"),
    ("credibility = 2", "credibility = 7", "credibility", "“credibility” is 7; give a whole number from 1 to 6"),
    ("credibility = 2", "credibility = true", "credibility", "“credibility” must be a whole number"),
    ('"A"', '"G"', "reliability", "the reliability “G” is unknown; give a letter from A to F"),
    ('"A"', '"AB"', "reliability", "the reliability “AB” is unknown"),
    ("https://", "ftp://", "url", "“ftp://example.org/figures” is not a web address"),
    ("bundled = true", "bundled = 1", "bundled", "“bundled” must be true or false"),
    ("bundled = true", "bundeld = true", "bundeld", "source “bank” has the unknown key “bundeld”"),
    ('key = "bank"\n', "", "[[source]]", "source number 1 lacks the key “key”; add it"),
    ("[[source]]", "[source]", "[source]", "“source” must be a table; head it with [[source]]"),
    ("[[source]]", "[[source", "[[source", "this is not valid TOML"),
]


@pytest.mark.parametrize(("old", "new", "words", "reason"), WRONG_IN_SOURCES)
def test_a_broken_source_is_refused_with_file_line_and_reason(
    tmp_path: Path, old: str, new: str, words: str, reason: str
) -> None:
    text = after(old, new, SOURCES)
    said = refusal(write(tmp_path, sources=text))
    assert (said.file, said.line) == ("sources.toml", line_of(text, words))
    assert reason in said.reason


def test_a_source_that_is_there_twice_is_refused_at_its_second_place(tmp_path: Path) -> None:
    said = refusal(write(tmp_path, sources=SOURCES + "\n" + SOURCES))
    assert (said.line, said.reason) == (13, "the source “bank” is there twice; rename or remove one.")


def test_a_term_that_is_there_twice_is_refused_at_its_second_place(tmp_path: Path) -> None:
    said = refusal(write(tmp_path, terms=TERMS + "\n" + TERMS))
    assert (said.file, said.line) == ("terms.toml", 7)


@pytest.mark.parametrize("missing", ["sources.toml", "terms.toml"])
def test_a_missing_file_is_refused_by_name(tmp_path: Path, missing: str) -> None:
    (write(tmp_path) / missing).unlink()
    assert str(refusal(tmp_path)) == f"{missing}, line 1: the file is missing; put it back."


def test_a_folder_without_criteria_is_refused(tmp_path: Path) -> None:
    (write(tmp_path) / FILE).unlink()
    assert "the folder holds no criterion" in str(refusal(tmp_path))


def test_a_file_that_is_not_utf_8_is_refused_at_the_line_of_the_first_bad_letter(tmp_path: Path) -> None:
    (write(tmp_path) / "terms.toml").write_bytes(b'[[term]]\nkey = "x"\nname = "caf\xe9"\n')
    said = refusal(tmp_path)
    assert (said.line, "not UTF-8" in said.reason) == (3, True)


def test_a_file_that_breaks_off_is_refused_at_its_end(tmp_path: Path) -> None:
    said = refusal(write(tmp_path, terms='[[term]]\nkey = """\nx\n'))
    assert (said.line, "not valid TOML" in said.reason) == (3, True)


def test_a_refusal_is_one_sentence_with_file_line_reason_and_remedy(tmp_path: Path) -> None:
    said = refusal(write(tmp_path, after("leading = true", 'leading = "no"')))
    assert str(said) == (
        "criteria/courts.toml, line 10: “leading” must be true or false; write it without quotation marks."
    )
