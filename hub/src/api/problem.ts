import { asWritten, type Problem, type Sentence, say } from "@openkerb/contract";
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { hasZodFastifySchemaValidationErrors } from "fastify-type-provider-zod";
import type { Journal } from "../journal.ts";
import { sqliteCode } from "../store/database.ts";
import { StoreFailure } from "../store/store.ts";

/** An answer that is a refusal, in words. Thrown by routes, sent by `tellProblem`. */
export class Refusal extends Error {
  override name = "Refusal";
  readonly status: number;
  readonly code: string;
  override readonly message: Sentence;
  constructor(status: number, code: string, message: Sentence) {
    super(message);
    this.message = message;
    this.status = status;
    this.code = code;
  }
}

export const notFound = (what: Sentence): Refusal => new Refusal(404, "not-found", what);

/** Turns whatever went wrong into the contract's Problem. What is our own fault is told to the journal, not outside. */
export function tellProblem(journal: Journal) {
  return (error: FastifyError | Refusal, request: FastifyRequest, reply: FastifyReply): void => {
    const [status, problem] = problemOf(error);
    if (status >= 500) journal.requestFailed(request.method, request.routeOptions.url ?? "", error);
    void reply.code(status).type("application/json; charset=utf-8").send(JSON.stringify(problem));
  };
}

function problemOf(error: FastifyError | Refusal): readonly [number, Problem] {
  if (error instanceof Refusal) return [error.status, { error: error.code, message: error.message }];
  if (hasZodFastifySchemaValidationErrors(error)) {
    const issues = error.validation.map((v) => ({
      path: v.instancePath.split("/").filter(Boolean).join("."),
      message: v.message ?? "is wrong",
    }));
    return [400, { error: "invalid", message: say("fault.question"), issues }];
  }
  if (sqliteCode(error) !== "" || error instanceof StoreFailure)
    return [
      503,
      {
        error: "store",
        message: say("fault.store"),
      },
    ];
  const status = error.statusCode ?? 500;
  if (status === 429) return [429, { error: "too-many", message: asWritten(error.message) }];
  if (status === 413) return [413, { error: "too-large", message: say("fault.too-large") }];
  if (status === 415) return [415, { error: "invalid", message: say("fault.json-only") }];
  if (status >= 400 && status < 500)
    return [status, { error: "invalid", message: say("fault.unreadable", { why: error.message }) }];
  return [
    500,
    {
      error: "fault",
      message: say("fault.hub"),
    },
  ];
}
