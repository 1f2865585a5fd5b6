// Elements that are pressed: buttons and the overflow menu.

import { confirmed } from "./confirm.js";
import { el, icon, safeUrl } from "./dom.js";
import { menu } from "./popup.js";
import { plainNodes, words } from "./text.js";

/** A button; with a `url` it is a link to a new tab that tells the bot all the same. */
export function button(element, place, { world, surface }) {
  const classes = ["button", ["primary", "danger"].includes(element.style) ? element.style : ""]
    .join(" ")
    .trim();
  const url = element.url ? safeUrl(element.url) : null;
  const action = { type: "button", ...(element.value === undefined ? {} : { value: element.value }) };
  const tell = () => surface.press(place, action);
  const common = { class: classes, "aria-label": element.accessibility_label, "data-key": place.key };
  if (url && !element.confirm) {
    return el(
      "a",
      { ...common, href: url, target: "_blank", rel: "noopener noreferrer", on: { click: tell } },
      plainNodes(element.text),
    );
  }
  const press = async () => {
    if (!(await confirmed(element.confirm, world))) return;
    tell();
    if (url) window.open(url, "_blank", "noopener,noreferrer");
  };
  return el("button", { ...common, type: "button", on: { click: press } }, plainNodes(element.text));
}

export function overflow(element, place, { world, surface }) {
  let close = null;
  const press = async (option) => {
    close();
    if (!(await confirmed(element.confirm, world))) return;
    surface.press(place, { type: "overflow", selected_option: option });
  };
  const items = () =>
    element.options.map((option) => {
      const url = option.url ? safeUrl(option.url) : null;
      const props = { class: "menu-item", role: "menuitem", on: { click: () => press(option) } };
      return url
        ? el(
            "a",
            { ...props, href: url, target: "_blank", rel: "noopener noreferrer" },
            plainNodes(option.text),
          )
        : el("button", { ...props, type: "button" }, plainNodes(option.text));
    });
  const opener = el(
    "button",
    {
      type: "button",
      class: "button more",
      "aria-label": "More actions",
      "aria-haspopup": "menu",
      "aria-expanded": "false",
      "data-key": place.key,
      title: element.options.map((option) => words(option.text)).join(", "),
      on: { click: () => (close = menu(opener, el("div", { class: "menu" }, items()))) },
    },
    icon("more"),
  );
  return opener;
}
