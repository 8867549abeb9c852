// Signing in: takes a code out of the address, and asks the device for a passkey. Forms send what comes of it.

const encoded = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
const decoded = (text) =>
  Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));

// Browsers from before 2025 know neither parse...FromJSON nor toJSON.
const named = (list) => (list ?? []).map((one) => ({ ...one, id: decoded(one.id) }));
const parsed = {
  create: (said) =>
    PublicKeyCredential.parseCreationOptionsFromJSON?.(said) ?? {
      ...said,
      challenge: decoded(said.challenge),
      user: { ...said.user, id: decoded(said.user.id) },
      excludeCredentials: named(said.excludeCredentials),
    },
  get: (said) =>
    PublicKeyCredential.parseRequestOptionsFromJSON?.(said) ?? {
      ...said,
      challenge: decoded(said.challenge),
      allowCredentials: named(said.allowCredentials),
    },
};
const fields = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];
const told = (credential) =>
  credential.toJSON?.() ?? {
    id: credential.id,
    rawId: encoded(credential.rawId),
    type: credential.type,
    clientExtensionResults: {},
    response: Object.fromEntries(
      fields.filter((name) => credential.response[name]).map((name) => [name, encoded(credential.response[name])]),
    ),
  };

async function ask(form) {
  const answer = await fetch(form.dataset.options, { method: "POST" });
  if (answer.redirected) return location.assign("/confirm?back=" + location.pathname);
  if (!answer.ok) throw new Error(answer.statusText);
  const kind = form.dataset.passkey;
  const credential = await navigator.credentials[kind]({ publicKey: parsed[kind](await answer.json()) });
  form.elements.credential.value = JSON.stringify(told(credential));
  form.submit();
}

for (const form of window.PublicKeyCredential ? document.querySelectorAll("form[data-passkey]") : []) {
  form.hidden = false;
  form.parentElement.querySelector("[data-without-passkey]")?.remove();
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const [button, failed] = [form.querySelector("button"), form.querySelector("[role=alert]")];
    button.disabled = true;
    failed.hidden = true;
    ask(form).catch(() => {
      button.disabled = false;
      failed.hidden = false;
    });
  });
}

for (const form of document.querySelectorAll("form[data-from-address]")) {
  const secret = location.hash.slice(1);
  if (!secret) continue;
  form.querySelector("input:not([type=hidden])").value = secret;
  history.replaceState(null, "", location.pathname);
}
