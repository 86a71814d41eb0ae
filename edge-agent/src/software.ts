import about from "../package.json" with { type: "json" };

/** What birth and the provenance of the agent's own events call this program. */
export const software = `openkerb-agent ${about.version}`;
export const agentSource = `agent:openkerb@${about.version}`;
