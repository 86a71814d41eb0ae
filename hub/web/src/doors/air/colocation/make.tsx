import { type AirChannel, instant, type Session } from "@openkerb/contract";
import { type DragEvent, useId, useState } from "react";
import { Button, Label, Radio, RadioGroup } from "react-aria-components";
import { NotDone } from "../../../parts/asked-for.tsx";
import { useNow } from "../../../parts/live.tsx";
import * as parts from "../../../parts/texts.ts";
import { air } from "../../../route.ts";
import { go } from "../../../use-route.tsx";
import { useColocate, useStations } from "../parts/air-asks.ts";
import { useLanguage, useTexts } from "../parts/language.ts";
import { channelName } from "../parts/names.ts";
import { useSpeech } from "../parts/speech.ts";
import { Choice, TimeField, Why } from "../parts/states.tsx";
import * as common from "../parts/texts.ts";
import { dayText, startOfDay } from "../parts/times.ts";
import * as texts from "./texts.ts";

const day = 86_400_000;
const largest = 8_000_000;
type Table = { readonly name: string; readonly text: string };

/** Chooses a sensor, a reference and a time, and has the hub compare them. */
export function MakeComparison({ session }: { session: Session }) {
  const t = useTexts(texts);
  const c = useTexts(common);
  const { asked } = useTexts(parts);
  const language = useLanguage();
  const now = useNow();
  const stations = useStations().data?.stations ?? [];
  const [sensor, setSensor] = useState<number>();
  const [kind, setKind] = useState<"channel" | "table">("channel");
  const [other, setOther] = useState<number>();
  const [table, setTable] = useState<Table>();
  const { offset } = useSpeech();
  const [from, setFrom] = useState(() => dayText(now - 30 * day, offset));
  const [to, setTo] = useState(() => dayText(now, offset));
  const sent = useColocate(session);
  const all = stations.flatMap((s) => s.channels.map(({ channel }) => ({ channel, place: s.name })));
  const own = all.find((a) => a.channel.id === sensor)?.channel;
  const named = (list: typeof all) =>
    list.map(({ channel, place }) => ({ id: String(channel.id), name: `${place}: ${channelName(language, channel)}` }));
  const fits = (channel: AirChannel): boolean =>
    channel.id !== own?.id && channel.metric === own?.metric && channel.unit === own?.unit;
  const [start, end] = [startOfDay(from, offset), startOfDay(to, offset) + day];
  const reference =
    kind === "channel" ? other !== undefined && { channel: other } : table && { table: table.text, name: table.name };
  const ready = sensor !== undefined && reference && start < end;
  const send = (): void => {
    if (!ready) return;
    sent
      .colocate({ sensor, reference, from: instant(start), to: instant(end) })
      .then(({ colocation }) => go(air("colocation", {}, String(colocation.id))))
      .catch(() => undefined);
  };
  return (
    <section className="make" aria-label={t.makeTitle}>
      <h2>{t.makeTitle}</h2>
      <div className="make-fields">
        <Choice
          label={t.sensor}
          value={sensor === undefined ? undefined : String(sensor)}
          empty={t.choose}
          options={named(all.filter((a) => a.channel.correction === undefined))}
          onChange={(id) => {
            setSensor(Number(id));
            setOther(undefined);
          }}
        />
        <RadioGroup className="radios" value={kind} onChange={(v) => setKind(v === "table" ? "table" : "channel")}>
          <Label>{t.reference}</Label>
          <div>
            <Radio value="channel" className="segment">
              {t.byChannel}
            </Radio>
            <Radio value="table" className="segment">
              {t.byTable}
            </Radio>
          </div>
        </RadioGroup>
        {kind === "channel" ? (
          <Choice
            label={t.which}
            value={other === undefined ? undefined : String(other)}
            empty={t.choose}
            options={named(all.filter((a) => fits(a.channel)))}
            onChange={(id) => setOther(Number(id))}
          />
        ) : (
          <TableDrop table={table} take={setTable} />
        )}
        <TimeField label={c.from} kind="date" value={from} max={dayText(now, offset)} onChange={setFrom} />
        <TimeField label={c.to} kind="date" value={to} max={dayText(now, offset)} onChange={setTo} />
        <Button className="button primary" isDisabled={!ready || sent.isPending} onPress={send}>
          {sent.isPending ? asked.sending : t.make}
        </Button>
      </div>
      {sent.error && (
        <NotDone>
          <Why error={sent.error} />
        </NotDone>
      )}
    </section>
  );
}

/** A CSV file by dropping or choosing it. What is in it is read by the hub; here only its size is looked at. */
function TableDrop({ table, take }: { table: Table | undefined; take: (table: Table | undefined) => void }) {
  const t = useTexts(texts);
  const say = useSpeech();
  const id = useId();
  const [wrong, setWrong] = useState<string>();
  const [over, setOver] = useState(false);
  const read = (file: File | undefined): void => {
    setOver(false);
    if (!file) return;
    take(undefined);
    if (file.size > largest) {
      setWrong(t.tooLarge);
      return;
    }
    file.text().then(
      (text) => {
        setWrong(undefined);
        take({ name: file.name.slice(0, 80), text });
      },
      () => setWrong(t.unreadable),
    );
  };
  const drop = (event: DragEvent): void => {
    event.preventDefault();
    read(event.dataTransfer.files[0]);
  };
  return (
    <div className="drop-field">
      <label
        htmlFor={id}
        className={over ? "drop over" : "drop"}
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <strong>{table ? t.chosen(table.name, say.count(table.text.trimEnd().split("\n").length)) : t.drop}</strong>
        <span className="muted">{t.dropHint}</span>
      </label>
      <input
        id={id}
        type="file"
        accept=".csv,text/csv"
        className="hidden"
        onChange={(e) => read(e.target.files?.[0])}
      />
      {wrong && (
        <p className="step-failed" role="alert">
          {wrong}
        </p>
      )}
    </div>
  );
}
