// SPDX-License-Identifier: MIT

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.InstanceProfileRegionProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.sts.StsClient;

/**
 * The SDK for Java v2 under test; see tests/support/program.py for the commands.
 *
 * <p>Arguments: default|instance-profile
 */
public final class Conformance {
    private final String kind;
    private AwsCredentialsProvider provider;
    private StsClient sts;

    private Conformance(String kind) {
        this.kind = kind;
        renew();
    }

    private void renew() {
        provider = kind.equals("instance-profile")
            ? InstanceProfileCredentialsProvider.create()
            : DefaultCredentialsProvider.builder().build();
        sts = null;
    }

    private Map<String, String> identity() {
        if (sts == null) {
            sts = StsClient.builder().credentialsProvider(provider).build();
        }
        var answer = sts.getCallerIdentity();
        return Map.of("arn", answer.arn(), "account", answer.account(), "user_id", answer.userId());
    }

    private Map<String, String> credentials() {
        var credentials = provider.resolveCredentials();
        var answer = new LinkedHashMap<String, String>();
        answer.put("access_key_id", credentials.accessKeyId());
        credentials.expirationTime().ifPresent(time -> answer.put("expiration", time.toString()));
        return answer;
    }

    /** What a client that was told no region uses, and the same from the instance's provider alone. */
    private Map<String, String> region() {
        return Map.of(
            "region", new DefaultAwsRegionProviderChain().getRegion().id(),
            "metadata_region", new InstanceProfileRegionProvider().getRegion().id());
    }

    private static final int PART = 5 * 1024 * 1024;

    /** As tests/support/s3_suite.py has it. */
    private static byte[] largeBody() {
        var body = new byte[11 * 1024 * 1024];
        for (int at = 0; at < body.length; at++) {
            body[at] = (byte) (at % 251);
        }
        return body;
    }

    private static void uploadInParts(S3Client s3, String bucket, String key, byte[] body) {
        String id = s3.createMultipartUpload(r -> r.bucket(bucket).key(key)).uploadId();
        var parts = new ArrayList<CompletedPart>();
        for (int from = 0; from < body.length; from += PART) {
            int number = parts.size() + 1;
            var piece = Arrays.copyOfRange(body, from, Math.min(body.length, from + PART));
            var answer = s3.uploadPart(
                r -> r.bucket(bucket).key(key).uploadId(id).partNumber(number), RequestBody.fromBytes(piece));
            parts.add(CompletedPart.builder().partNumber(number).eTag(answer.eTag()).build());
        }
        s3.completeMultipartUpload(
            r -> r.bucket(bucket).key(key).uploadId(id).multipartUpload(upload -> upload.parts(parts)));
    }

    /** Put, get, list, and an upload in parts; all of it as the SDK does it unless told otherwise. */
    private Map<String, String> s3(String bucket) throws Exception {
        try (var s3 = S3Client.builder().credentialsProvider(provider).build()) {
            s3.putObject(r -> r.bucket(bucket).key("java/text"), RequestBody.fromString("hello, world"));
            uploadInParts(s3, bucket, "java/large", largeBody());
            var large = s3.getObjectAsBytes(r -> r.bucket(bucket).key("java/large")).asByteArray();
            var sha256 = new StringBuilder();
            for (byte b : MessageDigest.getInstance("SHA-256").digest(large)) {
                sha256.append(String.format("%02x", b));
            }
            var keys = s3.listObjectsV2(r -> r.bucket(bucket).prefix("java/")).contents().stream()
                .map(object -> object.key() + ":" + object.size())
                .collect(Collectors.joining(" "));
            return Map.of(
                "text", s3.getObjectAsBytes(r -> r.bucket(bucket).key("java/text")).asUtf8String(),
                "keys", keys,
                "large_sha256", sha256.toString(),
                "large_etag", s3.headObject(r -> r.bucket(bucket).key("java/large")).eTag());
        }
    }

    private Map<String, String> run(String line) throws Exception {
        var words = List.of(line.split(" "));
        switch (words.get(0)) {
            case "s3": return s3(words.get(1));
            case "identity": return identity();
            case "credentials": return credentials();
            case "region": return region();
            case "refresh":
                renew();
                return Map.of();
            default: throw new IllegalArgumentException("unknown command " + line);
        }
    }

    private static String quoted(String text) {
        return '"' + text.chars()
            .mapToObj(c -> c < 0x20 || c == '"' || c == '\\' ? String.format("\\u%04x", c) : String.valueOf((char) c))
            .collect(Collectors.joining()) + '"';
    }

    private static void print(boolean ok, Map<String, String> fields) {
        var line = new StringBuilder("{\"ok\": " + ok);
        fields.forEach((name, value) -> line.append(", ").append(quoted(name)).append(": ").append(quoted(value)));
        System.out.println(line.append('}'));
        System.out.flush();
    }

    public static void main(String[] args) throws Exception {
        var program = new Conformance(args.length > 0 ? args[0] : "default");
        var in = new BufferedReader(new InputStreamReader(System.in));
        for (String line = in.readLine(); line != null && !line.equals("quit"); line = in.readLine()) {
            try {
                print(true, program.run(line));
            } catch (Exception e) {
                print(false, Map.of("error", e.toString()));
            }
        }
        System.exit(0);
    }
}
