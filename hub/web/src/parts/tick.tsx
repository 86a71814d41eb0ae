import { useEffect, useRef } from "react";
import { whole } from "../words.ts";

/** Whether this person asked for stillness. */
export const still = (): boolean => matchMedia("(prefers-reduced-motion: reduce)").matches;

/** A figure that lights up for 150 ms when it grows. */
export function Tick({ value, name }: { value: number; name: string }) {
  const ref = useRef<HTMLSpanElement>(null);
  const before = useRef(value);
  useEffect(() => {
    if (value > before.current && !still())
      ref.current?.animate([{ backgroundColor: "var(--mark)" }, { backgroundColor: "transparent" }], {
        duration: 150,
        easing: "step-end",
      });
    before.current = value;
  }, [value]);
  return (
    <span ref={ref} className="tick" data-count={name}>
      {whole(value)}
    </span>
  );
}
