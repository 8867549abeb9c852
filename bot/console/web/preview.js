// The preview of a draft without a new page for each answer. Its forms are plain forms: without this they work as they are.

// The service sends the chat in a template that is to become a shadow root, so that its styles and those of the page do
// not meet. A browser does that itself only for whole pages.
function unfolded(html) {
  const found = document.createElement("template");
  found.innerHTML = html;
  for (const template of found.content.querySelectorAll("template[shadowrootmode]")) {
    const root = template.parentElement.attachShadow({ mode: "open" });
    root.append(template.content);
    template.remove();
  }
  return found.content;
}

export class Preview {
  // `draft` gives a text that is not saved yet; null plays the draft as it is saved.
  constructor(place, draft = () => null) {
    this.place = place;
    this.draft = draft;
    this.unsaved = new Map();
    this.turn = 0;
    this.listen(place);
  }

  // Submits do not leave a shadow root, so each one is listened to.
  listen(root) {
    root.addEventListener("submit", (event) => {
      if (root === this.place && !event.target.matches("[data-preview]")) return;
      event.preventDefault();
      this.send(new FormData(event.target, event.submitter), root instanceof ShadowRoot);
    });
    root.addEventListener("change", (event) => {
      if (event.target.matches?.("[data-at-once]")) event.target.form.requestSubmit();
    });
  }

  // The same once more, with the draft as it is now.
  again() {
    const form = this.place.querySelector("form");
    const data = form ? new FormData(form) : new FormData();
    data.set("do", "show");
    return this.send(data, false);
  }

  async send(data, wasInChat) {
    const turn = ++this.turn;
    const draft = this.draft();
    data.set("part", "1");
    if (draft !== null) data.set("draft", draft);
    this.place.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(this.place.dataset.address, { method: "POST", body: new URLSearchParams(data), redirect: "error" });
      if (turn !== this.turn) return; // Something newer was asked for meanwhile.
      if (!answer.ok && answer.status !== 422) throw new Error(String(answer.status));
      this.show(await answer.text(), wasInChat, data.get("context"));
    } catch {
      if (turn === this.turn) this.say(this.place.dataset.away);
    } finally {
      if (turn === this.turn) this.place.removeAttribute("aria-busy");
    }
  }

  // What somebody has typed beside the chat and not saved yet, or what was refused. It also waits for its text to be on the
  // page again.
  remember(saved) {
    for (const area of this.place.querySelectorAll("form[id] textarea")) {
      const key = `${area.form.id} ${area.name}`;
      const asSaved = area.value === area.defaultValue && !area.form.querySelector("[aria-invalid=true]");
      if (asSaved || area.form.id === saved) this.unsaved.delete(key);
      else this.unsaved.set(key, area.value);
    }
  }

  putBack() {
    for (const area of this.place.querySelectorAll("form[id] textarea")) {
      const typed = this.unsaved.get(`${area.form.id} ${area.name}`);
      if (typed === undefined) continue;
      area.value = typed;
      for (let folded = area.closest("details"); folded; folded = folded.parentElement.closest("details")) folded.open = true;
    }
  }

  show(html, wasInChat, saved = null) {
    this.remember(saved);
    const held = document.activeElement;
    const back = this.place.contains(held) ? { name: held.name ?? "", value: held.value ?? "", id: held.id } : null;
    const places = [...this.place.querySelectorAll(".phone")].map((phone) => phone.shadowRoot?.querySelector(".screen")?.scrollTop ?? 0);
    this.place.replaceChildren(unfolded(html));
    this.putBack();
    const phones = [...this.place.querySelectorAll(".phone")];
    phones.forEach((phone, at) => {
      this.listen(phone.shadowRoot);
      if (!wasInChat && places[at]) phone.shadowRoot.querySelector(".screen").scrollTop = places[at];
    });
    if (wasInChat) (phones[0]?.shadowRoot.querySelector("#answer") ?? phones[0]?.shadowRoot.querySelector(".screen"))?.focus();
    else if (back) this.focus(back);
  }

  focus({ name, value, id }) {
    const same = [...this.place.querySelectorAll("button, select")];
    const found = same.find((each) => (id ? each.id === id : each.name === name && each.value === value));
    (found ?? this.place.querySelector("button:not(:disabled)"))?.focus();
  }

  say(sentence) {
    let said = this.place.querySelector(".away-note");
    if (!said) {
      said = document.createElement("p");
      said.className = "note away-note";
      said.setAttribute("role", "alert");
      this.place.prepend(said);
    }
    said.textContent = sentence;
  }
}

// On its own page it is there already: the browser has made the shadow roots, or an older one has left the templates.
for (const place of document.querySelectorAll(".previewed")) {
  if (!place.querySelector("form")) continue;
  const preview = new Preview(place);
  if (place.querySelector("template[shadowrootmode]")) preview.show(place.innerHTML, false);
  else for (const phone of place.querySelectorAll(".phone")) preview.listen(phone.shadowRoot);
}
