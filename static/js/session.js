// A session that ended, or a stale token, costs no text: what was sent is kept for this tab and put back after sign-in.
const KEPT = "yxq:unsent";
const body = document.body;

function kept() {
  try {
    return JSON.parse(sessionStorage.getItem(KEPT));
  } catch {
    return null;
  }
}

function keep(value) {
  try {
    if (value) sessionStorage.setItem(KEPT, JSON.stringify(value));
    else sessionStorage.removeItem(KEPT);
  } catch {
    // Storage may be full or forbidden: then the form behaves as it does without this file.
  }
}

function offerBack(unsent) {
  const forms = [...document.querySelectorAll("main form[method=post]")];
  const form = forms[unsent.index];
  if (!form || form.dataset.draft !== undefined) return;
  window.yxqFields.write(form, unsent.fields);
  document.getElementById("restored")?.removeAttribute("hidden");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || !form.closest("main") || "outside" in body.dataset) return;
  const index = [...document.querySelectorAll("main form[method=post]")].indexOf(form);
  keep({ user: body.dataset.user, path: location.pathname, index, fields: window.yxqFields.read(form) });
});

// Pages that say “sign in again” or “send again” carry data-outside: they pass the text on.
const unsent = kept();
if (unsent && "outside" in body.dataset) {
  keep({ ...unsent, interrupted: true });
} else if (unsent) {
  keep(null);
  if (unsent.interrupted && unsent.path === location.pathname && unsent.user === body.dataset.user) offerBack(unsent);
}

// htmx follows a redirect to the sign-in page silently; that page must not land inside this one.
document.addEventListener("htmx:beforeSwap", (event) => {
  const url = event.detail.xhr.responseURL;
  if (!url || !new URL(url).pathname.startsWith(body.dataset.signIn)) return;
  event.detail.shouldSwap = false;
  document.getElementById("signed-out")?.removeAttribute("hidden");
});
