package io.certcourier.bench;

import java.util.stream.LongStream;

/** {@link LimitClient} in a process of its own, with or without commits. */
final class Limit implements Contestant {

    private final String name;
    private final Jvm process;

    private Limit(String name, Jvm process) {
        this.name = name;
        this.process = process;
    }

    static Limit inMemory(Stage stage) {
        return new Limit("limit", Jvm.start(Stage.FOLDER.resolve("limit.log"), java.util.Map.of(), LimitClient.class,
                stage.cloud().endpoint().toString(), stage.sampleFile().toString()));
    }

    static Limit withCommits(Stage stage) {
        var postgres = stage.platform().postgres();
        return new Limit("limit+db", Jvm.start(Stage.FOLDER.resolve("limit-db.log"), java.util.Map.of(), LimitClient.class,
                stage.cloud().endpoint().toString(), stage.sampleFile().toString(), postgres.jdbcUrl(), postgres.user()));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int renewals(Setup setup) {
        return setup.backlog();
    }

    @Override
    public LongStream pids() {
        return LongStream.of(process.pid());
    }

    @Override
    public Delivery deliver(Setup setup, int renewals) {
        long[] millis = Timing.parse(process.ask(LimitClient.line(renewals, setup.targetNames().stream())));
        return new Delivery(millis, millis[millis.length - 1] / 1000.0, null);
    }

    @Override
    public void close() {
        process.close();
    }
}
