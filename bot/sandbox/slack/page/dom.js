// Building the page's nodes: whatever a server sends becomes a text node or an attribute, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** Make an element; `on` holds listeners, `null` and `false` leave an attribute out. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    } else if (value !== null && value !== undefined && value !== false) {
      node.setAttribute(name, value === true ? "" : value);
    }
  }
  node.append(...nodes(children));
  return node;
}

function nodes(children) {
  return children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false);
}

/** Take what a sprite file next to this module calls `name`. */
export function sprite(file, name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", new URL(`${file}.svg`, import.meta.url).pathname + `#${name}`);
  svg.append(use);
  return svg;
}

export function icon(name) {
  const svg = sprite("icons", name);
  svg.setAttribute("class", "icon");
  return svg;
}

let counter = 0;

/** Give an id that nothing else on the page has. */
export function freshId(stem) {
  counter += 1;
  return `${stem}-${counter}`;
}

/** Give `url` back when it is safe to link to, else null: `javascript:` and its like stay text. */
export function safeUrl(url) {
  try {
    return ["http:", "https:", "mailto:"].includes(new URL(url).protocol) ? url : null;
  } catch {
    return null;
  }
}

/** Redraw with `draw`, and put the keyboard back where it was: people type while messages change. */
export function keepingFocus(root, draw) {
  const active = root.contains(document.activeElement) ? document.activeElement : null;
  const key = active?.dataset.key;
  const range = active && "selectionStart" in active ? [active.selectionStart, active.selectionEnd] : null;
  draw();
  if (key === undefined) return;
  const again = root.querySelector(`[data-key="${CSS.escape(key)}"]`);
  again?.focus({ preventScroll: true });
  // Number and date fields have the property but refuse to be asked.
  if (again && range && range[0] !== null && again.setSelectionRange) again.setSelectionRange(...range);
}
