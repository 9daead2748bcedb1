package io.certcourier.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A real PostgreSQL 17 on loopback that syncs every commit to disk, so that what it confirmed outlives a kill -9. */
public final class LocalPostgres implements AutoCloseable {

    private static final String USER = "postgres";
    private static final Duration RESTART_LIMIT = Duration.ofSeconds(15);

    private final ServerFolder folder;
    private final Path home;
    private final int port;
    private final Unprivileged unprivileged;
    private Watchdog watchdog;

    private LocalPostgres(ServerFolder folder, Path home, int port, Unprivileged unprivileged) {
        this.folder = folder;
        this.home = home;
        this.port = port;
        this.unprivileged = unprivileged;
    }

    /**
     * Starts a server and returns when it takes connections. The programs are unpacked once into target/postgres.
     *
     * @param dataFolder of its own; a database found there is kept. Its log is postgres.log in there
     * @param port on loopback; 0 takes a free one
     */
    public static LocalPostgres start(Path dataFolder, int port) {
        Path home = PostgresBinaries.unpackedIn(Path.of("target", "postgres"));
        Unprivileged unprivileged = Unprivileged.detect();
        unprivileged.requireAccess(home.resolve("bin").resolve("initdb"));
        var postgres = new LocalPostgres(ServerFolder.hold(dataFolder), home, Ports.orFree(port), unprivileged);
        try {
            postgres.initialise();
            postgres.endLeftover();
            postgres.launch();
        } catch (RuntimeException | Error e) {
            postgres.folder.close();
            throw e;
        }
        return postgres;
    }

    /** For the database that initdb makes. */
    public String jdbcUrl() {
        return jdbcUrl(port);
    }

    /** The same through a {@link TcpProxy} that listens on this port. */
    public String jdbcUrl(int proxyPort) {
        return "jdbc:postgresql://localhost:" + proxyPort + "/postgres";
    }

    public int port() {
        return port;
    }

    /** A superuser. */
    public String user() {
        return USER;
    }

    /** Any password will do: loopback is trusted. */
    public String password() {
        return USER;
    }

    /**
     * From now on this user exists, gets in with its password and over TLS only, and may make tables. Others as before.
     *
     * @param certificatePem the server's, then what issued it
     */
    public void secure(String certificatePem, String keyPem, String user, String password) {
        writeOwn("server.crt", certificatePem);
        writeOwn("server.key", keyPem);
        writeOwn("pg_hba.conf", """
                hostnossl all %1$s 127.0.0.1/32 reject
                hostssl all %1$s 127.0.0.1/32 scram-sha-256
                host all all 127.0.0.1/32 trust
                """.formatted(user));
        try (var connection = DriverManager.getConnection(jdbcUrl(), USER, USER);
                var statement = connection.createStatement()) {
            statement.execute("CREATE ROLE " + user + " LOGIN PASSWORD '" + password + "'");
            statement.execute("GRANT ALL ON SCHEMA public TO " + user);
            statement.execute("ALTER SYSTEM SET ssl = on");
            statement.execute("SELECT pg_reload_conf()");
        } catch (SQLException e) {
            throw new IllegalStateException("cannot secure PostgreSQL", e);
        }
    }

    /** A file of the server's own, which it wants nobody else to read. */
    private void writeOwn(String name, String content) {
        folder.write("data/" + name, content);
        Path file = folder.resolve("data").resolve(name);
        try {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot protect " + file, e);
        }
        unprivileged.own(file);
    }

    /** kill -9 of the server; its sessions break, the data stays. */
    public void kill() {
        watchdog.close();
        server().ifPresent(process -> {
            process.destroyForcibly();
            process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
        });
    }

    /** An orderly end: sessions are broken off, the data is complete on disk. */
    public void stop() {
        watchdog.close();
        if (server().isPresent()) {
            run(List.of(program("pg_ctl"), "-D", data(), "stop", "-m", "fast", "-w", "-t", "20"));
        }
    }

    /** Starts it again on the same port with its data, after {@link #kill()} or {@link #stop()}. */
    public void restart() {
        Instant limit = Instant.now().plus(RESTART_LIMIT);
        while (true) {
            try {
                launch();
                return;
            } catch (ServerRefused e) {
                // sessions of the killed server may still hold its shared memory: they notice within moments
                if (Instant.now().isAfter(limit)) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void close() {
        stop();
        folder.close();
    }

    private void initialise() {
        if (folder.has("initialised")) {
            return;
        }
        ServerFolder.delete(folder.resolve("data")); // an initdb that was killed half way
        unprivileged.own(folder.path());
        run(List.of(program("initdb"), "-D", data(), "-U", USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync",
                "--no-instructions"));
        folder.write("initialised", "");
    }

    /** Nobody else can use the folder while we hold it: a server in it has lost its JVM. */
    private void endLeftover() {
        if (server().isPresent()) {
            run(List.of(program("pg_ctl"), "-D", data(), "stop", "-m", "immediate", "-w", "-t", "20"));
        } else {
            deleteStalePid(); // the number may belong to an innocent process by now
        }
    }

    private void launch() {
        if (Ports.isTaken(port)) {
            throw new LocalFailure(
                    "Port %d is taken, so PostgreSQL cannot start: end the program that listens there.".formatted(port));
        }
        String options = String.join(" ", "-p " + port, "-c listen_addresses=127.0.0.1", "-c unix_socket_directories=",
                "-c fsync=on", "-c synchronous_commit=on", "-c full_page_writes=on", "-c max_connections=200",
                "-c shared_buffers=64MB", "-c logging_collector=off", "-c log_line_prefix=\"%m [%p] \"");
        run(List.of(program("pg_ctl"), "-D", data(), "-l", log().toString(), "-o", options, "-w", "-t", "60", "start"));
        long pid = server().orElseThrow(() -> new IllegalStateException("PostgreSQL has left no pid; see " + log())).pid();
        watchdog = Watchdog.over(pid, "QUIT"); // QUIT takes the sessions along
    }

    /** The running server of this folder, by the pid file it keeps there. */
    private Optional<ProcessHandle> server() {
        try {
            long pid = Long.parseLong(Files.readAllLines(pidFile()).get(0).strip());
            return ProcessHandle.of(pid).filter(process -> process.info().command().orElse("").endsWith("postgres"));
        } catch (IOException | IndexOutOfBoundsException | NumberFormatException e) {
            return Optional.empty(); // never started, stopped in order, or killed while writing the file
        }
    }

    private void deleteStalePid() {
        try {
            Files.deleteIfExists(pidFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void run(List<String> command) {
        var builder = new ProcessBuilder(unprivileged.command(command)).redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("commands.log").toFile()));
        builder.environment().put("LC_ALL", "C");
        try {
            int code = builder.start().waitFor();
            if (code != 0) {
                throw new ServerRefused("%s ended with exit code %d; see %s and %s".formatted(
                        Path.of(command.get(0)).getFileName(), code, folder.resolve("commands.log"), log()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("cannot run " + command.get(0), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private String program(String name) {
        return home.resolve("bin").resolve(name).toString();
    }

    private String data() {
        return folder.resolve("data").toString();
    }

    private Path pidFile() {
        return folder.resolve("data").resolve("postmaster.pid");
    }

    private Path log() {
        return folder.resolve("postgres.log");
    }

    private static final class ServerRefused extends IllegalStateException {

        private ServerRefused(String message) {
            super(message);
        }
    }
}
