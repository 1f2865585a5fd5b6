// One floating panel at a time, beside what opened it, closed by Escape or a click elsewhere.

const GAP = 4;
let open = null;

/** Show `content` beside `anchor`; returns a function that closes it again. */
export function popup(anchor, content, { onClose = () => {} } = {}) {
  open?.close();
  // A panel outside an open dialog would be inert, one inside it is not.
  const host = anchor.closest("dialog") ?? document.body;
  content.classList.add("popup");
  content.setAttribute("popover", "manual");
  host.append(content);
  content.showPopover();
  const me = { anchor, content, close };
  open = me;
  place(anchor, content);
  const listening = new AbortController();
  const { signal } = listening;

  function close() {
    if (open !== me) return;
    open = null;
    listening.abort();
    content.remove();
    onClose();
  }

  document.addEventListener(
    "pointerdown",
    (event) => {
      if (!content.contains(event.target) && !anchor.contains(event.target)) close();
    },
    { capture: true, signal },
  );
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape") return;
      // The same key would also close the dialog underneath.
      event.preventDefault();
      event.stopPropagation();
      close();
      anchor.focus();
    },
    { capture: true, signal },
  );
  const follow = () => (anchor.isConnected ? place(anchor, content) : close());
  window.addEventListener("resize", follow, { signal });
  document.addEventListener(
    "scroll",
    (event) => {
      if (!content.contains(event.target)) follow();
    },
    { capture: true, signal },
  );
  new ResizeObserver(follow).observe(content);
  return close;
}

function place(anchor, content) {
  const at = anchor.getBoundingClientRect();
  content.style.minWidth = `${Math.max(at.width, 180)}px`;
  const { width, height } = content.getBoundingClientRect();
  const below = window.innerHeight - at.bottom - GAP;
  const top = height <= below || below >= at.top ? at.bottom + GAP : at.top - GAP - height;
  content.style.top = `${Math.max(GAP, Math.min(top, window.innerHeight - height - GAP))}px`;
  content.style.left = `${Math.max(GAP, Math.min(at.left, window.innerWidth - width - GAP))}px`;
}

/** A menu of buttons: `items` are {content, choose, current?}. */
export function menu(anchor, list) {
  const items = () => [...list.querySelectorAll("[role=menuitem], [role=menuitemradio]")];
  list.setAttribute("role", "menu");
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const all = items();
    all.at((all.indexOf(document.activeElement) + step) % all.length).focus();
  });
  const close = popup(anchor, list, { onClose: () => anchor.setAttribute("aria-expanded", "false") });
  anchor.setAttribute("aria-expanded", "true");
  items()[0]?.focus();
  return close;
}
