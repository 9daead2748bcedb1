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
}
