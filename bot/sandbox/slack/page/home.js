// App Home: the view that the bot has published for this person.

import { drawBlocks } from "./blocks.js";
import { el, icon, keepingFocus } from "./dom.js";
import { Surface } from "./surface.js";

export class Home {
  constructor(root, app) {
    this.root = root;
    this.app = app;
    this.surface = null;
    this.drawn = null;
  }

  draw() {
    const { world } = this.app;
    const { home: view } = world;
    this.root.hidden = !world.place?.home;
    if (this.root.hidden || (view && this.drawn === view)) return;
    this.drawn = view;
    if (this.surface?.where.view_id !== view?.id)
      this.surface = view && new Surface(this.app, { view_id: view.id });
    const content = view
      ? el("div", { class: "home-view" }, drawBlocks(view.blocks ?? [], { world, surface: this.surface }))
      : el(
          "div",
          { class: "nothing-yet" },
          icon("bot"),
          el("p", {}, `${world.botName} has not put anything here yet.`),
        );
    keepingFocus(this.root, () => this.root.replaceChildren(content));
  }
}
