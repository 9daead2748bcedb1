package io.certcourier.bench;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;

import io.certcourier.certificate.IssuedCertificate;
import io.certcourier.certificate.TestCa;
import io.certcourier.flow.TestEvent;
import io.certcourier.intake.Recipient;

/**
 * A renewed certificate: made once, delivered by every contestant in every run, into an account that is emptied in between.
 *
 * @param leafPem without a line break at its end, as SCM wants it; so are chain and key
 * @param event the same for the service, its private key encrypted
 */
record Sample(String name, String leafPem, String chainPem, String keyPem, TestEvent event) {

    /** Distinct certificates of distinct names. */
    static List<Sample> issue(int count, Recipient recipient) {
        var ca = TestCa.create();
        return IntStream.range(0, count).parallel().mapToObj(i -> of("bench-%06d.example.com".formatted(i), ca, recipient))
                .toList();
    }

    private static Sample of(String name, TestCa ca, Recipient recipient) {
        IssuedCertificate issued = ca.issue(name);
        var event = TestEvent.of(name, issued).with("privateKeyPem", null)
                .with("privateKeyJwe", recipient.encrypt(issued.keyPem()));
        return new Sample(name, issued.leafPem().strip(), issued.chainPem().strip(), issued.keyPem().strip(), event);
    }

    /** An old one that nobody sends. */
    static Sample old() {
        var issued = TestCa.create().issue("old.example.com");
        return new Sample("old.example.com", issued.leafPem().strip(), issued.chainPem().strip(), issued.keyPem().strip(),
                null);
    }

    UUID renewalId() {
        return event.renewalId();
    }

    TestEvent eventFor(List<String> targets) {
        return event.with("targets", TestEvent.targets(targets.toArray(String[]::new)));
    }

    /** For the clients that take their events from memory. */
    static Path write(Path file, List<Sample> samples) {
        try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            out.writeInt(samples.size());
            for (var sample : samples) {
                out.writeUTF(sample.name);
                out.writeUTF(sample.leafPem);
                out.writeUTF(sample.chainPem);
                out.writeUTF(sample.keyPem);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Without events. */
    static List<Sample> read(Path file) {
        try (var in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
            int count = in.readInt();
            var samples = new ArrayList<Sample>(count);
            for (int i = 0; i < count; i++) {
                samples.add(new Sample(in.readUTF(), in.readUTF(), in.readUTF(), in.readUTF(), null));
            }
            return samples;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
