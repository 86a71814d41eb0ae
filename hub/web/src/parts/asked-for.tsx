import type { ReactNode } from "react";
import { Button, Dialog, Form, Heading, Modal, ModalOverlay } from "react-aria-components";
import { texts } from "../language/language.ts";
import * as said from "./texts.ts";

/** What was asked of the hub and not done, and why. */
export const NotDone = ({ children }: { children: ReactNode }) => (
  <p className="step-failed" role="alert">
    {texts(said).asked.notDone}
    {children}
  </p>
);

type Props = {
  readonly open: boolean;
  readonly title: string;
  readonly button: string;
  /** What is filled in can be sent. */
  readonly ready: boolean;
  readonly pending: boolean;
  /** Why it was refused. */
  readonly failed: ReactNode;
  readonly send: () => void;
  readonly close: () => void;
  readonly children: ReactNode;
};

/** A question over the page with its answer: sent, refused with the reason, or left. */
export function AskedFor({ open, title, button, ready, pending, failed, send, close, children }: Props) {
  const say = texts(said).asked;
  return (
    <ModalOverlay className="overlay" isDismissable isOpen={open} onOpenChange={(is) => !is && close()}>
      <Modal className="modal narrow">
        <Dialog className="dialog">
          <Form
            onSubmit={(event) => {
              event.preventDefault();
              if (ready && !pending) send();
            }}
          >
            <Heading slot="title">{title}</Heading>
            {children}
            {failed && <NotDone>{failed}</NotDone>}
            <div className="dialog-end">
              <Button className="button" onPress={close}>
                {say.cancel}
              </Button>
              <Button type="submit" className="button primary" isDisabled={!ready || pending}>
                {pending ? say.sending : button}
              </Button>
            </div>
          </Form>
        </Dialog>
      </Modal>
    </ModalOverlay>
  );
}
