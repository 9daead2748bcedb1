package io.certcourier.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;

/**
 * The least that can deliver renewals: events from memory, import, a shared list call, a push call per service. One event loop,
 * so nothing needs a lock. A place is taken while an import or the pushes of a renewal are under way, not while it waits for
 * the list; pushes go first.
 */
final class LimitClient {

    private static final int LAST_PAGE = 100;

    private final ScmCalls scm;
    private final LimitCommits commits;
    private final Map<String, List<String>> targets;
    private final Queue<Sample> imports;
    private final Queue<Map.Entry<String, Sample>> pushes = new ArrayDeque<>();
    private final Map<String, Sample> waiting = new LinkedHashMap<>();
    private final Promise<Timing> done = Promise.promise();
    private final Timing timing;
    private int free = Setup.CONCURRENCY;
    private boolean looking;

    private LimitClient(ScmCalls scm, LimitCommits commits, List<Sample> samples, List<String> targets) {
        this.scm = scm;
        this.commits = commits;
        this.imports = new ArrayDeque<>(samples);
        this.timing = new Timing(samples.size());
        this.targets = targets.stream().map(target -> (target + "@").split("@", -1)).collect(Collectors.groupingBy(
                target -> target[0], Collectors.mapping(target -> target[1], Collectors.toList())));
    }

    /** Endpoint, file with samples, and the database if it is to commit; then a line per run: count, targets. */
    public static void main(String... arguments) throws IOException {
        var vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setWorkerPoolSize(Setup.CONCURRENCY));
        var scm = new ScmCalls(vertx, URI.create(arguments[0]));
        var samples = Sample.read(Path.of(arguments[1]));
        var commits = arguments.length > 2 ? LimitCommits.into(vertx, arguments[2], arguments[3]) : LimitCommits.none();
        var lines = new BufferedReader(new InputStreamReader(System.in));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            var run = line.split(" ");
            var answer = Promise.<Timing> promise();
            vertx.runOnContext(start -> new LimitClient(scm, commits, samples.subList(0, Integer.parseInt(run[0])),
                    Arrays.asList(run[1].split(","))).run().onComplete(answer));
            System.out.println(answer.future().toCompletionStage().toCompletableFuture().join());
        }
        vertx.close();
    }

    private Future<Timing> run() {
        go();
        return done.future();
    }

    private void go() {
        while (free > 0 && !(pushes.isEmpty() && imports.isEmpty())) {
            free--;
            (pushes.isEmpty() ? importNext(imports.poll()) : pushNext(pushes.poll())).onFailure(done::tryFail)
                    .onSuccess(stepped -> {
                        free++;
                        go();
                    });
        }
    }

    private Future<?> importNext(Sample sample) {
        return commits.begun(sample).compose(begun -> scm.importCertificate(sample)).onSuccess(id -> {
            waiting.put(id, sample);
            look();
        });
    }

    /** One at a time, and only for those whose import was answered before it began. */
    private void look() {
        if (!looking && !waiting.isEmpty()) {
            looking = true;
            look(new HashMap<>(waiting), 0);
        }
    }

    private void look(Map<String, Sample> asked, int offset) {
        scm.listed(offset).onFailure(done::tryFail).onSuccess(ids -> {
            found(asked, ids);
            if (asked.isEmpty() || offset == LAST_PAGE) {
                looking = false;
                look();
            } else {
                look(asked, offset + 50);
            }
            go();
        });
    }

    private void found(Map<String, Sample> asked, Set<String> ids) {
        for (String id : ids) {
            var sample = asked.remove(id);
            if (sample != null) {
                waiting.remove(id);
                pushes.add(Map.entry(id, sample));
            }
        }
    }

    private Future<?> pushNext(Map.Entry<String, Sample> listed) {
        var calls = targets.entrySet().stream().map(call -> scm.push(listed.getKey(), call.getKey(), call.getValue()));
        return Future.all(calls.collect(Collectors.toList())).compose(pushed -> commits.ended(listed.getValue()))
                .onSuccess(ended -> {
                    if (timing.ended()) {
                        done.tryComplete(timing);
                    }
                });
    }

    /** Each run's targets in their order, for a line. */
    static String line(int count, Stream<String> targets) {
        return count + " " + targets.collect(Collectors.joining(","));
    }
}
