// The cards of the questions: plain forms, whose changes become changes of the text beside them.

export class Cards {
  constructor(place, { edit, show, labels }) {
    this.place = place;
    this.edit = edit;
    this.show = show;
    this.labels = labels;
    place.addEventListener("submit", (event) => this.submitted(event));
    place.addEventListener("click", (event) => {
      const button = event.target.closest(".in-text");
      if (button) show(Number(button.dataset.line), 1);
    });
    this.ready();
  }

  async submitted(event) {
    const form = event.target;
    if (!form.matches("form.edit")) return;
    event.preventDefault();
    const taken = [...form.elements].filter((each) => "defaultValue" in each).map((each) => [each, each.defaultValue]);
    for (const [field] of taken) field.defaultValue = field.value; // Nothing in it is half a word any more.
    const answer = await this.edit(edit(form, event.submitter)).catch(() => ({ ok: false }));
    if (answer.ok && !answer.left) return;
    for (const [field, before] of taken) field.defaultValue = before;
    if (!answer.ok) this.say(form, answer.trouble ?? this.labels.away);
  }

  say(form, sentence) {
    let said = form.querySelector(".trouble");
    if (!said) {
      said = document.createElement("p");
      said.className = "trouble note";
      said.setAttribute("role", "alert");
      form.prepend(said);
    }
    said.textContent = sentence;
  }

  // New cards in the place of the old: open ones stay open, and whoever was in one stays there.
  take(html) {
    if (html === this.html) return;
    const open = [...this.place.querySelectorAll("details[open]")].map(named).filter(Boolean);
    const held = this.place.contains(document.activeElement) ? trace(document.activeElement) : null;
    const dirty = document.activeElement?.closest?.("form.edit") && isTyping(document.activeElement);
    if (dirty && this.place.contains(document.activeElement)) return; // Half a word in a card is not thrown away.
    this.place.innerHTML = this.html = html;
    for (const details of this.place.querySelectorAll("details")) {
      if (open.includes(named(details))) details.open = true;
    }
    this.ready();
    if (held) find(this.place, held)?.focus({ preventScroll: true });
  }

  // Each card gets the way to its line.
  ready() {
    for (const step of this.place.querySelectorAll("details.step[data-line]")) {
      if (step.querySelector(".in-text")) continue;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "small in-text";
      button.dataset.line = step.dataset.line;
      button.textContent = this.labels.inText;
      step.querySelector("summary")?.after(button);
    }
  }

  // The card of the line in which somebody writes.
  mark(line) {
    for (const step of this.place.querySelectorAll("details.step[data-line]")) {
      const is = Number(step.dataset.line) <= line && line <= Number(step.dataset.end ?? step.dataset.line);
      step.classList.toggle("here", is);
      if (is) step.setAttribute("aria-current", "true");
      else step.removeAttribute("aria-current");
    }
  }
}

// The fields of a form as an edit. What comes several times is a list, and so is a value with a line for each.
export function edit(form, submitter) {
  const found = {};
  const data = new FormData(form, submitter);
  for (const name of new Set(data.keys())) {
    if (name === "revision") continue;
    const all = data.getAll(name);
    const isList = all.length > 1 || (name === "value" && form.elements[name].matches?.("textarea"));
    found[name] = isList ? all.flatMap((one) => one.split("\n")).filter((one) => one.trim()) : all[0];
  }
  return found;
}

const named = (details) => details.dataset.step ?? details.id;

function trace(element) {
  const details = element.closest("details");
  const form = element.closest("form");
  const role = form ? ["do", "part", "option", "key"].map((name) => form.elements[name]?.value ?? "").join("|") : "";
  return { step: details ? named(details) : "", role, name: element.name ?? "", tag: element.tagName };
}

function find(place, { step, role, name, tag }) {
  const all = [...place.querySelectorAll(tag)].filter((each) => trace(each).step === step);
  return all.find((each) => each.name === name && trace(each).role === role) ?? all[0];
}

function isTyping(element) {
  return element.matches("textarea, input:not([type=checkbox], [type=radio], [type=hidden])") && element.value !== element.defaultValue;
}
