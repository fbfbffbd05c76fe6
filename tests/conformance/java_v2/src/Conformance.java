// SPDX-License-Identifier: MIT

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.InstanceProfileCredentialsProvider;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.InstanceProfileRegionProvider;
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

    private Map<String, String> run(String command) {
        switch (command) {
            case "identity": return identity();
            case "credentials": return credentials();
            case "region": return region();
            case "refresh":
                renew();
                return Map.of();
            default: throw new IllegalArgumentException("unknown command " + command);
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
