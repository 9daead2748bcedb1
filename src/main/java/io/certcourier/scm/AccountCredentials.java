package io.certcourier.scm;

import java.time.Instant;

import org.jboss.logging.Logger;

/** The keys an account signs with now. Those from a file are replaced when the file has others; a bad file changes nothing. */
final class AccountCredentials {

    private static final Logger LOG = Logger.getLogger(AccountCredentials.class);

    private final String account;
    private final CredentialsFile file;
    private volatile Credentials current;
    private boolean warned;

    private AccountCredentials(String account, CredentialsFile file, Credentials first) {
        this.account = account;
        this.file = file;
        this.current = first;
    }

    static AccountCredentials fixed(String account, Credentials credentials) {
        return new AccountCredentials(account, null, credentials);
    }

    /** @throws CredentialsFile.Unusable there is nothing to begin with */
    static AccountCredentials from(String account, CredentialsFile file) throws CredentialsFile.Unusable {
        return new AccountCredentials(account, file, file.read());
    }

    Credentials current() {
        return current;
    }

    /** Looks at the file, if there is one. Warns once until it can be used again. */
    synchronized void refresh(Instant now) {
        if (file == null) {
            return;
        }
        try {
            Credentials found = file.read();
            if (found.sameAs(current)) {
                warned = false;
            } else if (found.expiredAt(now)) {
                warn("what it has, has run out"); // older ones may still work
            } else {
                warned = false;
                current = found;
                LOG.infof("credentials replaced: account=%s expiresAt=%s", account, expiry());
            }
        } catch (CredentialsFile.Unusable e) {
            warn(e.getMessage());
        }
    }

    private void warn(String why) {
        if (!warned) {
            warned = true;
            LOG.warnf("credentials-file is of no use, the credentials at hand stay: account=%s expiresAt=%s: %s", account,
                    expiry(), why);
        }
    }

    private String expiry() {
        return current.expiresAt().map(Instant::toString).orElse("unknown");
    }
}
