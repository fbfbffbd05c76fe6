// SPDX-License-Identifier: MIT

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import com.amazonaws.auth.AWSCredentialsProvider;
import com.amazonaws.auth.DefaultAWSCredentialsProviderChain;
import com.amazonaws.auth.InstanceProfileCredentialsProvider;
import com.amazonaws.client.builder.AwsClientBuilder.EndpointConfiguration;
import com.amazonaws.regions.DefaultAwsRegionProviderChain;
import com.amazonaws.regions.InstanceMetadataRegionProvider;
import com.amazonaws.services.securitytoken.AWSSecurityTokenService;
import com.amazonaws.services.securitytoken.AWSSecurityTokenServiceClientBuilder;
import com.amazonaws.services.securitytoken.model.GetCallerIdentityRequest;

/**
 * The SDK for Java v1 under test; see tests/support/program.py for the commands.
 *
 * <p>Arguments: default|instance-profile, the URL of STS and its region (this SDK does not know
 * AWS_ENDPOINT_URL)
 */
public final class Conformance {
    private final AWSCredentialsProvider provider;
    private final AWSSecurityTokenService sts;

    private Conformance(String kind, EndpointConfiguration endpoint) {
        provider = kind.equals("instance-profile")
            ? InstanceProfileCredentialsProvider.getInstance()
            : new DefaultAWSCredentialsProviderChain();
        sts = AWSSecurityTokenServiceClientBuilder.standard()
            .withCredentials(provider)
            .withEndpointConfiguration(endpoint)
            .build();
    }

    private Map<String, String> identity() {
        var answer = sts.getCallerIdentity(new GetCallerIdentityRequest());
        return Map.of("arn", answer.getArn(), "account", answer.getAccount(), "user_id", answer.getUserId());
    }

    private Map<String, String> credentials() {
        return Map.of("access_key_id", provider.getCredentials().getAWSAccessKeyId());
    }

    /** What a client that was told no region uses, and the same from the instance's provider alone. */
    private Map<String, String> region() {
        return Map.of(
            "region", new DefaultAwsRegionProviderChain().getRegion(),
            "metadata_region", new InstanceMetadataRegionProvider().getRegion());
    }

    private Map<String, String> run(String command) {
        switch (command) {
            case "identity": return identity();
            case "credentials": return credentials();
            case "region": return region();
            case "refresh":
                provider.refresh();
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
        var program = new Conformance(args[0], new EndpointConfiguration(args[1], args[2]));
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
