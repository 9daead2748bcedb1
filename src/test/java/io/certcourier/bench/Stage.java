package io.certcourier.bench;

import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.LongStream;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;

import io.certcourier.flow.Platform;

/** One broker, one database and one cloud for all contestants, and the meters of all of them. */
final class Stage implements AutoCloseable {

    static final Path FOLDER = Path.of("target", "bench");

    static {
        AmazonCorrettoCryptoProvider.install(); // thousands of certificates are made before anything is measured
    }

    private final Platform platform = Platform.start(FOLDER.resolve("platform"));
    private final Cloud cloud = Cloud.start(FOLDER.resolve("emulator.log"));
    private final List<Sample> samples;
    private final Path sampleFile;
    private final long postmaster;
    private final long broker;

    Stage(int certificates) {
        samples = Sample.issue(certificates, platform.recipient());
        sampleFile = Sample.write(FOLDER.resolve("samples.bin"), samples);
        postmaster = Machine.parent(number("SELECT pg_backend_pid()"));
        broker = ProcessHandle.current().descendants()
                .filter(child -> child.info().commandLine().orElse("").contains("BrokerMain")).mapToLong(ProcessHandle::pid)
                .max().orElseThrow();
        execute(LimitCommits.Link.TABLE);
    }

    Platform platform() {
        return platform;
    }

    Cloud cloud() {
        return cloud;
    }

    List<Sample> samples(int count) {
        return samples.subList(0, count);
    }

    Path sampleFile() {
        return sampleFile;
    }

    /** The account as the setup has it, and no renewal of an earlier run. */
    void prepare(Setup setup) {
        cloud.prepare(setup);
        execute("""
                DO $$ BEGIN
                  TRUNCATE bench.renewal;
                  IF to_regclass('public.renewal') IS NOT NULL THEN TRUNCATE public.renewal, subject, attempt, outbox, refusal CASCADE; END IF;
                END $$""");
        execute("CHECKPOINT"); // the first change of a page after one writes the whole page: the same for all
    }

    Usage usage(LongStream pids) {
        long[] client = pids.toArray();
        double busy = Machine.busySeconds();
        double clientSeconds = LongStream.of(client).mapToDouble(Machine::cpuSeconds).sum();
        double postgres = Machine.cpuSecondsOfFamily(postmaster);
        double kafka = Machine.cpuSeconds(broker);
        double emulator = Machine.cpuSeconds(cloud.pid());
        double ours = clientSeconds + postgres + kafka + emulator + Machine.cpuSeconds(ProcessHandle.current().pid());
        return new Usage(System.nanoTime() / 1e9, clientSeconds, postgres, kafka, emulator, busy - ours,
                number("SELECT pg_snapshot_xmax(pg_current_snapshot())::text::bigint"),
                number("SELECT (pg_current_wal_insert_lsn() - '0/0')::bigint"));
    }

    long number(String query) {
        try (var connection = platform.database(); var rows = connection.createStatement().executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void execute(String sql) {
        try (var connection = platform.database(); var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        cloud.close();
        platform.close();
    }
}
