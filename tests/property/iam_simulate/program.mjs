// SPDX-License-Identifier: MIT
// Decides the requests on standard input with @cloud-copilot/iam-simulate, one JSON object a line; see
// iam_decide_tool.cc for their form.
import { createInterface } from "node:readline";
import { runSimulation } from "@cloud-copilot/iam-simulate";

const named = (policy, name) => ({ name, policy });
const one = (values) => (values.length === 1 ? values[0] : values);

for await (const line of createInterface({ input: process.stdin })) {
  const given = JSON.parse(line);
  const keys = Object.entries(given.keys).map(([key, values]) =>
    [key, key === "aws:TagKeys" ? values : one(values)]);
  const answer = await runSimulation({
    request: {
      principal: given.principal,
      action: given.action,
      resource: { resource: given.resource, accountId: given.resource_account },
      contextVariables: Object.fromEntries(keys),
    },
    identityPolicies: given.identity.map((policy, i) => named(policy, `p${i}`)),
    serviceControlPolicies: [],
    resourceControlPolicies: [],
    resourcePolicy: given.resource_policy,
    permissionBoundaryPolicies: given.boundary ? [named(given.boundary, "boundary")] : undefined,
    sessionPolicy: given.session,
  }, { simulationMode: "Strict" });
  console.log(answer.overallResult ?? `error ${JSON.stringify(answer.errors ?? answer)}`);
}
