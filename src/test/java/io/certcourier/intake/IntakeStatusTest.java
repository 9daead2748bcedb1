package io.certcourier.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.InstantSource;
import java.util.List;
import java.util.OptionalDouble;

import org.junit.jupiter.api.Test;

import io.certcourier.outcome.Channel;
import io.certcourier.outcome.ReasonCode;

class IntakeStatusTest {

    private final IntakeStatus status = new IntakeStatus(() -> OptionalDouble.of(2.5), InstantSource.fixed(EventBuilder.NOW));

    @Test
    void the_last_poll_is_as_long_ago_as_the_client_says() {
        assertThat(status.lastPoll()).contains(EventBuilder.NOW.minusMillis(2500));
    }

    @Test
    void there_is_no_last_poll_before_the_first() {
        var fresh = new IntakeStatus(OptionalDouble::empty, InstantSource.fixed(EventBuilder.NOW));

        assertThat(fresh.lastPoll()).isEmpty();
    }

    @Test
    void counts_what_producers_should_mend() {
        var reader = new ReaderBuilder().build();
        var event = EventBuilder.anEvent().with("commonName", "x").with("vendor", "y").without("privateKeyJwe")
                .with("privateKeyPem", EventBuilder.LEAF.keyPem());

        status.countReceived(reader.read(event.structured()));

        assertThat(status.unknownFields()).isEqualTo(2);
        assertThat(status.plaintextKeys()).isEqualTo(1);
        assertThat(status.received("kafka", "structured")).isEqualTo(1);
    }

    @Test
    void events_are_counted_by_the_channel_they_came_by() {
        var reader = new ReaderBuilder().build();
        byte[] event = EventBuilder.anEvent().structured().value();

        status.countReceived(reader.read(new IncomingRecord(Place.found("cert-manager"), 0, List.of(), event, null)));
        status.countReceived(reader.read(new IncomingRecord(Place.request("ci"), 0, List.of(), event, null)));

        assertThat(Channel.ALL).extracting(channel -> status.received(channel, "structured")).containsExactly(0L, 1L, 1L);
    }

    @Test
    void every_channel_form_and_reason_has_a_counter_from_the_start() {
        assertThat(IntakeStatus.forms()).isEqualTo(List.of("binary", "structured", "plain"));
        assertThat(Channel.ALL).allMatch(
                channel -> IntakeStatus.forms().stream().allMatch(form -> status.received(channel, form) == 0));
        assertThat(ReasonCode.values()).allMatch(reason -> status.rejected(reason) == 0);
    }
}
