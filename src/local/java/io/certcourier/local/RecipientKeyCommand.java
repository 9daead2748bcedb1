package io.certcourier.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.jose4j.json.JsonUtil;
import org.jose4j.jwk.EcJwkGenerator;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.keys.EllipticCurves;
import org.jose4j.lang.JoseException;

/**
 * Makes the file that certcourier.intake.recipient-keys names, a JWK set of private keys on P-256, or adds a key to it; prints
 * the public half for the producers.
 */
public final class RecipientKeyCommand {

    /** As in -Dlocal.only=recipient-key. */
    static final String NAME = "recipient-key";

    private RecipientKeyCommand() {
    }

    /** @param args the file and the new key's kid */
    public static void main(String[] args) {
        var terminal = new Terminal(System.out);
        try {
            if (args.length != 2 || args[0].isBlank() || args[1].isBlank()) {
                throw new LocalFailure("Say where the keys are and how the new one is named: "
                        + "-Dfile=recipient-keys.json -Dkid=2026-11");
            }
            Path file = Path.of(args[0]).toAbsolutePath();
            String publicJwk = add(file, args[1]);
            terminal.title("The key " + args[1] + " is in " + file
                    + ". Name the file in certcourier.intake.recipient-keys; producers encrypt to this public key:");
            terminal.line(publicJwk);
            terminal.line("");
        } catch (LocalFailure e) {
            terminal.title(e.getMessage());
            System.exit(1);
        }
    }

    /**
     * @return the public JWK
     * @throws LocalFailure the file is no JWK set, or has this kid
     */
    public static String add(Path file, String kid) {
        try {
            var key = EcJwkGenerator.generateJwk(EllipticCurves.P256);
            key.setKeyId(kid);
            key.setUse("enc");
            key.setAlgorithm("ECDH-ES+A256KW");
            List<Object> keys = new ArrayList<>(Files.exists(file) ? existing(file) : List.of());
            if (keys.stream().anyMatch(each -> each instanceof Map<?, ?> jwk && kid.equals(jwk.get("kid")))) {
                throw new LocalFailure(file + " has a key " + kid + ": choose another kid.");
            }
            keys.add(key.toParams(OutputControlLevel.INCLUDE_PRIVATE));
            OwnerOnlyFile.replace(file, JsonUtil.toJson(Map.of("keys", keys)));
            return key.toJson(OutputControlLevel.PUBLIC_ONLY);
        } catch (JoseException e) {
            throw new IllegalStateException("every Java runtime has P-256", e);
        }
    }

    private static List<?> existing(Path file) {
        try {
            if (JsonUtil.parseJson(Files.readString(file)).get("keys") instanceof List<?> keys) {
                return keys;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + file, e);
        } catch (JoseException e) { // falls through: its message would repeat the file's content
        }
        throw new LocalFailure(file + " is no JWK set and stays as it is.");
    }
}
