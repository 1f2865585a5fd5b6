// Questions to the bot that come back as options, matched by number.

const PATIENCE = 5000;
const FAILED = "The options could not be loaded.";

export class Questions {
  constructor(send) {
    this.send = send;
    this.open = new Map();
    this.last = 0;
  }

  /** Ask; resolves to the answer frame, rejects when none comes. */
  ask(frame) {
    this.last += 1;
    const id = this.last;
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.fail(id), PATIENCE);
      this.open.set(id, { resolve, reject, timer });
      if (!this.send({ type: "suggest", id, ...frame })) this.fail(id);
    });
  }

  answer(frame) {
    const question = this.open.get(frame.id);
    if (!question) return;
    this.open.delete(frame.id);
    clearTimeout(question.timer);
    question.resolve(frame);
  }

  fail(id) {
    const question = this.open.get(id);
    if (!question) return;
    this.open.delete(id);
    clearTimeout(question.timer);
    question.reject(new Error(FAILED));
  }

  interrupted() {
    for (const id of [...this.open.keys()]) this.fail(id);
  }
}
