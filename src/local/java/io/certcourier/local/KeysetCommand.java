package io.certcourier.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;

/**
 * Makes the file that certcourier.renewal.keyset names, a Tink keyset of AES256-GCM keys, and rotates it in the three steps of
 * {@link Rotation}. It never drops a key that seals.
 */
public final class KeysetCommand {

    /** As in -Dlocal.only=keyset. */
    static final String NAME = "keyset";

    /** The steps of a rotation; between two of them every replica has to have read the file. */
    public enum Rotation {
        /** A new key that opens and does not seal yet, so that no replica meets a seal it cannot open. */
        ADD("It has a further key, which seals nothing yet. Once every replica has read the file: -Drotate=promote."),
        /** The newest key seals from now on. */
        PROMOTE("Its newest key seals from now on. Once every replica shows the same certcourier_keys_primary and "
                + "certcourier_keys_outdated 0: -Drotate=retire."),
        /** Only the key that seals stays. */
        RETIRE("It has one key, the one that seals. What older keys have sealed in backups opens no more.");

        private final String done;

        Rotation(String done) {
            this.done = done;
        }

        private KeysetHandle of(KeysetHandle keyset) throws GeneralSecurityException {
            var builder = KeysetHandle.newBuilder(keyset);
            switch (this) {
                case ADD -> builder.addEntry(
                        KeysetHandle.generateEntryFromParameters(PredefinedAeadParameters.AES256_GCM).withRandomId());
                case PROMOTE -> builder.getAt(keyset.size() - 1).makePrimary();
                case RETIRE -> {
                    for (int i = keyset.size() - 1; i >= 0; i--) {
                        if (!keyset.getAt(i).isPrimary()) {
                            builder.deleteAt(i);
                        }
                    }
                }
            }
            return builder.build();
        }
    }

    private KeysetCommand() {
    }

    /** @param args the file; and for a rotation add, promote or retire */
    public static void main(String[] args) {
        var terminal = new Terminal(System.out);
        try {
            if (args.length == 0 || args[0].isBlank()) {
                throw new LocalFailure("Say where the keyset is: -Dfile=keyset.json");
            }
            Path file = Path.of(args[0]).toAbsolutePath();
            if (args.length == 1 || args[1].isBlank()) {
                write(file);
                terminal.title("The keyset is in " + file
                        + ". Name it in certcourier.renewal.keyset; keep it apart from the database and its backups.");
            } else {
                Rotation step = step(args[1]);
                rotate(file, step);
                terminal.title("The keyset is in " + file + ". " + step.done);
            }
        } catch (LocalFailure e) {
            terminal.title(e.getMessage());
            System.exit(1);
        }
    }

    private static Rotation step(String word) {
        for (Rotation step : Rotation.values()) {
            if (step.name().equalsIgnoreCase(word)) {
                return step;
            }
        }
        throw new LocalFailure("-Drotate=" + word + " is no step of a rotation: add, promote, retire, in this order.");
    }

    /** Writes a new keyset with the permissions 0600; refuses a file that exists. */
    public static void write(Path file) {
        try {
            AeadConfig.register();
            if (!OwnerOnlyFile.create(file, json(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM)))) {
                throw new LocalFailure(file + " exists and stays as it is: what it has sealed opens with nothing else.");
            }
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has AES-GCM", e);
        }
    }

    /** Replaces the file by its next state, in one step of the file system. */
    public static void rotate(Path file, Rotation step) {
        try {
            AeadConfig.register();
            KeysetHandle keyset = TinkJsonProtoKeysetFormat.parseKeyset(Files.readString(file), InsecureSecretKeyAccess.get());
            OwnerOnlyFile.replace(file, json(step.of(keyset)));
        } catch (IOException | GeneralSecurityException e) { // without the cause: its message may repeat the file's content
            throw new LocalFailure(file + " is no keyset that can be read.");
        }
    }

    private static String json(KeysetHandle keyset) throws GeneralSecurityException {
        return TinkJsonProtoKeysetFormat.serializeKeyset(keyset, InsecureSecretKeyAccess.get());
    }
}
