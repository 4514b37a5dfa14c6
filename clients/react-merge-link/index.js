import { useCallback, useEffect, useState } from "react";

const scripts = new Map(); // by the address of omniats: the promise of its script

function load(home) {
  if (!scripts.has(home)) {
    const script = document.createElement("script");
    script.src = `${home}/initialize.js`;
    const loaded = new Promise((resolve, reject) => {
      script.onload = () => resolve(window.MergeLink);
      script.onerror = (event) => {
        scripts.delete(home); // the next one tries again
        reject(event);
      };
    });
    scripts.set(home, loaded);
    document.head.append(script);
  }
  return scripts.get(home);
}

export function useMergeLink(props) {
  const home = new URL(props.tenantConfig.apiBaseURL).origin;
  const [link, setLink] = useState(null);
  const [error, setError] = useState(null);
  const [readyToken, setReadyToken] = useState(null); // the link token whose page is there
  const { linkToken } = props;

  useEffect(() => {
    load(home).then(setLink, setError);
  }, [home]);
  useEffect(() => {
    if (link && linkToken) link.initialize({ ...props, onReady: () => setReadyToken(linkToken) });
  });
  const open = useCallback(() => link && link.openLink(props), [link, props]);

  return { open, isReady: Boolean(linkToken) && readyToken === linkToken, error };
}
