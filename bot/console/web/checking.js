// What the check says of the text, while it is written: marks at the lines, the page's own list, and the cards.

import { setDiagnostics } from "@codemirror/lint";
import { afterwards, ask } from "./asking.js";

const PAUSE = 400;

export class Checking {
  // `told` is called with each answer, or with null where none came.
  constructor(text, address, told) {
    this.text = text;
    this.address = address;
    this.told = told;
    this.soon = afterwards(() => this.check(), PAUSE);
  }

  async check() {
    const checked = this.text.value;
    let found;
    try {
      found = await ask(`${this.address}/check`, { text: checked });
    } catch {
      found = { ok: false };
    }
    if (!found.ok) return this.told(null, found.trouble);
    if (checked !== this.text.value) return this.soon(); // It was written on meanwhile.
    this.mark(found.problems);
    this.told(found);
  }

  mark(problems) {
    const { view } = this.text;
    const marks = problems.map((problem) => ({ ...this.range(problem), ...this.mend(problem), source: problem.code, severity: problem.advice ? "info" : "error", message: `${problem.message} ${problem.hint}`.trim() }));
    view.dispatch(setDiagnostics(view.state, marks));
  }

  // From the place of a problem to the end of the word there.
  range({ line, column }) {
    const from = this.text.place(line, column);
    const rest = this.text.view.state.doc.lineAt(from);
    const word = /^(?:\{[a-z_]*\}?|["']?[^\s:,[\]{}"']*)/.exec(rest.text.slice(from - rest.from))[0];
    return { from, to: Math.min(from + Math.max(word.length, 1), rest.to) };
  }

  mend({ fix }) {
    if (!fix) return {};
    return { actions: [{ name: fix.label, apply: () => this.edit(fix.edit) }] };
  }

  // Has the service change the text, and takes the change over. Resolves to what it answered.
  async edit(edit, agrees = async () => true) {
    const before = this.text.value;
    const answer = await ask(`${this.address}/edit`, { text: before, edit });
    if (!answer.ok) return answer;
    const matters = answer.breaks?.length || answer.answers;
    if (matters && !(await agrees(answer))) return { ...answer, left: true };
    if (before === this.text.value) this.text.take(answer.text);
    else return this.edit(edit, agrees); // It was written on meanwhile.
    await this.check();
    return answer;
  }
}
