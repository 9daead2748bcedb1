package io.certcourier.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.UUID;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

import io.vertx.core.Future;
import io.vertx.core.Vertx;

/** The least that outlives a crash: a commit before the first call of a renewal and one after its last. */
interface LimitCommits {

    Future<?> begun(Sample sample);

    Future<?> ended(Sample sample);

    static LimitCommits none() {
        return new LimitCommits() {
            @Override
            public Future<?> begun(Sample sample) {
                return Future.succeededFuture();
            }

            @Override
            public Future<?> ended(Sample sample) {
                return Future.succeededFuture();
            }
        };
    }

    /** Plain JDBC, a connection for each place, statements prepared once. */
    static LimitCommits into(Vertx vertx, String jdbcUrl, String user) {
        BlockingQueue<Link> links = new ArrayBlockingQueue<>(Setup.CONCURRENCY);
        for (int i = 0; i < Setup.CONCURRENCY; i++) {
            links.add(Link.open(jdbcUrl, user));
        }
        return new LimitCommits() {
            @Override
            public Future<?> begun(Sample sample) {
                return commit(Link::begun, sample);
            }

            @Override
            public Future<?> ended(Sample sample) {
                return commit(Link::ended, sample);
            }

            private Future<?> commit(Write write, Sample sample) {
                return vertx.executeBlocking(() -> {
                    var link = links.take();
                    try {
                        write.by(link, sample.name());
                        return null;
                    } finally {
                        links.add(link);
                    }
                }, false);
            }
        };
    }

    interface Write {
        void by(Link link, String name) throws SQLException;
    }

    record Link(PreparedStatement insert, PreparedStatement update) {

        static final String TABLE = """
                CREATE SCHEMA bench;
                CREATE TABLE bench.renewal
                  (id uuid PRIMARY KEY, name text NOT NULL, state text NOT NULL, at timestamptz NOT NULL DEFAULT now())""";

        private static Link open(String jdbcUrl, String user) {
            try {
                Connection connection = DriverManager.getConnection(jdbcUrl, user, user);
                return new Link(
                        connection.prepareStatement("INSERT INTO bench.renewal (id, name, state) VALUES (?, ?, 'BEGUN')"),
                        connection.prepareStatement("UPDATE bench.renewal SET state = 'ENDED', at = now() WHERE id = ?"));
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        private void begun(String name) throws SQLException {
            insert.setObject(1, UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            insert.setString(2, name);
            insert.executeUpdate();
        }

        private void ended(String name) throws SQLException {
            update.setObject(1, UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8)));
            update.executeUpdate();
        }
    }
}
