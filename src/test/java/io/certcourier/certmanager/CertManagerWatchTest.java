package io.certcourier.certmanager;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

import org.jboss.logmanager.formatters.PatternFormatter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CertManagerWatchTest {

    private final List<LogRecord> told = new CopyOnWriteArrayList<>();
    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord line) {
            told.add(line);
        }

        @Override
        public void flush() {
        }

        @Override
        public void close() {
        }
    };

    /** The parser's message quotes the line it cannot read. */
    @Test
    void a_kubeconfig_that_cannot_be_read_is_told_and_not_quoted(@TempDir Path folder) throws Exception {
        var kubeconfig = Files.writeString(folder.resolve("config"), "users:\n- user: {token: not-for-the-log, : [}\n");
        var logger = Logger.getLogger(CertManagerWatch.class.getName());
        logger.addHandler(handler);
        System.setProperty("kubeconfig", kubeconfig.toString());
        try {
            var watch = new CertManagerWatch(WatchConfig.of(), null, new WatchStatus(WatchConfig.of()));

            watch.start(null);
            watch.stop(null);
        } finally {
            System.clearProperty("kubeconfig");
            logger.removeHandler(handler);
        }

        assertThat(told).singleElement().satisfies(
                line -> assertThat(new PatternFormatter("%s%e").format(line)).contains("not watched until the next start",
                        "Exception at ").doesNotContain("not-for-the-log"));
    }
}
