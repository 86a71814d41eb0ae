import { AirReport, type Session } from "@openkerb/contract";
import { useMutation } from "@tanstack/react-query";
import { Button } from "react-aria-components";
import { ask, sending } from "../../../api.ts";
import { useTexts } from "../parts/language.ts";
import { Why } from "../parts/states.tsx";
import * as texts from "./texts.ts";

type Order = { readonly site: string; readonly from: number; readonly to: number };

/** Prints the page once the hub has written down who does; when it cannot, it says so and nothing is printed. */
export function PrintButton({ order, session }: { order: Order; session: Session }) {
  const t = useTexts(texts);
  const sent = useMutation({
    mutationFn: () => ask(AirReport, "/air/reports", sending(order, session.csrf)),
    onSuccess: () => print(),
  });
  return (
    <>
      <Button className="button primary" isDisabled={sent.isPending} onPress={() => sent.mutate()}>
        {t.print}
      </Button>
      {sent.error && (
        <span role="alert">
          <Why error={sent.error} />
        </span>
      )}
    </>
  );
}
