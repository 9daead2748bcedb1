package io.certcourier.leak;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.interfaces.ECPrivateKey;
import java.security.interfaces.RSAPrivateCrtKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Searches for all secrets in all their {@link Form}s at once. Of a private key only what is secret counts: the number of an EC
 * key, exponents and primes of an RSA key; so a certificate is no hit, and 16 bytes of a key are one, wherever they begin.
 */
public final class LeakSearch {

    private static final int SHORTEST = 16;

    private final Map<Form, Needles> needles = new EnumMap<>(Form.class);
    private int secrets;

    /** Where something is that must not be; names the secret, never shows it. */
    public record Hit(String place, String secret, String form) {
    }

    public LeakSearch() {
        for (Form form : Form.values()) {
            needles.put(form, new Needles(form));
        }
    }

    /** @param pkcs8 PEM, EC or RSA */
    public LeakSearch key(String name, String pkcs8) {
        byte[] der = Base64.getMimeDecoder().decode(pkcs8.replaceAll("-----[A-Z ]+-----", ""));
        try {
            var spec = new PKCS8EncodedKeySpec(der);
            if (new String(der, 0, 26, java.nio.charset.StandardCharsets.ISO_8859_1).contains("\u002a\u0086\u0048\u00ce")) {
                return ec(name, (ECPrivateKey) KeyFactory.getInstance("EC").generatePrivate(spec));
            }
            return rsa(name, (RSAPrivateCrtKey) KeyFactory.getInstance("RSA").generatePrivate(spec));
        } catch (GeneralSecurityException e) {
            throw new IllegalArgumentException(name + " is no EC and no RSA key", e);
        }
    }

    private LeakSearch ec(String name, ECPrivateKey key) {
        return secret(name, unsigned(key.getS(), (key.getParams().getOrder().bitLength() + 7) / 8));
    }

    private LeakSearch rsa(String name, RSAPrivateCrtKey key) {
        for (BigInteger part : List.of(key.getPrivateExponent(), key.getPrimeP(), key.getPrimeQ(), key.getPrimeExponentP(),
                key.getPrimeExponentQ(), key.getCrtCoefficient())) {
            secret(name, unsigned(part, (part.bitLength() + 7) / 8));
        }
        return this;
    }

    private static byte[] unsigned(BigInteger number, int length) {
        byte[] signed = number.toByteArray();
        byte[] bytes = new byte[length];
        int common = Math.min(length, signed.length);
        System.arraycopy(signed, signed.length - common, bytes, length - common, common);
        return bytes;
    }

    /** A credential that is text. */
    public LeakSearch text(String name, String secret) {
        return secret(name, secret.getBytes(UTF_8));
    }

    /** @param secret 16 bytes or more */
    public LeakSearch secret(String name, byte[] secret) {
        if (secret.length < SHORTEST) {
            throw new IllegalArgumentException(name + " is too short to be searched for");
        }
        needles.forEach((form, set) -> form.spellings(secret).forEach(spelling -> set.add(name, spelling)));
        secrets++;
        return this;
    }

    /** Text that stands beside a secret only, such as the first line of a key. Its end must be there as it is. */
    public LeakSearch mark(String text) {
        byte[] bytes = text.getBytes(US_ASCII);
        needles.get(Form.RAW).add("\"" + text + "\"", Arrays.copyOfRange(bytes, bytes.length - SHORTEST, bytes.length));
        return this;
    }

    /** How many secrets it knows; an RSA key counts as six. */
    public int secrets() {
        return secrets;
    }

    public List<Hit> in(String place, String text) {
        return in(place, text.getBytes(UTF_8));
    }

    public List<Hit> in(String place, byte[] bytes) {
        return in(place, new ByteArrayInputStream(bytes));
    }

    public List<Hit> inFile(Path file) {
        try (InputStream content = Files.newInputStream(file)) {
            return in(file.toString(), content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * All files below the folder but those the predicate leaves out. A server may be at work in it: what it deletes is gone.
     */
    public List<Hit> inFolder(Path folder, Predicate<Path> leftOut) {
        var hits = new ArrayList<Hit>();
        try {
            Files.walkFileTree(folder, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    if (attributes.isRegularFile() && !leftOut.test(file)) {
                        try (InputStream content = Files.newInputStream(file)) {
                            hits.addAll(in(file.toString(), content));
                        } catch (NoSuchFileException deleted) {
                            return FileVisitResult.CONTINUE;
                        }
                    }
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException failure) throws IOException {
                    if (failure instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw failure;
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return hits;
    }

    private List<Hit> in(String place, InputStream content) {
        Set<Hit> hits = new LinkedHashSet<>();
        List<Form> forms = List.copyOf(needles.keySet());
        var passes = new ArrayList<Needles.Pass>();
        forms.forEach(form -> passes.add(needles.get(form).new Pass()));
        byte[] buffer = new byte[1 << 16];
        try {
            for (int read = content.read(buffer); read >= 0; read = content.read(buffer)) {
                for (int form = 0; form < passes.size(); form++) {
                    search(passes.get(form), buffer, read, place, forms.get(form), hits);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return List.copyOf(hits);
    }

    private static void search(Needles.Pass pass, byte[] buffer, int length, String place, Form form, Set<Hit> hits) {
        for (int i = 0; i < length; i++) {
            String secret = pass.next(buffer[i] & 0xff);
            if (secret != null) {
                hits.add(new Hit(place, secret, form.name()));
            }
        }
    }
}
