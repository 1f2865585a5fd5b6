import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.applivery import DownloadKind, is_object_id
from bot.builds.apps import NamedApp
from bot.builds.download_command import (
    ADD_EXAMPLE,
    AddApp,
    ListApps,
    PostLink,
    RemoveApp,
    parse,
)
from bot.builds.link_request import LATEST, LINK_EXAMPLE, FileKind, LinkRequest
from bot.builds.projects import Known, Project
from bot.builds.request import HelpWanted
from bot.builds.usage import UsageError

APP, BUILD = "5f0000000000000000000a01", "5f0000000000000000000b03"
IDS = f"{APP} {BUILD}"
ANDROID = NamedApp("fruit-android", APP, "543988")
APPS = (ANDROID, NamedApp("fruit-ios", "5f0000000000000000000a02"))
PROJECTS = Known((Project("fruit", "543988"),))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (IDS, FileKind.AUTO),
        (f"  {APP.upper()}\n{BUILD} ", FileKind.AUTO),
        (f"“{APP}” '{BUILD}'", FileKind.AUTO),
        (f"{IDS} type=auto", FileKind.AUTO),
        (f"type=file {IDS}", FileKind.FILE),
        (f"{APP} TYPE=“AAB” {BUILD}", FileKind.AAB),
        (f"{IDS} —type=aab", FileKind.AAB),
        (f"fruit-android {BUILD}", FileKind.AUTO),
        (f"Fruit-A {BUILD} type=file", FileKind.FILE),
    ],
)
def test_a_right_line(text: str, kind: FileKind) -> None:
    assert parse(text, APPS) == LinkRequest(APP, BUILD, kind)


@pytest.mark.parametrize("text", ["fruit-android", "fruit-android Latest", APP, f"'{APP}' latest"])
def test_the_latest_build(text: str) -> None:
    found = parse(text, APPS)
    assert found == LinkRequest(APP, LATEST)
    assert isinstance(found, LinkRequest)
    assert found.alias == "fruit-android"


@pytest.mark.parametrize("text", ["help", " HELP ", "?", "--help", f"help {IDS}"])
def test_help(text: str) -> None:
    assert parse(text) == HelpWanted()


@pytest.mark.parametrize("text", ["", "  ", "list"])
def test_the_list(text: str) -> None:
    assert parse(text, APPS) == ListApps()


@pytest.mark.parametrize("project", ["fruit", "FRU", "543988"])
def test_an_app_is_named_with_its_project(project: str) -> None:
    found = parse(f"add fruit-2 {APP.upper()} project={project}", APPS, PROJECTS)
    assert found == AddApp(NamedApp("fruit-2", APP, "543988"))
    assert isinstance(found, AddApp)
    assert parse(f"add {found.app}", APPS, PROJECTS) == found


def test_an_app_is_named_without_a_project() -> None:
    assert parse(f"add fruit-2 {APP}") == AddApp(NamedApp("fruit-2", APP))


def test_a_name_is_forgotten_and_a_build_posted() -> None:
    assert parse("remove Fruit-Android", APPS) == RemoveApp(ANDROID)
    assert parse("post fruit-android", APPS) == PostLink(LinkRequest(APP))
    assert parse(f"post {IDS} type=aab") == PostLink(LinkRequest(APP, BUILD, FileKind.AAB))


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("type=aab", "Say which app"),
        ("post", "Say which app"),
        (f"{IDS} latest", "leave out “latest”"),
        (f"fruit {BUILD}", "fits more than one app: fruit-android, fruit-ios"),
        (f"pear {BUILD}", "neither the name of an app nor an id"),
        (f"{APP} newest", "“newest” is not the id of a build"),
        (f"{APP[:-1]} {BUILD}", "neither the name of an app nor an id"),
        (f"{APP}0 {BUILD}", "24 characters"),
        (f"{APP} g{BUILD[1:]}", "is not the id of a build"),
        (f"{APP} {'１' * 24}", "is not the id of a build"),
        (f"{APP} ''", "“” is not the id of a build"),
        (f"{IDS} --aab", "leave out “--aab”"),
        (f"{IDS} kind=aab", "no key “kind”"),
        (f"{IDS} type =aab", "without spaces"),
        (f"{IDS} type=ipa", "“ipa” is not a type"),
        (f"{IDS} type=", "“” is not a type"),
        (f"{IDS} type=file type=aab", "given twice"),
        (f"{IDS} type=file type=file", "given twice"),
        (f'"{APP} {BUILD}', "never closed"),
        (f"{IDS} \x07", "control character"),
        (f"{APP} <@U123>", "mention"),
        ("<!channel>", "mention"),
        ("a" * 50_000, "too long"),
        ("a" * 500, "a…” is neither"),
        ("list all", "list takes nothing more"),
        ("add", "Give a name of one word"),
        (f"add {APP}", "Give a name of one word"),
        (f"add fruit 2 {APP}", "Give a name of one word"),
        ("add fruit-2 543988", "“543988” is not the id of an app"),
        (f"add {APP} {APP}", "reads like an id"),
        (f"add post {APP}", "a word of the bot's own commands"),
        (f"add Fruit-IOS {APP}", "fruit-ios is already the name"),
        (f"add x {APP} type=aab", "there can be project="),
        (f"add x {APP} project=", "there can be project="),
        (f"add x {APP} project=1 project=2", "there can be project="),
        (f"add x {APP} project=pear", "neither the id of a project nor a short name"),
        ("remove", "Say which name"),
        ("remove fruit", "No app is called “fruit”. There are: fruit-ios"),
    ],
)
def test_a_wrong_line(text: str, problem: str) -> None:
    found = parse(text, APPS, PROJECTS)
    assert isinstance(found, UsageError)
    assert problem in found.problem


def test_the_examples_are_right_lines() -> None:
    found = parse(LINK_EXAMPLE)
    assert isinstance(found, LinkRequest)
    assert is_object_id(found.app)
    assert is_object_id(found.build)
    assert isinstance(parse(ADD_EXAMPLE, (), PROJECTS), AddApp)


def test_the_kinds_are_those_of_applivery() -> None:
    assert [kind.value for kind in FileKind] == [kind.value for kind in DownloadKind]


_IDS = st.text("0123456789abcdef", min_size=24, max_size=24)


@given(_IDS, _IDS | st.just(LATEST), st.sampled_from(FileKind))
def test_what_a_button_carries_is_read_as_the_same_request(
    app: str, build: str, kind: FileKind
) -> None:
    request = LinkRequest(app, build, kind)
    assert parse(str(request)) == request
    assert parse(str(PostLink(request))) == PostLink(request)


@given(st.text())
def test_anything_is_an_answer(text: str) -> None:
    assert parse(text, APPS, PROJECTS) is not None
