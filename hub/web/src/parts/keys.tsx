import { useEffect, useRef } from "react";
import { Button, Dialog, Heading, Modal, ModalOverlay } from "react-aria-components";
import { texts } from "../language/language.ts";
import type { Route } from "../route.ts";
import { CloseIcon } from "./icons.tsx";
import { keysOf } from "./keys-of.ts";
import * as said from "./texts.ts";

/** Whether a key press is text for a field, or belongs to something that is open over the page. */
const taken = (event: KeyboardEvent): boolean => {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return true;
  const at = event.target instanceof Element ? event.target : undefined;
  if (at?.closest("input, textarea, select, [contenteditable], [role=listbox], [role=menu]")) return true;
  return document.querySelector("[role=dialog]") !== null;
};

/** Single keys for the whole page; they sleep while a person types or a dialog is open. */
export function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const act = latest.current[event.key];
      if (!act || taken(event)) return;
      event.preventDefault();
      act();
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  }, []);
}

type HelpProps = { readonly route: Route; readonly open: boolean; readonly onChange: (open: boolean) => void };

/** The keys of the page somebody is on. */
export function KeysHelp({ route, open, onChange }: HelpProps) {
  const say = texts(said).keys;
  return (
    <ModalOverlay className="overlay" isDismissable isOpen={open} onOpenChange={onChange}>
      <Modal className="modal">
        <Dialog className="dialog">
          <header className="dialog-head">
            <Heading slot="title">{say.title}</Heading>
            <Button slot="close" className="button quiet icon-only" aria-label={say.close}>
              <CloseIcon />
            </Button>
          </header>
          <div className="keys">
            {keysOf(route)
              .map((group) => say.groups[group])
              .map(([name, keys]) => (
                <section key={name}>
                  <h3>{name}</h3>
                  <dl>
                    {keys.map(([key, does]) => (
                      <div key={key}>
                        <dt>
                          <kbd>{key}</kbd>
                        </dt>
                        <dd>{does}</dd>
                      </div>
                    ))}
                  </dl>
                </section>
              ))}
          </div>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
