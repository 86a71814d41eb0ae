import { useEffect } from "react";

/** A text as CSS writes it, whatever stands in it. */
const quoted = (text: string): string => `"${text.replace(/["\\]/g, "\\$&").replace(/\s+/g, " ")}"`;

/** Says at the foot of every printed page what it is a page of: a sheet that was lost is found again. */
export function useRunningTitle(text: string): void {
  useEffect(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`@page { @bottom-left { content: ${quoted(text)} } }`);
    document.adoptedStyleSheets.push(sheet);
    return () => {
      document.adoptedStyleSheets = document.adoptedStyleSheets.filter((one) => one !== sheet);
    };
  }, [text]);
}
