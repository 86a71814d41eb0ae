import { Component, type ReactNode } from "react";
import { Button } from "react-aria-components";
import { texts } from "../language/language.ts";
import { Notice } from "./states.tsx";
import * as said from "./texts.ts";

type Props = {
  /** The address of the view: another one gets another chance. */
  readonly at: string;
  readonly children: ReactNode;
};

/** A mistake of a view ends that view and nothing else: rail and search stay, and there is a way out. */
export class FaultOf extends Component<Props, { readonly fault: Error | undefined }> {
  override state: { readonly fault: Error | undefined } = { fault: undefined };
  static getDerivedStateFromError(fault: unknown): { readonly fault: Error } {
    return { fault: fault instanceof Error ? fault : new Error(String(fault)) };
  }
  override componentDidUpdate({ at }: Props): void {
    if (this.state.fault && at !== this.props.at) this.setState({ fault: undefined });
  }
  override render(): ReactNode {
    const { fault } = this.state;
    if (!fault) return this.props.children;
    const { fault: words } = texts(said);
    return (
      <Notice
        tone="failed"
        title={words.title}
        action={
          <Button className="button" onPress={() => location.reload()}>
            {words.reload}
          </Button>
        }
      >
        <p>{words.next}</p>
        <p className="muted">
          <code>{fault.message}</code>
        </p>
      </Notice>
    );
  }
}
