package io.certcourier.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig;
import com.google.crypto.tink.aead.PredefinedAeadParameters;

/**
 * Makes the file that certcourier.renewal.keyset names: a Tink keyset of one AES256-GCM key, readable by its owner only. It
 * never replaces one: the keys that the old one has sealed would be lost.
 */
public final class KeysetCommand {

    /** As in -Dlocal.only=keyset. */
    static final String NAME = "keyset";

    private KeysetCommand() {
    }

    /** @param args the file to make */
    public static void main(String[] args) {
        var terminal = new Terminal(System.out);
        try {
            if (args.length != 1 || args[0].isBlank()) {
                throw new LocalFailure("Say where the keyset goes: -Dfile=keyset.json");
            }
            Path file = Path.of(args[0]).toAbsolutePath();
            write(file);
            terminal.title("The keyset is in " + file
                    + ". Name it in certcourier.renewal.keyset; keep it apart from the database and its backups.");
        } catch (LocalFailure e) {
            terminal.title(e.getMessage());
            System.exit(1);
        }
    }

    /** Writes a new keyset with the permissions 0600; refuses a file that exists. */
    public static void write(Path file) {
        var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
        try {
            String json = newKeyset();
            Files.createFile(file, ownerOnly);
            Files.writeString(file, json);
        } catch (FileAlreadyExistsException e) {
            throw new LocalFailure(file + " exists and stays as it is: what it has sealed opens with nothing else.");
        } catch (IOException e) {
            throw new UncheckedIOException("cannot write " + file, e);
        }
    }

    private static String newKeyset() {
        try {
            AeadConfig.register();
            return TinkJsonProtoKeysetFormat.serializeKeyset(KeysetHandle.generateNew(PredefinedAeadParameters.AES256_GCM),
                    InsecureSecretKeyAccess.get());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java runtime has AES-GCM", e);
        }
    }
}
