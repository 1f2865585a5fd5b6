// Elements that are filled in: text, numbers, dates, checkboxes and radio buttons.

import { confirmed } from "./confirm.js";
import { el, freshId } from "./dom.js";
import { textNodes, words } from "./text.js";

const HTML_TYPES = {
  plain_text_input: "text",
  number_input: "text",
  email_text_input: "email",
  url_text_input: "url",
};

/** plain_text_input, number_input, email_text_input and url_text_input. */
export function textInput(element, place, { surface }) {
  const answer = surface.seed(place, { type: element.type, value: element.initial_value || null });
  const input = el(element.multiline ? "textarea" : "input", {
    class: "text-input",
    id: place.id,
    "data-key": place.key,
    "aria-label": place.named ? null : place.label,
    type: element.multiline ? null : HTML_TYPES[element.type],
    inputmode: element.type === "number_input" ? (element.is_decimal_allowed ? "decimal" : "numeric") : null,
    placeholder: words(element.placeholder) || null,
    maxlength: element.max_length,
    autocomplete: "off",
    autofocus: element.focus_on_load,
    rows: element.multiline ? 4 : null,
  });
  input.value = answer.value ?? "";
  const each = element.dispatch_action_config?.trigger_actions_on?.includes("on_character_entered");
  input.addEventListener("input", () => {
    surface.set(place, { type: element.type, value: input.value || null });
    if (each && place.dispatch) surface.press(place, surface.current(place));
  });
  input.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || element.multiline || !place.dispatch || event.isComposing) return;
    // Enter tells the bot here instead of sending the whole form.
    event.preventDefault();
    surface.press(place, surface.current(place));
  });
  return element.max_length
    ? el("div", { class: "counted" }, input, counter(input, element.max_length))
    : input;
}

function counter(input, most) {
  const left = el("span", { class: "counter", "aria-hidden": "true" });
  const count = () => {
    left.textContent = input.value.length > most * 0.8 ? String(most - input.value.length) : "";
  };
  input.addEventListener("input", count);
  count();
  return left;
}

const MOMENTS = {
  datepicker: ["date", "selected_date", "initial_date"],
  timepicker: ["time", "selected_time", "initial_time"],
  datetimepicker: ["datetime-local", "selected_date_time", "initial_date_time"],
};

/** datepicker, timepicker and datetimepicker, whose answer is in Unix seconds. */
export function moment(element, place, { world, surface }) {
  const [type, property, first] = MOMENTS[element.type];
  const answer = surface.seed(place, { type: element.type, [property]: element[first] ?? null });
  const inUnix = type === "datetime-local";
  const show = (value) => (inUnix && value !== null ? localIso(value) : (value ?? ""));
  const input = el("input", {
    type,
    class: "text-input moment",
    id: place.id,
    "data-key": place.key,
    "aria-label": place.named ? null : place.label,
    title: words(element.placeholder) || null,
    autofocus: element.focus_on_load,
  });
  input.value = show(answer[property]);
  input.addEventListener("change", async () => {
    const value = input.value || null;
    if (!(await confirmed(element.confirm, world))) input.value = show(surface.current(place)[property]);
    else
      place.report({
        type: element.type,
        [property]: inUnix && value ? Math.floor(new Date(value) / 1000) : value,
      });
  });
  return input;
}

function localIso(unix) {
  const date = new Date(unix * 1000);
  return new Date(date - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** checkboxes and radio_buttons. */
export function choices(element, place, { world, surface }) {
  const many = element.type === "checkboxes";
  const property = many ? "selected_options" : "selected_option";
  const first = many ? (element.initial_options ?? []) : (element.initial_option ?? null);
  surface.seed(place, { type: element.type, [property]: first });
  const chosen = () => [surface.current(place)[property] ?? []].flat().map(({ value }) => value);
  const name = freshId("choice");
  const boxes = element.options.map((option, index) =>
    el("input", {
      type: many ? "checkbox" : "radio",
      name,
      "data-key": `${place.key}/${index}`,
      on: { change: () => change(option) },
    }),
  );
  const refresh = () =>
    boxes.forEach((box, index) => (box.checked = chosen().includes(element.options[index].value)));
  async function change(option) {
    if (!(await confirmed(element.confirm, world))) return refresh();
    const ticked = element.options.filter((_, index) => boxes[index].checked);
    return place.report({ type: element.type, [property]: many ? ticked : option });
  }
  refresh();
  const rows = element.options.map((option, index) =>
    el(
      "label",
      { class: "choice" },
      boxes[index],
      el(
        "span",
        {},
        textNodes(option.text, world),
        option.description && el("small", {}, textNodes(option.description, world)),
      ),
    ),
  );
  return el(
    "div",
    { class: "choices", role: many ? "group" : "radiogroup", "aria-label": place.label },
    rows,
  );
}
