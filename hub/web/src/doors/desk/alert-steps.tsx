import { type AlertDetail, type AlertStep, instant, PersonName, type Session } from "@openkerb/contract";
import { type FormEvent, useEffect, useRef, useState } from "react";
import {
  Button,
  Dialog,
  DialogTrigger,
  Form,
  Heading,
  Label,
  ListBox,
  ListBoxItem,
  Modal,
  ModalOverlay,
  Popover,
  Radio,
  RadioGroup,
  Select,
  SelectValue,
  TextArea,
  TextField,
} from "react-aria-components";
import { hubNow } from "../../api.ts";
import { texts } from "../../language/language.ts";
import { useNow } from "../../parts/live.tsx";
import { usePeople, useStep } from "../../queries.ts";
import { standing } from "../../queue.ts";
import { clock } from "../../words.ts";
import type { Wish } from "./desk.tsx";
import * as said from "./texts.ts";

type Props = { readonly detail: AlertDetail; readonly session: Session; readonly wish: Wish | undefined };
type Open = "shelve" | "close" | "note" | undefined;

/** What a person can do to an alert, and what came of it in words. */
export function AlertSteps({ detail: { alert }, session, wish }: Props) {
  const now = useNow();
  const step = useStep(alert.id, session);
  const [open, setOpen] = useState<Open>(undefined);
  const at = standing(alert, now);
  const done = useRef(wish?.number);
  const act = (what: AlertStep): void => step.mutate(what, { onSuccess: () => setOpen(undefined) });
  const say = texts(said).steps;
  const canAcknowledge = !alert.acknowledged && at !== "closed";

  // biome-ignore lint/correctness/useExhaustiveDependencies: a wish is granted once, when it is made
  useEffect(() => {
    if (!wish || wish.number === done.current) return;
    done.current = wish.number;
    if (wish.do === "acknowledge" && canAcknowledge) act({ do: "acknowledge" });
    if (wish.do === "shelve" && at !== "closed" && at !== "shelved") setOpen("shelve");
  }, [wish]);

  if (at === "closed") return <p className="steps-closed muted">{say.closed}</p>;
  return (
    <div className="steps-box">
      <div className="steps" role="toolbar" aria-label={say.name}>
        {canAcknowledge ? (
          <Button className="button primary" onPress={() => act({ do: "acknowledge" })} isDisabled={step.isPending}>
            {say.acknowledge}{" "}
            <span className="kbd" aria-hidden="true">
              a
            </span>
          </Button>
        ) : (
          <span className="seen">{say.seenBy(alert.acknowledged?.by ?? "")}</span>
        )}
        <Assign assignee={alert.assignee} me={session.person} act={act} />
        {at === "shelved" ? (
          <Button className="button" onPress={() => act({ do: "unshelve" })}>
            {say.unshelve}
          </Button>
        ) : (
          <Button className="button" onPress={() => setOpen("shelve")}>
            {say.shelve}{" "}
            <span className="kbd" aria-hidden="true">
              s
            </span>
          </Button>
        )}
        <Button className="button" onPress={() => setOpen("note")}>
          {say.note}
        </Button>
        <Button className="button" onPress={() => setOpen("close")}>
          {say.close}
        </Button>
      </div>
      {step.error && (
        <p className="step-failed" role="alert">
          {say.notDone(step.error.message)}
        </p>
      )}
      <DialogTrigger isOpen={open !== undefined} onOpenChange={(is) => !is && setOpen(undefined)}>
        <ModalOverlay className="overlay" isDismissable>
          <Modal className="modal narrow">
            <Dialog className="dialog">
              {open === "shelve" && <ShelveForm act={act} failed={step.error} pending={step.isPending} />}
              {open === "note" && (
                <WordsForm
                  title={say.addNote}
                  label={say.noteLabel}
                  button={say.noteButton}
                  limit={400}
                  pending={step.isPending}
                  failed={step.error}
                  say={(text) => act({ do: "note", text })}
                />
              )}
              {open === "close" && (
                <WordsForm
                  title={say.closeTitle}
                  label={say.closeLabel}
                  hint={alert.condition === "active" ? say.stillThere : say.isOver}
                  button={say.closeButton}
                  limit={200}
                  pending={step.isPending}
                  failed={step.error}
                  say={(reason) => act({ do: "close", reason })}
                />
              )}
            </Dialog>
          </Modal>
        </ModalOverlay>
      </DialogTrigger>
    </div>
  );
}

