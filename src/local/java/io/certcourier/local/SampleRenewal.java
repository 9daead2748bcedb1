package io.certcourier.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

import org.apache.kafka.clients.producer.ProducerRecord;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** One cert-renewed event, as a producer would make it. */
final class SampleRenewal {

    /** Where it goes: service and project, as an account's allow list spells them. */
    static final List<String> TARGETS = List.of("CDN", "ELB@cn-north-4", "WAF@cn-north-4");
    private static final String SOURCE = "urn:certcourier:local";
    private static final String DEFAULT_NAME = "www.example.com";

    private final String name;
    private final String eventId;
    private final SampleCertificate certificate;

    private SampleRenewal(String name, String eventId, SampleCertificate certificate) {
        this.name = name;
        this.eventId = eventId;
        this.certificate = certificate;
    }

    /** From the chosen PEM files, or from a new certificate. */
    static SampleRenewal from(PlatformSettings settings) {
        SampleCertificate certificate = settings.own().map(SampleRenewal::read)
                .orElseGet(() -> SampleCertificate.forName(dnsName(settings.name().orElse(DEFAULT_NAME))));
        X509Certificate leaf = leafOf(certificate.leafPem());
        try {
            String name = settings.name().or(() -> dnsName(leaf)).orElse(DEFAULT_NAME);
            return new SampleRenewal(name, name + ":" + Digests.sha256Hex(leaf.getEncoded()), certificate);
        } catch (CertificateException e) {
            throw new IllegalStateException(e); // just parsed
        }
    }

    String name() {
        return name;
    }

    /** The renewal's identity, as any producer can compute it: UUID version 8 of SHA-256(source, line feed, event id). */
    UUID renewalId() {
        return renewalId(SOURCE, eventId);
    }

    static UUID renewalId(String source, String key) {
        ByteBuffer hash = ByteBuffer.wrap(Digests.sha256((source + "\n" + key).getBytes(UTF_8)));
        long high = hash.getLong() & ~0xF000L | 0x8000L;
        long low = hash.getLong() & 0x3FFFFFFFFFFFFFFFL | 0x8000000000000000L;
        return new UUID(high, low);
    }

    /** A CloudEvent in binary mode. The key travels in clear, which the service takes in its profiles dev and local only. */
    ProducerRecord<String, byte[]> record() {
        var record = new ProducerRecord<>("cert-renewed", name, data());
        var headers = new LinkedHashMap<String, String>(Map.of("content-type", "application/json"));
        headers.put("ce_specversion", "1.0");
        headers.put("ce_type", "io.certcourier.certificate.renewed.v1");
        headers.put("ce_source", SOURCE);
        headers.put("ce_id", eventId);
        headers.put("ce_time", Instant.now().toString());
        headers.put("ce_subject", name);
        headers.put("ce_partitionkey", name);
        headers.put("ce_dataclassification", "restricted");
        headers.forEach((header, value) -> record.headers().add(header, value.getBytes(UTF_8)));
        return record;
    }

    /** Writes fullchain.pem and privkey.pem, for events one sends oneself. */
    void writePem(Path folder) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve("fullchain.pem"), certificate.leafPem() + certificate.chainPem());
            Path key = folder.resolve("privkey.pem");
            Files.deleteIfExists(key);
            Files.createFile(key, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.writeString(key, certificate.keyPem());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write to " + folder, e);
        }
    }

    private byte[] data() {
        var json = new ObjectMapper();
        ObjectNode data = json.createObjectNode().put("certificateName", name).put("certificatePem", certificate.leafPem());
        if (!certificate.chainPem().isEmpty()) {
            data.put("chainPem", certificate.chainPem());
        }
        data.put("privateKeyPem", certificate.keyPem()).put("reason", "renewal").put("requestedBy", "local run");
        var targets = data.putArray("targets");
        for (String target : TARGETS) {
            String[] parts = target.split("@");
            ObjectNode node = targets.addObject().put("service", parts[0]);
            if (parts.length > 1) {
                node.put("project", parts[1]);
            }
        }
        try {
            return json.writeValueAsBytes(data);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Certificate names often say who owns the site first: shop/www.example.com. */
    private static String dnsName(String certificateName) {
        return certificateName.substring(certificateName.lastIndexOf('/') + 1);
    }

    private static SampleCertificate read(PlatformSettings.OwnFiles files) {
        try {
            String chain = files.chain().isPresent() ? Files.readString(files.chain().get()) : "";
            return new SampleCertificate(Files.readString(files.certificate()), chain, Files.readString(files.key()));
        } catch (IOException e) {
            throw new LocalFailure("A PEM file cannot be read as text: " + e.getMessage() + ".");
        }
    }

    private static X509Certificate leafOf(String pem) {
        try {
            return (X509Certificate) CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(pem.getBytes(UTF_8)));
        } catch (CertificateException e) {
            throw new LocalFailure(
                    "The file of -Dcert holds no certificate: give PEM with a CERTIFICATE block, the leaf first.");
        }
    }

    private static Optional<String> dnsName(X509Certificate leaf) {
        try {
            return Optional.ofNullable(leaf.getSubjectAlternativeNames()).stream().flatMap(Collection::stream)
                    .filter(entry -> Integer.valueOf(2).equals(entry.get(0))).map(entry -> (String) entry.get(1)).findFirst();
        } catch (CertificateException e) {
            return Optional.empty(); // an odd extension: the service will say what it thinks of it
        }
    }
}
