package io.certcourier.local;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.Logger;

import org.jboss.logmanager.formatters.PatternFormatter;
import org.jboss.logmanager.handlers.WriterHandler;
import org.slf4j.LoggerFactory;

/**
 * Where a JVM of ours logs. Set in code: with Quarkus on the class path the log manager would hold everything back for its
 * boot.
 */
final class Logs {

    private Logs() {
    }

    /** Appends what libraries log, from INFO on. To be called before anything logs. */
    static void to(Path file) {
        try {
            to(Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void to(OutputStream out) {
        System.setProperty("java.util.logging.manager", "org.jboss.logmanager.LogManager");
        var handler = new WriterHandler();
        handler.setFormatter(new PatternFormatter("%d{yyyy-MM-dd HH:mm:ss,SSS} %-5p [%c{2.}] %s%e%n"));
        handler.setWriter(new OutputStreamWriter(out, UTF_8));
        handler.setAutoFlush(true);
        Logger root = Logger.getLogger("");
        for (Handler other : root.getHandlers()) {
            root.removeHandler(other);
        }
        root.addHandler(handler);
        root.setLevel(Level.INFO);
        LoggerFactory.getILoggerFactory(); // here, once: several threads at a time would make it complain on the terminal
    }
}
