// Questions to the service: JSON there and back, in the session of the page.

export async function ask(address, question) {
  const answer = await fetch(address, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(question),
    redirect: "error",
  });
  const found = answer.headers.get("Content-Type")?.startsWith("application/json") ? await answer.json() : {};
  return { ok: answer.ok, ...found };
}

// Calls `work` once nothing came for a while, and never twice at once: of what came meanwhile the last counts.
export function afterwards(work, pause) {
  let timer = 0;
  let busy = false;
  let again = false;
  async function run() {
    if (busy) {
      again = true;
      return;
    }
    busy = true;
    try {
      await work();
    } catch (away) {
      console.warn(away); // The next change asks again.
    } finally {
      busy = false;
      if (again) {
        again = false;
        timer = setTimeout(run, pause);
      }
    }
  }
  return () => {
    clearTimeout(timer);
    timer = setTimeout(run, pause);
  };
}
