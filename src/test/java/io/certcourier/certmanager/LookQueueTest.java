package io.certcourier.certmanager;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class LookQueueTest {

    private static final ResourceName WWW = new ResourceName("shop", "www");
    private static final ResourceName API = new ResourceName("shop", "api");

    private final List<ResourceName> looks = new CopyOnWriteArrayList<>();

    @Test
    void many_changes_before_its_turn_are_one_look() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        try (var queue = new LookQueue(secret -> {
            looks.add(secret);
            begun.countDown();
            return await(go);
        }, Duration.ofMillis(1), Duration.ofMillis(1))) {
            queue.add(API);
            begun.await();
            for (int i = 0; i < 100; i++) {
                queue.add(WWW);
            }
            go.countDown();

            Awaitility.await().untilAsserted(() -> assertThat(looks).containsExactly(API, WWW));
        }
    }

    private static boolean await(CountDownLatch go) {
        try {
            return go.await(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void what_fails_comes_again_and_does_not_hold_up_others() {
        try (var queue = new LookQueue(secret -> {
            looks.add(secret);
            return secret.equals(API) || looks.stream().filter(WWW::equals).count() == 3;
        }, Duration.ofMillis(50), Duration.ofMillis(100))) {
            queue.add(WWW);
            queue.add(API);

            Awaitility.await().untilAsserted(() -> assertThat(looks).containsExactly(WWW, API, WWW, WWW));
        }
    }

    @Test
    void a_change_does_not_wait_for_a_repetition() {
        try (var queue = new LookQueue(secret -> {
            looks.add(secret);
            return looks.size() > 1;
        }, Duration.ofHours(1), Duration.ofHours(1))) {
            queue.add(WWW);
            Awaitility.await().until(() -> looks.size() == 1);

            queue.add(WWW);

            Awaitility.await().untilAsserted(() -> assertThat(looks).hasSize(2));
        }
    }

    @Test
    void what_is_removed_is_not_looked_at_again_until_it_is_added() {
        try (var queue = new LookQueue(secret -> !looks.add(secret), Duration.ofMillis(500), Duration.ofMillis(500))) {
            queue.add(WWW);
            Awaitility.await().until(() -> looks.size() == 1);

            queue.remove(WWW);

            Awaitility.await().during(Duration.ofMillis(800)).until(() -> looks.size() == 1);
            queue.add(WWW);
            Awaitility.await().until(() -> looks.size() >= 2);
        }
    }

    @Test
    void what_is_removed_during_its_look_is_not_repeated() throws InterruptedException {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        try (var queue = new LookQueue(secret -> {
            looks.add(secret);
            begun.countDown();
            return !await(go);
        }, Duration.ofMillis(1), Duration.ofMillis(1))) {
            queue.add(WWW);
            begun.await();

            queue.remove(WWW);
            go.countDown();

            Awaitility.await().during(Duration.ofMillis(200)).until(() -> looks.size() == 1);
        }
    }

    @Test
    void whatever_a_look_throws_it_is_repeated() {
        var withoutStack = new ArrayIndexOutOfBoundsException();
        withoutStack.setStackTrace(new StackTraceElement[0]);
        try (var queue = new LookQueue(secret -> {
            looks.add(secret);
            switch (looks.size()) {
                case 1 -> throw withoutStack;
                case 2 -> throw new StackOverflowError();
                default -> {
                    return true;
                }
            }
        }, Duration.ofMillis(1), Duration.ofMillis(1))) {
            queue.add(WWW);

            Awaitility.await().untilAsserted(() -> assertThat(looks).containsExactly(WWW, WWW, WWW));
        }
    }
}
