// A field that chooses from a list: one or several, filtered here or by the bot while someone types.

import { el, freshId, icon } from "./dom.js";
import { popup } from "./popup.js";

const DEBOUNCE = 200;

/**
 * Make a picker. Options are {key, text, description?, raw}; `load(query)` gives [{label, options}] or a promise of it;
 * `onChange(options)` may resolve to false to refuse. `remote` waits for a pause in typing before it loads.
 */
export function picker({
  label,
  placeholder,
  multi = false,
  max = Infinity,
  chosen = [],
  load,
  remote = false,
  minQuery = 0,
  key,
  onChange,
}) {
  const shown = el("span", { class: "picker-shown" });
  const button = el(
    "button",
    {
      type: "button",
      class: "picker-button",
      "aria-haspopup": "listbox",
      "aria-expanded": "false",
      "data-key": key,
    },
    shown,
    icon("down"),
  );
  const root = el("div", { class: multi ? "picker multi" : "picker" }, button);
  let current = chosen;
  let close = null;

  function show() {
    const text = current.map((option) => option.text).join(", ");
    button.setAttribute("aria-label", text ? `${label}: ${text}` : label);
    button.classList.toggle("empty", !current.length);
    const chips = current.map((option) => el("span", { class: "chip" }, option.text));
    shown.replaceChildren(...(current.length ? (multi ? chips : [text]) : [placeholder]));
  }

  async function choose(option) {
    const before = current;
    if (!multi) current = [option];
    else if (before.some(({ key: has }) => has === option.key))
      current = before.filter(({ key: has }) => has !== option.key);
    else if (before.length < max) current = [...before, option];
    else return;
    show();
    if ((await onChange(current)) === false) {
      current = before;
      show();
    }
  }

  function toggle(event) {
    if (close) return close();
    const panel = listPanel({
      label,
      load,
      remote,
      minQuery,
      multi,
      isChosen: (option) => current.some(({ key: has }) => has === option.key),
    });
    panel.onChoose = (option) => {
      choose(option);
      if (multi) panel.goOn();
      else shut();
    };
    const shut = () => {
      close?.();
      button.focus();
    };
    panel.onLeave = shut;
    close = popup(button, panel.node, {
      onClose: () => {
        close = null;
        button.setAttribute("aria-expanded", "false");
      },
    });
    button.setAttribute("aria-expanded", "true");
    panel.start(event?.query ?? "");
  }

  button.addEventListener("click", toggle);
  button.addEventListener("keydown", (event) => {
    const typed = event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey;
    if (typed || event.key === "ArrowDown") {
      event.preventDefault();
      toggle({ query: typed ? event.key : "" });
    } else if (multi && event.key === "Backspace" && current.length) choose(current.at(-1));
  });
  show();
  return root;
}

// The open list: a search field above a listbox, driven by the arrow keys.
function listPanel({ label, load, remote, minQuery, multi, isChosen }) {
  const listId = freshId("list");
  const input = el("input", {
    type: "text",
    role: "combobox",
    class: "picker-search",
    placeholder: "Type to search",
    autocomplete: "off",
    spellcheck: "false",
    "aria-label": `Search ${label}`,
    "aria-expanded": "true",
    "aria-controls": listId,
    "aria-autocomplete": "list",
  });
  const list = el("div", {
    id: listId,
    role: "listbox",
    class: "picker-list",
    "aria-label": label,
    "aria-multiselectable": multi ? "true" : null,
  });
  const note = el("div", { class: "picker-note", role: "status" });
  const panel = {
    node: el("div", { class: "picker-panel" }, input, list, note),
    onChoose() {},
    onLeave() {},
    goOn,
    start,
  };
  let rows = [];
  let at = -1;
  let asked = 0;
  let timer = null;

  function start(query) {
    input.value = query;
    input.focus();
    ask();
  }

  async function ask() {
    const query = input.value;
    const turn = (asked += 1);
    if (query.length < minQuery)
      return fill([], `Type at least ${minQuery} character${minQuery === 1 ? "" : "s"}`);
    const answer = load(query);
    if (answer instanceof Promise) {
      note.textContent = "Loading…";
      list.setAttribute("aria-busy", "true");
    }
    try {
      const groups = await answer;
      if (turn === asked) fill(groups, "No results");
    } catch (problem) {
      if (turn === asked) fill([], problem.message);
    }
  }

  function fill(groups, otherwise) {
    list.removeAttribute("aria-busy");
    rows = [];
    list.replaceChildren(
      ...groups
        .filter((group) => group.options.length)
        .map((group) => {
          const options = group.options.map(row);
          if (!group.label) return options;
          const heading = freshId("group");
          return el(
            "div",
            { role: "group", "aria-labelledby": heading },
            el("div", { id: heading, class: "picker-group" }, group.label),
            options,
          );
        })
        .flat(),
    );
    note.textContent = rows.length ? "" : otherwise;
    move(rows.length ? 0 : -1);
  }

  function row(option) {
    const node = el(
      "div",
      {
        role: "option",
        id: freshId("option"),
        class: "picker-option",
        "aria-selected": String(isChosen(option)),
        on: {
          pointerdown: (event) => event.preventDefault(),
          click: () => panel.onChoose(option),
          pointermove: () => move(rows.findIndex((other) => other.node === node)),
        },
      },
      el("span", { class: "tick" }, icon("check")),
      el(
        "span",
        { class: "picker-text" },
        option.text,
        option.description && el("small", {}, option.description),
      ),
    );
    rows.push({ node, option });
    return node;
  }

  function move(index) {
    rows[at]?.node.classList.remove("active");
    at = index;
    const active = rows[at]?.node;
    active?.classList.add("active");
    if (active) input.setAttribute("aria-activedescendant", active.id);
    else input.removeAttribute("aria-activedescendant");
  }

  // What was typed has found its option; the next one begins anew.
  function goOn() {
    for (const { node, option } of rows) node.setAttribute("aria-selected", String(isChosen(option)));
    if (input.value) start("");
  }

  input.addEventListener("input", () => {
    clearTimeout(timer);
    // What is filtered here is there before the next key.
    if (remote) timer = setTimeout(ask, DEBOUNCE);
    else ask();
  });
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && rows.length) {
      event.preventDefault();
      move((at + step + rows.length) % rows.length);
      rows[at].node.scrollIntoView({ block: "nearest" });
    } else if (event.key === "Enter") {
      // Enter belongs to the list here; the form around it must not be sent by it.
      event.preventDefault();
      if (rows[at]) panel.onChoose(rows[at].option);
    } else if (event.key === "Tab") panel.onLeave();
  });
  return panel;
}
