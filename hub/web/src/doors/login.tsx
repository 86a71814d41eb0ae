import { Login as LoginWords, type Session } from "@openkerb/contract";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Button, Form, Input, Label, TextField } from "react-aria-components";
import { api } from "../api.ts";
import { Link } from "../use-route.tsx";

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
  return (
    <div className="pane login">
      <h1>Log in</h1>
      <p className="muted">For operators and technicians of {session.city}.</p>
      <Form onSubmit={send}>
        <TextField isRequired value={person} onChange={setPerson} autoComplete="username" autoFocus>
          <Label>Name</Label>
          <Input autoCapitalize="none" spellCheck="false" />
        </TextField>
        <TextField isRequired type="password" value={password} onChange={setPassword} autoComplete="current-password">
          <Label>Password</Label>
          <Input />
        </TextField>
        {login.error && (
          <p className="step-failed" role="alert">
            {login.error.message}
          </p>
        )}
        <Button type="submit" className="button primary" isDisabled={!fits || login.isPending}>
          {login.isPending ? "Logging in…" : "Log in"}
        </Button>
      </Form>
      <p className="muted">
        Looking for what is measured in your street?{" "}
        <Link to={{ door: "open", site: undefined }}>No login is needed</Link>.
      </p>
    </div>
  );
}
