// SPDX-License-Identifier: MIT
// The SDK for JavaScript v3 under test; see tests/support/program.py for the commands.
//   node program.mjs default|instance-profile
import { createInterface } from "node:readline";

import { createHash } from "node:crypto";
import { Readable } from "node:stream";

import { GetObjectCommand, HeadObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { MetadataService } from "@aws-sdk/ec2-metadata-service";
import { Upload } from "@aws-sdk/lib-storage";
import { fromInstanceMetadata } from "@smithy/credential-provider-imds";

const provider = process.argv[2] ?? "default";

function newClient() {
  return new STSClient(provider === "instance-profile" ? { credentials: fromInstanceMetadata() } : {});
}

let client = newClient();

// As tests/support/s3_suite.py has it.
function largeBody() {
  return Buffer.from(Uint8Array.from({ length: 11 * 1024 * 1024 }, (_, at) => at % 251));
}

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
  // Put, get, list, and an upload in parts; all of it as the SDK does it unless told otherwise.
  async s3(Bucket) {
    const s3 = new S3Client();
    await s3.send(new PutObjectCommand({ Bucket, Key: "js/text", Body: "hello, world" }));
    const piece = Buffer.alloc(64 * 1024, "s");
    const Body = Readable.from([piece, piece, piece]);
    await s3.send(new PutObjectCommand({ Bucket, Key: "js/stream", Body, ContentLength: 3 * piece.length }));
    await new Upload({ client: s3, params: { Bucket, Key: "js/large", Body: largeBody() } }).done();
    const text = await (await s3.send(new GetObjectCommand({ Bucket, Key: "js/text" }))).Body.transformToString();
    const large = await (await s3.send(new GetObjectCommand({ Bucket, Key: "js/large" }))).Body.transformToByteArray();
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: "js/large" }));
    const list = await s3.send(new ListObjectsV2Command({ Bucket, Prefix: "js/" }));
    return {
      text,
      keys: list.Contents.map((object) => `${object.Key}:${object.Size}`).join(" "),
      large_sha256: createHash("sha256").update(large).digest("hex"),
      large_etag: head.ETag,
    };
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
    const [command, ...args] = line.split(" ");
    answer = { ok: true, ...(await commands[command](...args)) };
  } catch (error) {
    answer = { ok: false, error: `${error.name}: ${error.message}` };
  }
  console.log(JSON.stringify(answer));
}
process.exit(0);