function Assign({
  assignee,
  me,
  act,
}: {
  assignee: string | undefined;
  me: string | undefined;
  act: (step: AlertStep) => void;
}) {
  const people = usePeople().data ?? [];
  const all = [...new Set([...(me ? [me] : []), ...people, ...(assignee ? [assignee] : [])])];
  const nobody = "";
  const say = texts(said).steps;
  return (
    <Select
      className="select"
      value={assignee ?? nobody}
      onChange={(key) => act({ do: "assign", to: key === nobody ? null : PersonName.parse(key) })}
    >
      <Label className="hidden">{say.assignedTo}</Label>
      <Button className="button">
        <SelectValue>{() => (assignee ? say.with(assignee) : say.assign)}</SelectValue>
        <svg aria-hidden="true" viewBox="0 0 12 12" width="12" height="12" className="icon">
          <path d="M2.5 4.5L6 8l3.5-3.5" />
        </svg>
      </Button>
      <Popover className="popover" offset={4}>
        <ListBox className="list">
          {all.map((person) => (
            <ListBoxItem key={person} id={person} textValue={person} className="list-item">
              {person === me ? say.you(person) : person}
            </ListBoxItem>
          ))}
          <ListBoxItem id={nobody} textValue={say.nobody} className="list-item">
            {say.nobody}
          </ListBoxItem>
        </ListBox>
      </Popover>
    </Select>
  );
}

const hour = 3_600_000;
const shelves = ["1", "4", "24", "168"] as const;

type FormProps = { readonly pending: boolean; readonly failed: Error | null };

function ShelveForm({ act, pending, failed }: FormProps & { act: (step: AlertStep) => void }) {
  const [hours, setHours] = useState("4");
  const [reason, setReason] = useState("");
  const say = texts(said).steps;
  const until = hubNow() + Number(hours) * hour;
  const send = (event: FormEvent): void => {
    event.preventDefault();
    act({ do: "shelve", until: instant(until), reason: reason.trim() });
  };
  return (
    <Form onSubmit={send}>
      <Heading slot="title">{say.shelveTitle}</Heading>
      <p className="muted">{say.comesBack(clock(until, hubNow()))}</p>
      <RadioGroup value={hours} onChange={setHours} className="radios">
        <Label>{say.for}</Label>
        <div>
          {shelves.map((key) => (
            <Radio key={key} value={key} className="segment">
              {say.shelfTimes[key]}
            </Radio>
          ))}
        </div>
      </RadioGroup>
      <TextField isRequired maxLength={200} value={reason} onChange={setReason} autoFocus>
        <Label>{say.why}</Label>
        <TextArea rows={2} />
      </TextField>
      <FormEnd button={say.shelve} pending={pending} failed={failed} ready={reason.trim() !== ""} />
    </Form>
  );
}

function WordsForm(
  props: FormProps & {
    title: string;
    label: string;
    button: string;
    limit: number;
    hint?: string;
    say: (text: string) => void;
  },
) {
  const [text, setText] = useState("");
  const send = (event: FormEvent): void => {
    event.preventDefault();
    props.say(text.trim());
  };
  return (
    <Form onSubmit={send}>
      <Heading slot="title">{props.title}</Heading>
      {props.hint && <p className="muted">{props.hint}</p>}
      <TextField isRequired maxLength={props.limit} value={text} onChange={setText} autoFocus>
        <Label>{props.label}</Label>
        <TextArea rows={3} />
      </TextField>
      <FormEnd button={props.button} pending={props.pending} failed={props.failed} ready={text.trim() !== ""} />
    </Form>
  );
}

function FormEnd({ button, pending, failed, ready }: FormProps & { button: string; ready: boolean }) {
  const say = texts(said).steps;
  return (
    <>
      {failed && (
        <p className="step-failed" role="alert">
          {say.notDone(failed.message)}
        </p>
      )}
      <div className="dialog-end">
        <Button slot="close" className="button">
          {say.cancel}
        </Button>
        <Button type="submit" className="button primary" isDisabled={!ready || pending}>
          {pending ? say.sending : button}
        </Button>
      </div>
    </>
  );
}
