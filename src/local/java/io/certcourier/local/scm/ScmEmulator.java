package io.certcourier.local.scm;

import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

import com.amazon.corretto.crypto.provider.AmazonCorrettoCryptoProvider;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;

/**
 * Huawei Cloud's certificate manager on a port of this machine: verifies every signature, answers as documented, has a switch
 * for each open point, fails on demand and keeps a ledger of every call with its real effect. All state is in memory.
 */
public final class ScmEmulator implements AutoCloseable {

    /** Of the account that {@link #start} creates; nothing but this emulator accepts them. */
    public static final String ACCOUNT = "default";
    public static final String ACCESS_KEY = "AKEMULATOR0000000001";
    public static final String SECRET_KEY = "SKemulator0NotASecret0For0Local0Use000001";
    public static final String DOMAIN_ID = "0123456789abcdef0123456789abcdef";

    private static final Logger LOG = Logger.getLogger(ScmEmulator.class.getName());
    private static final int STOP_SECONDS = 10;

    private final Options options;
    private final Vertx vertx;
    private final Accounts accounts = new Accounts();
    private final Switches switches = new Switches();
    private final Faults faults = new Faults();
    private final Ledger ledger = new Ledger();
    private final EmulatorClock clock = new EmulatorClock();
    private final Admission admission = new Admission(accounts, switches, clock);
    private final Gateway gateway;
    private final ControlApi control;
    private final AtomicBoolean refusing = new AtomicBoolean();
    private volatile HttpServer server;
    private volatile int port;

    /**
     * @param port 0 for a free one
     * @param bindAddress 127.0.0.1 unless the emulator runs in a container of its own
     * @param projects region ids and sub-project names of the first account
     */
    public record Options(int port, String bindAddress, String accessKey, String secretKey, Set<String> projects) {

        public static Options onPort(int port) {
            return new Options(port, "127.0.0.1", ACCESS_KEY, SECRET_KEY, Set.of("cn-north-4", "cn-east-3", "ap-southeast-1"));
        }

        /**
         * From {@code SCM_EMULATOR_PORT, _BIND, _ACCESS_KEY, _SECRET_KEY, _PROJECTS} or {@code --port=8999}, which goes first.
         */
        static Options of(Map<String, String> environment, String... arguments) {
            var given = new HashMap<>(environment);
            Arrays.stream(arguments).filter(argument -> argument.matches("--[a-z-]+=.*")).forEach(argument -> {
                var parts = argument.substring(2).split("=", 2);
                given.put("SCM_EMULATOR_" + parts[0].toUpperCase(Locale.ROOT).replace('-', '_'), parts[1]);
            });
            var byDefault = onPort(8999);
            var projects = given.get("SCM_EMULATOR_PROJECTS");
            return new Options(Integer.parseInt(given.getOrDefault("SCM_EMULATOR_PORT", "8999")),
                    given.getOrDefault("SCM_EMULATOR_BIND", byDefault.bindAddress()),
                    given.getOrDefault("SCM_EMULATOR_ACCESS_KEY", ACCESS_KEY),
                    given.getOrDefault("SCM_EMULATOR_SECRET_KEY", SECRET_KEY),
                    projects == null ? byDefault.projects() : new TreeSet<>(List.of(projects.split(","))));
        }

        @Override
        public String toString() {
            return bindAddress + ":" + port + " " + accessKey + " " + projects;
        }
    }

    private ScmEmulator(Options options) {
        this.options = options;
        this.vertx = Vertx
                .vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(1).setInternalBlockingPoolSize(1));
        this.gateway = new Gateway(admission, switches, faults, ledger, clock,
                new AnswerSender(vertx, clock, this::refuseConnections));
        this.control = new ControlApi(this, accounts);
        accounts.add(
                new EmulatedAccount(ACCOUNT, DOMAIN_ID, options.projects()).withKey(options.accessKey(), options.secretKey()));
    }

    /** Runs alone until the process ends. */
    public static void main(String... arguments) {
        AmazonCorrettoCryptoProvider.install(); // so that a key's check costs the emulator little in benchmarks; or nothing happens
        var emulator = start(Options.of(System.getenv(), arguments));
        Runtime.getRuntime().addShutdownHook(new Thread(emulator::close));
        LOG.info(() -> "SCM emulator listens on " + emulator.endpoint());
    }

    /** @param port 0 for a free one */
    public static ScmEmulator start(int port) {
        return start(Options.onPort(port));
    }

    /**
     * Listens when it returns.
     *
     * @throws IllegalStateException the port is taken
     */
    public static ScmEmulator start(Options options) {
        var emulator = new ScmEmulator(options);
        try {
            await(emulator.listen(options.port()));
            return emulator;
        } catch (IllegalStateException failed) {
            emulator.close();
            throw failed;
        }
    }

    public int port() {
        return port;
    }

    /** To be used as {@code certcourier.scm.accounts.*.endpoint}. */
    public URI endpoint() {
        return URI.create("http://" + options.bindAddress() + ":" + port);
    }

    public Ledger ledger() {
        return ledger;
    }

    public Faults faults() {
        return faults;
    }

    public Switches switches() {
        return switches;
    }

    public EmulatorClock clock() {
        return clock;
    }

    /** The account {@link #start} created. */
    public EmulatedAccount account() {
        return accounts.get(ACCOUNT);
    }

    /** @throws IllegalArgumentException there is no such account */
    public EmulatedAccount account(String name) {
        return accounts.get(name);
    }

    /** @throws IllegalArgumentException its name or one of its keys is taken */
    public ScmEmulator addAccount(EmulatedAccount account) {
        accounts.add(account);
        return this;
    }

    public List<AccountState> state() {
        return accounts.all().stream().map(account -> account.state(clock.instant())).toList();
    }

    /** Forgets certificates, copies, bindings, calls, faults, switches, locks and the clock's shift; accounts and keys stay. */
    public void reset() {
        faults.clear();
        switches.reset();
        clock.reset();
        admission.reset();
        accounts.all().forEach(EmulatedAccount::reset);
        ledger.clear();
    }

    /** Closes every connection and accepts none until the time is over. A second call meanwhile changes nothing. */
    public void refuseConnections(Duration howLong) {
        if (!refusing.compareAndSet(false, true)) {
            return;
        }
        server.close();
        vertx.setTimer(Math.max(1, howLong.toMillis()), over -> listen(port).onComplete(done -> refusing.set(false))
                .onFailure(taken -> LOG.log(Level.SEVERE, "cannot listen again on port " + port, taken)));
    }

    @Override
    public void close() {
        await(vertx.close());
    }

    private Future<HttpServer> listen(int on) {
        var http = new HttpServerOptions().setHost(options.bindAddress()).setPort(on).setMaxInitialLineLength(64 * 1024)
                .setMaxHeaderSize(256 * 1024).setHandle100ContinueAutomatically(true).setHttp2ClearTextEnabled(false);
        return vertx.createHttpServer(http).requestHandler(request -> {
            if (request.path().startsWith(ControlApi.PREFIX)) {
                control.handle(request);
            } else {
                gateway.handle(request);
            }
        }).listen().onSuccess(listening -> {
            server = listening;
            port = listening.actualPort();
        });
    }

    private static void await(Future<?> future) {
        try {
            future.toCompletionStage().toCompletableFuture().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the emulator starts or stops", interrupted);
        } catch (ExecutionException | TimeoutException failed) {
            throw new IllegalStateException("the emulator did not start or stop", failed);
        }
    }
}
