package io.certcourier.bridge;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import io.certcourier.deploy.Tool;

/** certbot or lego as a user runs it: with files of its own, a CA, and the hook. */
final class AcmeClient {

    private final String name;
    private final Path folder;
    private final Map<String, String> environment;
    private final List<String> issue;
    private final List<String> renew;
    private final Path fullChain;

    private AcmeClient(String name, Path folder, Map<String, String> environment, List<String> issue, List<String> renew,
            Path fullChain) {
        this.name = name;
        this.folder = folder;
        this.environment = environment;
        this.issue = issue;
        this.renew = renew;
        this.fullChain = fullChain;
    }

    static AcmeClient certbot(Path parent, PebbleCa ca, AcmeHook hook, String domain) {
        Path folder = parent.resolve("certbot").toAbsolutePath();
        var common = List.of("--non-interactive", "--server", ca.directory(), "--config-dir", folder.resolve("etc").toString(),
                "--work-dir", folder.resolve("work").toString(), "--logs-dir", folder.resolve("log").toString());
        var issue = command(List.of("certbot", "certonly"), common, List.of("--agree-tos", "--email", "ops@example.com",
                "--standalone", "--http-01-address", "127.0.0.1", "--http-01-port", Integer.toString(ca.httpPort()), "--domain",
                domain, "--deploy-hook", AcmeHook.SCRIPT.toString()));
        var renew = command(List.of("certbot", "renew"), common, List.of("--force-renewal", "--no-random-sleep-on-renew"));
        return new AcmeClient("certbot", folder, with(hook, "REQUESTS_CA_BUNDLE", ca), issue, renew,
                folder.resolve("etc/live/" + domain + "/fullchain.pem"));
    }

    static AcmeClient lego(Path parent, PebbleCa ca, AcmeHook hook, String domain) {
        Path folder = parent.resolve("lego").toAbsolutePath();
        var common = List.of("--server", ca.directory(), "--path", folder.toString(), "--accept-tos", "--email",
                "ops@example.com", "--domains", domain, "--http", "--http.port", "127.0.0.1:" + ca.httpPort());
        var issue = command(List.of("lego"), common, List.of("run", "--run-hook", AcmeHook.SCRIPT.toString()));
        var renew = command(List.of("lego"), common, List.of("renew", "--days", "3650", "--no-random-sleep", "--renew-hook",
                AcmeHook.SCRIPT.toString()));
        return new AcmeClient("lego", folder, with(hook, "LEGO_CA_CERTIFICATES", ca), issue, renew,
                folder.resolve("certificates/" + domain + ".crt"));
    }

    private static List<String> command(List<String> begin, List<String> common, List<String> end) {
        return Stream.of(begin, common, end).flatMap(List::stream).toList();
    }

    private static Map<String, String> with(AcmeHook hook, String trust, PebbleCa ca) {
        var environment = new LinkedHashMap<>(hook.environment());
        environment.put(trust, ca.root().toString());
        return environment;
    }

    Tool.Result issue() {
        return run(issue);
    }

    Tool.Result renew() {
        return run(renew);
    }

    private Tool.Result run(List<String> command) {
        try {
            return Tool.run(environment, command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** SHA-256 of the leaf that it has in its files now, in hex. */
    String fingerprint() {
        try {
            var leaf = CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(fullChain)));
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(leaf.getEncoded()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Everything it has written. */
    Path folder() {
        return folder;
    }

    @Override
    public String toString() {
        return name;
    }
}
