// What a message or a view remembers of the answers given in it, and how those reach the bot.

export class Surface {
  /** `where` is {channel, ts, ephemeral?} for a message and {view_id} for a view. */
  constructor(app, where) {
    this.app = app;
    this.where = where;
    this.answers = new Map();
    this.earlier = new Map();
  }

  /** Start a redraw: answers to fields that come back under the same ids are kept, others go. */
  restart() {
    this.earlier = this.answers;
    this.answers = new Map();
  }

  /** Name a field while drawing it; gives what is in it now. `initial` carries its type. */
  seed(place, initial) {
    const key = keyOf(place);
    const before = this.earlier.get(key);
    const answer = before?.answer.type === initial.type ? before.answer : initial;
    this.answers.set(key, { ...place, answer });
    return answer;
  }

  current(place) {
    return this.answers.get(keyOf(place))?.answer ?? null;
  }

  set(place, answer) {
    this.answers.set(keyOf(place), { ...place, answer });
  }

  /** Every answer as Slack's `state`. */
  state() {
    const values = {};
    for (const { block_id, action_id, answer } of this.answers.values()) {
      (values[block_id] ??= {})[action_id] = answer;
    }
    return { values };
  }

  press({ block_id, action_id }, action) {
    return this.app.send({ type: "press", ...this.where, block_id, action_id, action, state: this.state() });
  }

  /** Ask the bot for options; resolves to [{label, options}]. */
  suggest({ block_id, action_id }, value) {
    const { ephemeral: _, ...where } = this.where;
    return this.app.suggest({ ...where, block_id, action_id, value });
  }
}

const keyOf = ({ block_id, action_id }) => `${block_id}\n${action_id}`;
