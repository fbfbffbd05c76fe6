// SPDX-License-Identifier: MIT
// The SDK for JavaScript v3 under test; see tests/support/program.py for the commands.
//   node program.mjs default|instance-profile
import { createInterface } from "node:readline";

import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { MetadataService } from "@aws-sdk/ec2-metadata-service";
import { fromInstanceMetadata } from "@smithy/credential-provider-imds";

const provider = process.argv[2] ?? "default";

function newClient() {
  return new STSClient(provider === "instance-profile" ? { credentials: fromInstanceMetadata() } : {});
}

let client = newClient();

const commands = {
  async identity() {
    const answer = await client.send(new GetCallerIdentityCommand({}));
    return { arn: answer.Arn, account: answer.Account, user_id: answer.UserId };
  },
  async credentials() {
    const credentials = await client.config.credentials();
    return { access_key_id: credentials.accessKeyId, expiration: credentials.expiration?.toISOString() };
  },
  // What a client that was told no region uses, and the same from the SDK's metadata client.
  async region() {
    const metadata = await new MetadataService({}).request("/latest/meta-data/placement/region", {});
    return { region: await client.config.region(), metadata_region: metadata };
  },
  async refresh() {
    client = newClient();
    return {};
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  if (line === "quit") break;
  let answer;
  try {
    answer = { ok: true, ...(await commands[line]()) };
  } catch (error) {
    answer = { ok: false, error: `${error.name}: ${error.message}` };
  }
  console.log(JSON.stringify(answer));
}
process.exit(0);
