import { Login as LoginWords, type Session } from "@openkerb/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button, Form, Input, Label, TextField } from "react-aria-components";
import { api } from "../api.ts";
import { texts } from "../language/language.ts";
import { HubWords } from "../parts/hub-words.tsx";
import { Link } from "../use-route.tsx";
import * as said from "./texts.ts";

/** The way in for people with a role. The open page needs none, and this page says so. */
export function Login({ session }: { session: Session }) {
  const queries = useQueryClient();
  const [person, setPerson] = useState("");
  const [password, setPassword] = useState("");
  const login = useMutation({
    mutationFn: (given: LoginWords) => api.login(given, session.csrf),
    onSuccess: async (opened) => {
      queries.setQueryData(["session"], opened);
      await queries.invalidateQueries();
    },
  });
  const send = (event: FormEvent): void => {
    event.preventDefault();
    const given = LoginWords.safeParse({ person: person.trim().toLowerCase(), password });
    if (given.success) login.mutate(given.data);
  };
  const fits = LoginWords.safeParse({ person: person.trim().toLowerCase(), password }).success;
  const say = texts(said);
  return (
    <div className="pane login">
      <h1>{say.logIn}</h1>
      <p className="muted">{say.forWhom(session.city)}</p>
      <Form onSubmit={send}>
        <TextField isRequired value={person} onChange={setPerson} autoComplete="username" autoFocus>
          <Label>{say.name}</Label>
          <Input autoCapitalize="none" spellCheck="false" />
        </TextField>
        <TextField isRequired type="password" value={password} onChange={setPassword} autoComplete="current-password">
          <Label>{say.password}</Label>
          <Input />
        </TextField>
        {login.error && (
          <p className="step-failed" role="alert">
            <HubWords>{login.error.message}</HubWords>
          </p>
        )}
        <Button type="submit" className="button primary" isDisabled={!fits || login.isPending}>
          {login.isPending ? say.loggingIn : say.logIn}
        </Button>
      </Form>
      <p className="muted">
        {say.looking} <Link to={{ door: "open", site: undefined }}>{say.noLogin}</Link>
      </p>
    </div>
  );
}
