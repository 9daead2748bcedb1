package io.certcourier.bridge;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import io.certcourier.certificate.IssuedCertificate;
import io.certcourier.deploy.Tool;
import io.certcourier.intake.Recipient;

/** An installation of the hook in a folder of its own: settings, recipient key, spool. */
final class AcmeHook {

    static final Path SCRIPT = Path.of("deploy", "bridges", "acme", "cert-renewed-emit.sh").toAbsolutePath();
    static final String SOURCE = "urn:test:hook";

    private final Path folder;
    private final Recipient recipient;
    private final Map<String, String> settings = new LinkedHashMap<>();
    private final Map<String, String> environment = new LinkedHashMap<>();

    private AcmeHook(Path folder, Recipient recipient) {
        this.folder = folder.toAbsolutePath();
        this.recipient = recipient;
    }

    /** @param kcat lines of kcat.conf */
    static AcmeHook in(Path folder, Recipient recipient, String kcat) {
        var hook = new AcmeHook(folder, recipient);
        hook.write("recipient.jwk", recipient.publicJwk());
        hook.write("kcat.conf", kcat);
        hook.environment.put("CERTCOURIER_EMIT_CONF", hook.folder.resolve("emit.conf").toString());
        return hook.with("kafka-config", hook.folder.resolve("kcat.conf").toString())
                .with("recipient-key", hook.folder.resolve("recipient.jwk").toString())
                .with("spool", hook.spool().toString()).with("source", SOURCE);
    }

    /** Skips the calling test where a tool is missing that it needs beyond kcat and a base installation. */
    static void assumeTools() {
        List.of("openssl", "jq", "jose").forEach(Tool::assumeInstalled);
    }

    AcmeHook with(String key, String value) {
        settings.put(key, value);
        var lines = new ArrayList<String>();
        settings.forEach((name, set) -> lines.add(name + "=" + set));
        write("emit.conf", String.join("\n", lines) + "\n");
        return this;
    }

    /** For all calls from now on. */
    AcmeHook withEnvironment(String name, String value) {
        environment.put(name, value);
        return this;
    }

    Path spool() {
        return folder.resolve("spool");
    }

    Map<String, String> environment() {
        return environment;
    }

    /** The private half of what the hook encrypts to. */
    Path recipientKeys() {
        return recipient.fileIn(folder);
    }

    Path write(String file, String content) {
        try {
            return Files.writeString(folder.resolve(file), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Calls it by hand for this certificate, with the key in the container that lego writes. */
    Tool.Result emit(String name, IssuedCertificate certificate, String... more) {
        var arguments = new ArrayList<>(List.of("--name", name, "--cert", fullChain(certificate), "--key", key(certificate)));
        arguments.addAll(List.of(more));
        return call(Map.of(), arguments.toArray(String[]::new));
    }

    String fullChain(IssuedCertificate certificate) {
        return write("fullchain.pem", certificate.fullChainPem()).toString();
    }

    String key(IssuedCertificate certificate) {
        return write("privkey.pem", certificate.traditionalKeyPem()).toString();
    }

    Tool.Result flush() {
        return call(Map.of(), "--flush");
    }

    /** @param client what an ACME client adds to the environment */
    Tool.Result call(Map<String, String> client, String... arguments) {
        var command = new ArrayList<>(List.of(SCRIPT.toString()));
        command.addAll(List.of(arguments));
        var variables = new LinkedHashMap<>(environment);
        variables.putAll(client);
        try {
            return Tool.run(variables, command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** The events that wait, by file name. */
    List<Path> spooled() {
        if (!Files.exists(spool())) {
            return List.of();
        }
        try (var files = Files.list(spool())) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
