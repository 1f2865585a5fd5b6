"""The form that `/build` with nothing opens: a field for each thing a build may be given."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from slack_sdk.models.blocks import (
    Block,
    CheckboxesElement,
    ContextBlock,
    ExternalDataMultiSelectElement,
    ExternalDataSelectElement,
    InputBlock,
    InputInteractiveElement,
    MarkdownTextObject,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.builds.form import BOX_NAMES, BOXES, BY_ITSELF, PROJECT, SCENES
from bot.builds.keys import KEYS
from bot.builds.menu import Offer
from bot.builds.projects import Project
from bot.builds.request import MAX_SCENES
from bot.slack.messages.words import clip, lines

FORM: Final = "build_form"
FORM_PROJECT: Final = "form_project"
FORM_SCENES: Final = "form_scenes"
FORM_BRANCH: Final = "form_branch"
FIELD: Final = "field"
"""The action id of fields that are only read when the form is sent."""

_LONGEST_LABEL = 75
_LONGEST_PLACEHOLDER = 150
# Slack's inputs hold no more.
_LONGEST_TEXT = 3_000
_MEANINGS = {key.name: key.meaning.removesuffix(": yes or no").capitalize() for key in KEYS}
_BOX_LABELS = {
    "minify": "Minify scripts",
    "concatenate": "Concatenate scripts",
    "sourcemaps": "Source maps",
    "optimize": "Optimize scenes",
    "preload": "Preload bundle",
}
_FORMATS = (Offer("Static (a web page)", "static"), Offer("npm (a project)", "npm"))


@dataclass(frozen=True, slots=True)
class Beginning:
    """What the form shows when it opens; `like` is the build it was filled in from.

    Without `menu` no project is known, and its id is typed.
    """

    project: Offer | None = None
    defaults: Project | None = None
    menu: bool = True
    scenes: tuple[Offer, ...] = ()
    branch: Offer | None = None
    texts: Mapping[str, str] = field(default_factory=dict)
    ticked: frozenset[str] = BY_ITSELF
    like: int | None = None


def form(begin: Beginning, channel_id: str, private_metadata: str) -> dict[str, Any]:
    """Show the form; the fields of another project are other fields, and begin anew."""
    blocks = [_where(begin, channel_id), _project(begin), *_fields(begin)]
    view = View(
        type="modal",
        callback_id=FORM,
        title="New build",
        submit="Build",
        close="Cancel",
        private_metadata=private_metadata,
        blocks=blocks,
    )
    shown: dict[str, Any] = view.to_dict()
    return shown


def field_of(block_id: str) -> str:
    """Name the field of a block."""
    return block_id.partition(":")[0]


def project_in(block_id: str) -> str:
    """Name the project whose field a block is, or nothing when it is not known."""
    return block_id.partition(":")[2]


def menu(offered: Sequence[Offer]) -> list[dict[str, Any]]:
    """Show the offers of a menu."""
    return [_option(offer).to_dict() for offer in offered]


def _where(begin: Beginning, channel_id: str) -> Block:
    like = f" Filled in from #{begin.like}, the last one here." if begin.like else ""
    # Slack shows no name of a conversation between two.
    place = "this conversation" if channel_id.startswith("D") else f"<#{channel_id}>"
    text = f"The build gets its card in {place}.{like}"
    return ContextBlock(block_id="where", elements=[MarkdownTextObject(text=text, verbatim=True)])


def _project(begin: Beginning) -> Block:
    if not begin.menu:
        element: InputInteractiveElement = PlainTextInputElement(
            action_id=FIELD, placeholder="543988", focus_on_load=True
        )
        hint = "The number in the project’s address: playcanvas.com/project/543988."
        return InputBlock(block_id=PROJECT, label="Project", element=element, hint=hint)
    element = ExternalDataSelectElement(
        action_id=FORM_PROJECT,
        placeholder="Choose one, or type an id",
        initial_option=_option(begin.project) if begin.project else None,
        min_query_length=0,
    )
    return InputBlock(block_id=PROJECT, label="Project", element=element, dispatch_action=True)


def _fields(begin: Beginning) -> list[Block]:
    defaults = begin.defaults or Project("", "")
    return [
        _scenes(begin),
        _input(begin, "branch", "Branch", _branch(begin, defaults)),
        _text(begin, "version", "Version", "1.4.0"),
        _text(begin, "notes", "Release notes", "What testers should look at", multiline=True),
        _text(begin, "engine", "Engine", defaults.engine or "As in the last build; like 2.20.6"),
        _input(begin, "format", "Format", _formats(begin)),
        _input(begin, BOXES, "Options", _boxes(begin)),
        _text(begin, "name", "App name", "What the app is called"),
        _text(begin, "description", "Description", "What the app is", multiline=True),
    ]


def _scenes(begin: Beginning) -> Block:
    element = ExternalDataMultiSelectElement(
        action_id=FORM_SCENES,
        placeholder="Type a name",
        initial_options=[_option(each) for each in begin.scenes] or None,
        min_query_length=0,
        max_selected_items=MAX_SCENES,
    )
    hint = "The one chosen first starts. A name that is not listed can be typed all the same."
    return InputBlock(block_id=_id(begin, SCENES), label="Scenes", element=element, hint=hint)


def _branch(begin: Beginning, defaults: Project) -> InputInteractiveElement:
    return ExternalDataSelectElement(
        action_id=FORM_BRANCH,
        placeholder=clip(defaults.branch or "main", _LONGEST_PLACEHOLDER),
        initial_option=_option(begin.branch) if begin.branch else None,
        min_query_length=0,
    )


def _formats(begin: Beginning) -> InputInteractiveElement:
    chosen = (each for each in _FORMATS if each.value == begin.texts.get("format"))
    initial = next(chosen, None)
    return StaticSelectElement(
        action_id=FIELD,
        placeholder=_FORMATS[0].text,
        options=[_option(each) for each in _FORMATS],
        initial_option=_option(initial) if initial else None,
    )


def _boxes(begin: Beginning) -> InputInteractiveElement:
    boxes = {name: _option(Offer(_BOX_LABELS[name], name, _MEANINGS[name])) for name in BOX_NAMES}
    ticked = [boxes[name] for name in BOX_NAMES if name in begin.ticked]
    return CheckboxesElement(
        action_id=FIELD, options=list(boxes.values()), initial_options=ticked or None
    )


def _text(
    begin: Beginning, name: str, label: str, placeholder: str, *, multiline: bool = False
) -> Block:
    text = begin.texts.get(name, "")
    element = PlainTextInputElement(
        action_id=FIELD,
        placeholder=clip(placeholder, _LONGEST_PLACEHOLDER),
        initial_value=text if 0 < len(text) <= _LONGEST_TEXT else None,
        multiline=multiline or None,
    )
    return _input(begin, name, label, element)


def _input(begin: Beginning, name: str, label: str, element: InputInteractiveElement) -> Block:
    return InputBlock(block_id=_id(begin, name), label=label, element=element, optional=True)


def _id(begin: Beginning, name: str) -> str:
    return f"{name}:{begin.defaults.id if begin.defaults else ''}"


def _option(offer: Offer) -> Option:
    # Names are shown as they are: without emoji made of what stands between colons.
    shown = PlainTextObject(text=_label(offer.text) or "(no name)", emoji=False)
    detail = _label(offer.detail or "")
    return Option(text=shown, value=offer.value, description=detail or None)


def _label(text: str) -> str:
    return clip(" ".join(lines(text).split()), _LONGEST_LABEL)
