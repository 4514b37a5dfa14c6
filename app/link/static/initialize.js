// Defines window.MergeLink: opens the link page of this server in a frame and hands over its result.
(() => {
  "use strict";

  const HOME = new URL(document.currentScript ? document.currentScript.src : location.href).origin;
  const PATIENCE = 15000; // milliseconds after which a page that does not show is worth a hint
  const used = new Set(); // link tokens that have led to an account
  let current = null; // the frame with its configuration

  function build(config) {
    const home = new URL((config.tenantConfig && config.tenantConfig.apiBaseURL) || HOME).origin;
    const frame = document.createElement("iframe");
    frame.title = "Link";
    frame.src = `${home}/link#${config.linkToken}&origin=${encodeURIComponent(location.origin)}`;
    const box = document.createElement("div");
    box.hidden = true;
    box.append(frame);
    const parent = config.parentContainerID && document.getElementById(config.parentContainerID);
    if (!parent) {
      box.setAttribute("role", "dialog");
      box.setAttribute("aria-modal", "true");
      box.setAttribute("aria-label", "Link");
      Object.assign(box.style, { position: "fixed", inset: "0", zIndex: "2147483000", background: "#0009" });
      Object.assign(frame.style, { position: "absolute", inset: "0", margin: "auto", borderRadius: "12px" });
      Object.assign(frame.style, { width: "min(64rem, 100%)", height: "min(60rem, 100%)", border: "0" });
    } else {
      Object.assign(frame.style, { width: "100%", height: "100%", minHeight: "40rem", border: "0" });
    }
    (parent || document.body).append(box);
    return { box, frame, home, modal: !parent, ready: false };
  }

  function drop() {
    if (!current) return;
    clearTimeout(current.hint);
    current.box.remove();
    current = null;
  }

  function ready() {
    if (current.ready) return;
    current.ready = true;
    clearTimeout(current.hint);
    if (current.config.onReady) current.config.onReady();
  }

  function invalid(detail) {
    const errors = [{ detail, problem_type: "LINK_TOKEN_INVALID" }];
    if (current.config.onValidationError) current.config.onValidationError(errors);
  }

  function linked(publicToken) {
    current.publicToken = publicToken;
    used.add(current.token);
    if (current.config.shouldSendTokenOnSuccessfulLink !== false) succeed();
  }

  function succeed() {
    const { publicToken, config } = current;
    if (!publicToken || current.told) return;
    current.told = true;
    if (config.onSuccess) config.onSuccess(publicToken, { isTokenForOtherPreexistingLinkedAccount: false });
  }

  function close() {
    const { config, before, publicToken } = current;
    succeed();
    current.box.hidden = true;
    if (current.modal) document.documentElement.style.overflow = current.overflow;
    if (before && before.focus) before.focus();
    if (publicToken) drop();
    if (config.onExit) config.onExit();
  }

  addEventListener("message", ({ source, origin, data }) => {
    if (!current || source !== current.frame.contentWindow || origin !== current.home) return;
    if (!data || data.source !== "omniats") return;
    if (data.event === "ready") ready();
    else if (data.event === "invalid") invalid(data.detail);
    else if (data.event === "linked") linked(data.publicToken);
    else if (data.event === "close" && !current.box.hidden) close();
  });

  // Called again at every rendering of a component: only another token begins anew.
  function initialize(config) {
    if (config && config.linkToken && !used.has(config.linkToken)) begin(config);
  }

  function begin(config) {
    if (current && current.token === config.linkToken) {
      current.config = { ...current.config, ...config };
      if (current.ready && config.onReady) config.onReady();
      return;
    }
    drop();
    current = { ...build(config), config, token: config.linkToken };
    current.hint = setTimeout(() => {
      console.warn(`omniats: the link page does not show. Is ${location.origin} in OMNIATS_LINK_ORIGINS?`);
    }, PATIENCE);
  }

  function openLink(config) {
    if (config && config.linkToken) begin(config);
    if (!current) return;
    current.before = document.activeElement;
    current.box.hidden = false;
    if (current.modal) {
      current.overflow = document.documentElement.style.overflow;
      document.documentElement.style.overflow = "hidden";
    }
    current.frame.focus();
  }

  window.MergeLink = { initialize, openLink, update: initialize };
})();
