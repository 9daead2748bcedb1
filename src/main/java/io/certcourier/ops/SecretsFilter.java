package io.certcourier.ops;

import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.logging.Filter;
import java.util.logging.Formatter;
import java.util.logging.LogRecord;
import java.util.regex.Pattern;

import org.jboss.logmanager.ExtLogRecord;
import org.jboss.logmanager.formatters.PatternFormatter;

import io.quarkus.logging.LoggingFilter;

/**
 * The net under all other care: a line that looks as if it carried a private key, a JWE, a request's signature or a token loses
 * its text and its exceptions before it is written. Nothing of ours makes such a line; a library's exception might.
 */
@LoggingFilter(name = SecretsFilter.NAME)
final class SecretsFilter implements Filter {

    /** As application.properties names it. */
    static final String NAME = "secrets";
    static final String INSTEAD = "A line was withheld because it looked like a secret.";

    private static final int LONGEST_CHAIN = 50;
    private static final Pattern SECRET = Pattern.compile(
            "PRIVATE KEY-----"
                    + "|[\"']?privateKey(?:Pem|Jwe)[\"']?\\s*[:=]\\s*[\"'][^\"']"
                    + "|\\beyJ[\\w-]{10,}\\.[\\w-]*\\.[\\w-]+\\.[\\w-]+"
                    + "|\\beyJ[\\w-]{10,}\\.[\\w-]{10,}\\.[\\w-]{10,}"
                    + "|SDK-HMAC-SHA256 Access="
                    + "|(?i:(?:security.?token|secret.?key|x-auth-token)[\"']?\\s*[:=]\\s*[\"']?[\\w+/=-]{16,})");

    /** The message with its parameters, without exceptions. */
    private final Formatter words = new PatternFormatter("%s");

    @Override
    public boolean isLoggable(LogRecord line) {
        if (looksSecret(words.format(line)) || looksSecret(line.getThrown())) {
            withhold(line);
        }
        return true;
    }

    private static boolean looksSecret(String text) {
        return text != null && SECRET.matcher(text).find();
    }

    private static boolean looksSecret(Throwable thrown) {
        var seen = Collections.newSetFromMap(new IdentityHashMap<Throwable, Boolean>());
        for (Throwable cause = thrown; cause != null && seen.add(cause) && seen.size() <= LONGEST_CHAIN; cause = cause
                .getCause()) {
            if (looksSecret(cause.getMessage())) {
                return true;
            }
            for (Throwable beside : cause.getSuppressed()) {
                if (looksSecret(beside)) {
                    return true;
                }
            }
        }
        return false;
    }

    private static void withhold(LogRecord line) {
        if (line instanceof ExtLogRecord ext) {
            ext.setMessage(INSTEAD, ExtLogRecord.FormatStyle.NO_FORMAT);
        } else {
            line.setMessage(INSTEAD);
        }
        line.setParameters(null);
        line.setThrown(null);
    }
}
