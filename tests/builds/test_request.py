"""From what someone typed to a request, or to a sentence that helps."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.builds.keys import KEYS
from bot.builds.options import BuildOptions
from bot.builds.request import BuildRequest, HelpWanted, UsageError, parse


def request(text: str) -> BuildRequest:
    parsed = parse(text)
    assert isinstance(parsed, BuildRequest), parsed
    return parsed


def options(text: str) -> BuildOptions:
    return request(f"543988 Menu {text}").options


def refusal(text: str) -> UsageError:
    parsed = parse(text)
    assert isinstance(parsed, UsageError), parsed
    return parsed


def test_the_smallest_request() -> None:
    assert parse("543988 Menu") == BuildRequest("543988", ("Menu",), None, BuildOptions())


def test_every_key_arrives_where_it_belongs() -> None:
    text = (
        '543988 Menu "Level 3" 1234 branch=dev name="Fruit Rush" version=1.4 description="A game"'
        ' notes="New: boss" engine=2.20.6 format=static target=ios minify=yes concatenate=on'
        " sourcemaps=1 optimize=no preload=false"
    )
    assert parse(text) == BuildRequest(
        project="543988",
        scenes=("Menu", "Level 3", "1234"),
        branch="dev",
        options=BuildOptions(
            name="Fruit Rush",
            version="1.4",
            description="A game",
            notes="New: boss",
            engine="2.20.6",
            format="static",
            target="ios",
            minify=True,
            concatenate=True,
            sourcemaps=True,
            optimize=False,
            preload=False,
        ),
    )


def test_keys_may_stand_anywhere_and_in_capitals() -> None:
    assert parse("BRANCH=dev 543988 Engine=2.20.6 Menu") == BuildRequest(
        "543988", ("Menu",), "dev", BuildOptions(engine="2.20.6")
    )


@pytest.mark.parametrize("text", ["help", " Help ", "--help", "—help", "help me please", "?"])
def test_help(text: str) -> None:
    assert parse(text) == HelpWanted()


def test_quoted_help_is_no_call_for_help() -> None:
    assert isinstance(parse('"help"'), UsageError)
    assert request("543988 help").scenes == ("help",)


@pytest.mark.parametrize("dashes", ["--", "—", "–"])
def test_dashes_before_a_key_are_forgiven(dashes: str) -> None:
    assert request(f"543988 Menu {dashes}branch=dev").branch == "dev"
    lacking = refusal(f"543988 Menu {dashes}minify")
    assert lacking.problem.startswith("minify has no value.")
    assert lacking.hint == '543988 "Level 3" minify=yes'


def test_a_dash_inside_a_name_stays() -> None:
    assert request("543988 Level—3 “— End”").scenes == ("Level—3", "— End")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        *[(word, True) for word in ("yes", "Y", "true", "on", "1", "“yes”")],
        *[(word, False) for word in ("no", "N", "FALSE", "off", "0")],
    ],
)
def test_yes_and_no(typed: str, meant: bool) -> None:  # noqa: FBT001 - parametrized
    assert options(f"preload={typed}").preload is meant


@pytest.mark.parametrize("version", ["2.20.6", "1.77.0", "2.21.0-beta.3", "2.0.0-rc.1"])
def test_engine_versions(version: str) -> None:
    assert options(f"engine={version}").engine == version
    assert options(f"engine=v{version}").engine == version


@pytest.mark.parametrize(
    "version", ["2", "2.20", "2.20.6.1", "latest", "2.20.x", "٢.0.0", "2.1.0-"]
)
def test_what_is_no_engine_version(version: str) -> None:
    assert "2.20.6" in refusal(f"543988 Menu engine={version}").problem


@pytest.mark.parametrize(
    ("key", "most"), [("name", 999), ("version", 20), ("description", 9_999), ("notes", 10_000)]
)
def test_texts_have_the_limits_of_the_api(key: str, most: int) -> None:
    assert getattr(options(f"{key}={'x' * most}"), key) == "x" * most
    assert f"at most {most:,}" in refusal(f"543988 Menu {key}={'x' * (most + 1)}").problem


def test_only_prose_may_have_lines() -> None:
    assert options("notes=“one\ntwo”").notes == "one\ntwo"
    assert options("description='one\r\n\ttwo'").description == "one\n\ttwo"
    for text in ('name="a\nb"', 'version="a\tb"', 'branch="a\nb"', '"a\nb"'):
        assert "one line" in refusal(f"543988 Menu {text}").problem


@pytest.mark.parametrize("key", ["minify", "concatenate", "sourcemaps", "optimize"])
def test_npm_excludes_what_it_cannot_have(key: str) -> None:
    assert f"no {key}=yes" in refusal(f"543988 Menu format=npm {key}=yes").problem
    assert f"no {key}=yes" in refusal(f"543988 Menu {key}=yes format=npm").problem


def test_npm_switches_the_script_options_off() -> None:
    assert options("format=NPM minify=no") == BuildOptions(
        format="npm", minify=False, concatenate=False, sourcemaps=False, optimize=False
    )


@pytest.mark.parametrize("given", ["", "concatenate=no", "minify=yes", "concatenate=yes minify=no"])
def test_source_maps_need_concatenated_and_minified_scripts(given: str) -> None:
    wrong = refusal(f"543988 Menu sourcemaps=yes {given}")
    assert "concatenated and minified" in wrong.problem
    assert request(wrong.hint or "").options.sourcemaps


def test_source_maps_with_what_they_need() -> None:
    assert options("sourcemaps=yes concatenate=yes").sourcemaps
    assert options("sourcemaps=yes concatenate=yes minify=yes").sourcemaps
    assert options("sourcemaps=no").sourcemaps is False


@pytest.mark.parametrize("project", ["1", "543988", str(2**53)])
def test_projects(project: str) -> None:
    assert request(f"{project} Menu").project == project


@pytest.mark.parametrize(
    "project", ["0", "-1", "1.5", "007", str(2**53 + 1), "9" * 900, "fruit", "٣", "1e3"]
)
def test_what_is_no_project(project: str) -> None:
    assert "neither the id of a project" in refusal(f"{project} Menu").problem


def test_scenes_have_bounds() -> None:
    names = [f"scene{number}" for number in range(500)]
    assert len(request("543988 " + " ".join(names[:100])).scenes) == 100
    assert "101 scenes" in refusal("543988 " + " ".join(names[:101])).problem
    assert "500 scenes" in refusal("543988 " + " ".join(names)).problem
    assert request(f"543988 {'x' * 999}").scenes == ("x" * 999,)
    assert "1,000 characters" in refusal(f"543988 {'x' * 1000}").problem


def test_a_scene_is_given_once_but_case_is_for_the_lookup() -> None:
    assert "“Level 3” is given twice" in refusal('543988 "Level 3" “Level 3”').problem
    assert request("543988 menu Menu").scenes == ("menu", "Menu")


@pytest.mark.parametrize(
    ("text", "problem", "hint"),
    [
        ("", "Say what to build", '543988 "Level 3" branch=main'),
        ("branch=dev", "Say what to build", '543988 "Level 3" branch=main'),
        ("543988", "Which scene?", '543988 "Level 3"'),
        ("543988 “”", "quotes with nothing in them", '543988 "Level 3" branch=main'),
        ("543988 Menu branch=''", "branch has no value", '543988 "Level 3" branch=dev'),
        ("543988 Menu branch= dev", "branch has no value", '543988 "Level 3" branch=dev'),
        ("543988 Menu branch = dev", "no key before it", '543988 "Level 3" branch=main'),
        ("543988 Menu branch=a branch=a", "branch is given twice", '543988 "Level 3" branch=dev'),
        (
            "543988 Menu minify=perhaps",
            "neither yes nor no to minify",
            '543988 "Level 3" minify=yes',
        ),
        ("543988 Menu format=zip", "either static or npm", '543988 "Level 3" format=static'),
        ("543988 Menu target=tv", "either web or ios", '543988 "Level 3" target=web'),
        ("543988 Menu --minfy", "Did you mean minify?", '543988 "Level 3" branch=main'),
        ("543988 Menu colour=red", "The keys are branch, name,", '543988 "Level 3" branch=main'),
    ],
)
def test_what_is_wrong_is_said_with_a_line_to_paste(text: str, problem: str, hint: str) -> None:
    wrong = refusal(text)
    assert problem in wrong.problem
    assert wrong.hint == hint


def test_a_mistyped_key_is_set_right_in_the_line() -> None:
    wrong = refusal('543988 “Level 3” "a=b" brnach=“my dev” notes=it&amp;s')
    assert "“brnach”. Did you mean branch?" in wrong.problem
    assert wrong.hint == '543988 "Level 3" "a=b" branch="my dev" notes=it&s'
    long = refusal(f"543988 Menu brnach=dev notes={'x' * 400}")
    assert long.hint == '543988 "Level 3" branch=main'


def test_a_name_with_an_equals_sign_goes_in_quotes() -> None:
    assert request('543988 "a=b" ‘c = d’ "branch=dev"').scenes == ("a=b", "c = d", "branch=dev")
    assert "put that in quotes" in refusal("543988 a=b").problem


@pytest.mark.parametrize("field", ["{}", "Menu {}", '"{}"', "Menu name={}", "Menu notes='x {}'"])
@pytest.mark.parametrize(
    "mention", ["<!channel>", "<@U123>", "<@U123|ann>", "<#C1|general>", "<!subteam^S1|@qa>"]
)
def test_mentions_are_refused_in_every_field(field: str, mention: str) -> None:
    wrong = refusal("543988 " + field.format(mention))
    assert "mention" in wrong.problem
    assert "<" not in wrong.problem + (wrong.hint or "")


@pytest.mark.parametrize("link", ["<https://x|x>", "<https://x.com>", "<https://x.com|Level 3>"])
def test_links_are_no_names(link: str) -> None:
    for text in (link, f"543988 {link}", f'543988 "{link}"', f"543988 Menu branch={link}"):
        assert "link" in refusal(text).problem


def test_links_in_prose_are_kept_readable() -> None:
    assert options("notes='see <https://x.com/a?b=c&amp;d>'").notes == "see https://x.com/a?b=c&d"
    assert options("notes=<https://x.com|here>").notes == "here (https://x.com)"


def test_names_that_slack_took_for_addresses_are_names_again() -> None:
    parsed = request("543988 <http://level.io|level.io> name=<mailto:a@b.io|a@b.io>")
    assert parsed.scenes == ("level.io",)
    assert parsed.options.name == "a@b.io"


def test_what_people_typed_is_unescaped_once() -> None:
    parsed = request("543988 Tom&amp;Jerry &lt;3 &amp;lt; &lt;!channel&gt;")
    assert parsed.scenes == ("Tom&Jerry", "<3", "&lt;", "<!channel>")


@pytest.mark.parametrize(
    "char", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\u202e", "\u2066", "\ud800"]
)
def test_control_characters_are_refused(char: str) -> None:
    for text in (f"543988 a{char}b", f'543988 Menu notes="{char}"', f"54{char} Menu"):
        assert f"U+{ord(char):04X}" in refusal(text).problem


def test_an_endless_command_is_refused() -> None:
    assert "at most 40,000" in refusal("543988 " + "x " * 20_000).problem


@given(st.text(max_size=200) | st.text(alphabet="54 ab=\"'“”«»<>@!|&;—-\n", max_size=80))
def test_every_text_has_an_answer_that_fits_into_a_message(text: str) -> None:
    parsed = parse("543988 Menu " + text)
    if isinstance(parsed, UsageError):
        assert parsed.problem.endswith((".", "?"))
        assert len(parsed.problem) <= 400
        assert parsed.hint
        assert len(parsed.hint) <= 300
    else:
        assert isinstance(parsed, BuildRequest)
        assert all(scene.strip() == scene != "" for scene in parsed.scenes)


def test_examples_of_the_help_are_read_as_they_are() -> None:
    assert [key.name for key in KEYS] == [
        *("branch", "name", "version", "description", "notes", "engine", "format", "target"),
        *("minify", "concatenate", "sourcemaps", "optimize", "preload"),
    ]
    for key in KEYS:
        assert key.example.startswith(f"{key.name}=")
        assert key.meaning
        assert isinstance(parse(f'543988 "Level 3" {key.example}'), BuildRequest)
