import { type ReactNode, useId } from "react";
import {
  Button,
  Label,
  ListBox,
  ListBoxItem,
  Popover,
  Select,
  SelectValue,
  Text,
  TextArea,
  TextField,
} from "react-aria-components";
import { ApiError } from "../../../api.ts";
import { HubWords } from "../../../parts/hub-words.tsx";
import { OpensIcon } from "../../../parts/icons.tsx";
import { Notice } from "../../../parts/states.tsx";
import { useTexts } from "./language.ts";
import * as texts from "./texts.ts";

type Asked<T> = { readonly data: T | undefined; readonly error: Error | null; readonly refetch: () => unknown };

/** An answer, the shape of it while it is on its way, or why it is not there. An old answer stays and says that it is old. */
export function AirAnswer<T>({ of, what, children }: { of: Asked<T>; what: string; children: (data: T) => ReactNode }) {
  const t = useTexts(texts);
  const again = (
    <Button className="button" onPress={() => void of.refetch()}>
      {t.again}
    </Button>
  );
  if (of.data === undefined)
    return of.error ? (
      <Notice tone="failed" title={t.failed(what)} action={again}>
        <p>
          <Why error={of.error} />
        </p>
      </Notice>
    ) : (
      <div className="loading" role="status">
        <span className="loading-words">{t.loading}</span>
        {[72, 54, 88, 61].map((width) => (
          <span key={width} className="bar" style={{ width: `${width}%` }} />
        ))}
      </div>
    );
  return (
    <>
      {of.error && (
        <div className="air-stale" role="status">
          <span>{t.stale(what)}</span> {again}
        </div>
      )}
      {children(of.data)}
    </>
  );
}

/** Why something was not answered or not done, as the hub says it. */
export function Why({ error }: { error: Error }) {
  const t = useTexts(texts);
  return error instanceof ApiError && error.status === 0 ? t.away : <HubWords>{error.message}</HubWords>;
}

type ChoiceProps<T extends string> = {
  readonly label: string;
  readonly value: T | undefined;
  readonly options: readonly { readonly id: T; readonly name: string; readonly more?: string }[];
  readonly onChange: (value: T) => void;
  readonly hidden?: boolean;
  readonly empty?: string;
};

/** One of a few, with its label. */
export function Choice<T extends string>({ label, value, options, onChange, hidden, empty }: ChoiceProps<T>) {
  return (
    <Select
      className="air-choice"
      value={value ?? null}
      placeholder={empty ?? "–"}
      onChange={(key) => {
        const chosen = options.find((o) => o.id === key);
        if (chosen) onChange(chosen.id);
      }}
    >
      <Label className={hidden ? "hidden" : "react-aria-Label"}>{label}</Label>
      <Button className="button">
        <SelectValue>
          {({ defaultChildren }) => options.find((o) => o.id === value)?.name ?? defaultChildren}
        </SelectValue>
        <OpensIcon />
      </Button>
      <Popover className="popover" offset={4}>
        <ListBox className="list">
          {options.map((o) => (
            <ListBoxItem key={o.id} id={o.id} textValue={o.name} className="list-item">
              {o.name}
              {o.more !== undefined && <span className="muted">{o.more}</span>}
            </ListBoxItem>
          ))}
        </ListBox>
      </Popover>
    </Select>
  );
}

/** A day or a moment, in the browser's own field: every browser's calendar is one its user knows. */
export function TimeField({
  label,
  kind,
  value,
  onChange,
  max,
}: {
  label: string;
  kind: "date" | "datetime-local";
  value: string;
  onChange: (value: string) => void;
  max?: string;
}) {
  const id = useId();
  return (
    <div className="air-time">
      <label className="react-aria-Label" htmlFor={id}>
        {label}
      </label>
      <input id={id} type={kind} value={value} max={max} required onChange={(e) => onChange(e.target.value)} />
    </div>
  );
}

/** A reason that is asked for; whoever reads it later was not there. */
export function ReasonField({
  value,
  onChange,
  focus,
}: {
  value: string;
  onChange: (value: string) => void;
  focus?: boolean;
}) {
  const t = useTexts(texts);
  return (
    <TextField isRequired minLength={3} maxLength={400} value={value} onChange={onChange} autoFocus={focus ?? false}>
      <Label>{t.reason}</Label>
      <TextArea rows={3} />
      <Text slot="description" className="muted">
        {t.reasonHint}
      </Text>
    </TextField>
  );
}
