// Before the first paint: says that scripts run, and follows the system's theme where the user chose to.
{
  const root = document.documentElement;
  root.classList.add("js");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => {
    const chosen = root.dataset.theme;
    root.dataset.bsTheme = chosen === "auto" ? (dark.matches ? "dark" : "light") : chosen;
  };
  follow();
  dark.addEventListener("change", follow);
  document.addEventListener("theme:chosen", follow);
}
