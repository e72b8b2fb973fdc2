// Runs before the first paint, so that neither the colours nor the language flash.
(function () {
  const root = document.documentElement;
  let theme = null;
  let language = null;
  try {
    theme = localStorage.getItem("planqa.theme");
    language = localStorage.getItem("planqa.language");
  } catch {
    // Storage may be switched off; the page then follows the browser.
  }
  if (theme === "light" || theme === "dark") root.dataset.theme = theme;
  if (language !== "zh" && language !== "en") {
    language = (navigator.language || "zh").toLowerCase().startsWith("zh") ? "zh" : "en";
  }
  root.lang = language === "zh" ? "zh-CN" : "en";
  const words = document.createElement("link");
  words.rel = "modulepreload";
  words.href = `/static/js/texts-${language}.js`;
  document.head.append(words);
})();
