import type { KnownFigures } from "@openkerb/contract";
import { hubWords } from "../hub-words/hub-words.ts";
import { useLanguage } from "../language/language.ts";

type Props = {
  readonly children: string;
  readonly figures?: KnownFigures | undefined;
  /** Reasons that people wrote stand among the words, in whatever language. */
  readonly withReasons?: boolean;
};

/** Words that come from the hub, which speaks English: translated as far as known, else marked as English. */
export function HubWords({ children, figures, withReasons }: Props) {
  const language = useLanguage();
  const { text, known } = hubWords(language, children, figures);
  if (known) return text;
  if (withReasons)
    return children
      .split("; ")
      .map((part) => hubWords(language, part).text)
      .join("；");
  return <span lang="en">{text}</span>;
}
