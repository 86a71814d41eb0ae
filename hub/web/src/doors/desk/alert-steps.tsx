import { type AlertDetail, type AlertStep, instant, PersonName, type Session } from "@openkerb/contract";
import { type ReactNode, useState } from "react";
import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
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
import { AskedFor, NotDone } from "../../parts/asked-for.tsx";
import { HubWords } from "../../parts/hub-words.tsx";
import { OpensIcon } from "../../parts/icons.tsx";
import { useKeys } from "../../parts/keys.tsx";
import { useNow } from "../../parts/live.tsx";
import { usePeople, useStep } from "../../queries.ts";
import { standing } from "../../queue.ts";
import { clock } from "../../words.ts";
import * as said from "./texts.ts";

type Props = { readonly detail: AlertDetail; readonly session: Session };
type Open = "shelve" | "close" | "note" | undefined;

/** What a person can do to an alert, and what came of it in words. */
export function AlertSteps({ detail: { alert }, session }: Props) {
  const now = useNow();
  const step = useStep(alert.id, session);
  const [open, setOpen] = useState<Open>(undefined);
  const at = standing(alert, now);
  const act = (what: AlertStep): void => step.mutate(what, { onSuccess: () => setOpen(undefined) });
  const say = texts(said).steps;
  const canAcknowledge = !alert.acknowledged && at !== "closed";

  useKeys({
    a: () => canAcknowledge && act({ do: "acknowledge" }),
    s: () => at !== "closed" && at !== "shelved" && setOpen("shelve"),
  });
  const form = {
    pending: step.isPending,
    failed: step.error && <HubWords>{step.error.message}</HubWords>,
    close: () => setOpen(undefined),
  };
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
        <NotDone>
          <HubWords>{step.error.message}</HubWords>
        </NotDone>
      )}
      {open === "shelve" && <ShelveForm act={act} {...form} />}
      {open === "note" && (
        <WordsForm
          title={say.addNote}
          label={say.noteLabel}
          button={say.noteButton}
          limit={400}
          say={(text) => act({ do: "note", text })}
          {...form}
        />
      )}
      {open === "close" && (
        <WordsForm
          title={say.closeTitle}
          label={say.closeLabel}
          hint={alert.condition === "active" ? say.stillThere : say.isOver}
          button={say.closeButton}
          limit={200}
          say={(reason) => act({ do: "close", reason })}
          {...form}
        />
      )}
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
        <OpensIcon />
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

type FormProps = { readonly pending: boolean; readonly failed: ReactNode; readonly close: () => void };

function ShelveForm({ act, ...asked }: FormProps & { act: (step: AlertStep) => void }) {
  const [hours, setHours] = useState("4");
  const [reason, setReason] = useState("");
  const say = texts(said).steps;
  const until = hubNow() + Number(hours) * hour;
  return (
    <AskedFor
      open
      title={say.shelveTitle}
      button={say.shelve}
      ready={reason.trim() !== ""}
      send={() => act({ do: "shelve", until: instant(until), reason: reason.trim() })}
      {...asked}
    >
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
    </AskedFor>
  );
}

type WordsProps = FormProps & {
  readonly title: string;
  readonly label: string;
  readonly button: string;
  readonly limit: number;
  readonly hint?: string;
  readonly say: (text: string) => void;
};

function WordsForm({ label, limit, hint, say, ...asked }: WordsProps) {
  const [text, setText] = useState("");
  return (
    <AskedFor open ready={text.trim() !== ""} send={() => say(text.trim())} {...asked}>
      {hint && <p className="muted">{hint}</p>}
      <TextField isRequired maxLength={limit} value={text} onChange={setText} autoFocus>
        <Label>{label}</Label>
        <TextArea rows={3} />
      </TextField>
    </AskedFor>
  );
}
