// From a Block Kit element to its node, and what the bot hears when someone uses it.

import { button, overflow } from "./buttons.js";
import { el, safeUrl } from "./dom.js";
import { choices, moment, textInput } from "./inputs.js";
import { select } from "./selects.js";
import { words } from "./text.js";

const ELEMENTS = {
  button,
  overflow,
  plain_text_input: textInput,
  number_input: textInput,
  email_text_input: textInput,
  url_text_input: textInput,
  datepicker: moment,
  timepicker: moment,
  datetimepicker: moment,
  checkboxes: choices,
  radio_buttons: choices,
  image: (element) => picture(element, "thumb"),
};
for (const kind of ["static", "external", "users", "channels", "conversations"]) {
  ELEMENTS[`${kind}_select`] = select;
  ELEMENTS[`multi_${kind}_select`] = select;
}

/**
 * Draw `element` of `block`. In an input block an answer is kept until the form is sent (or told at once with
 * `dispatch_action`); everywhere else every choice is told at once.
 */
export function drawElement(element, block, context, { label = null, id = null } = {}) {
  const make = ELEMENTS[element.type];
  if (!make) return el("span", { class: "unknown" }, `(${element.type} cannot be shown here)`);
  const dispatch = block.type !== "input" || Boolean(block.dispatch_action);
  const place = {
    block_id: block.block_id,
    action_id: element.action_id,
    key: `${block.block_id}/${element.action_id}`,
    label: label ?? (words(element.placeholder) || element.action_id),
    named: label !== null && id !== null,
    id,
    dispatch,
  };
  const { surface } = context;
  const address = { block_id: place.block_id, action_id: place.action_id };
  place.report = (answer) => {
    surface.set(address, answer);
    if (dispatch) surface.press(address, answer);
  };
  return make(element, place, context);
}

/** An image with its words; one that does not load leaves them behind. */
export function picture({ image_url: url, alt_text: alt = "" }, className) {
  const safe = url ? safeUrl(new URL(url, document.baseURI).href) : null;
  if (!safe) return el("span", { class: "unknown" }, alt);
  return el("img", { class: className, src: safe, alt, loading: "lazy", referrerpolicy: "no-referrer" });
}
