package io.certcourier.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;

import org.junit.jupiter.api.Test;

class PlaceTest {

    @Test
    void a_record_names_its_topic_and_a_request_its_caller() {
        assertThat(Place.record("cert-renewed", 3, 17).source()).isEqualTo("urn:certcourier:kafka:cert-renewed");
        assertThat(Place.record("cert-renewed", 3, 17).channel()).isEqualTo("kafka");
        assertThat(Place.request("acme-bridge").source()).isEqualTo("urn:certcourier:http:acme-bridge");
        assertThat(Place.request("acme-bridge").channel()).isEqualTo("http");
    }

    @Test
    void what_is_found_was_on_no_wire() {
        var found = Place.found("cert-manager");

        assertThat(found.source()).isEqualTo("urn:certcourier:kubernetes:cert-manager");
        assertThat(found.channel()).isEqualTo("kubernetes");
        assertThat(found.isRecord()).isFalse();
        assertThat(found.wasFound()).isTrue();
        assertThat(Place.request("cert-manager").wasFound()).isFalse();
        assertThat(Place.record("cert-renewed", 3, 17).wasFound()).isFalse();
        assertThat(found.toString()).isEqualTo("kubernetes secret");
    }

    @Test
    void a_caller_may_be_called_anything() {
        assertThat(Place.request("CN=a b,O=ü").source()).isEqualTo("urn:certcourier:http:CN%3Da%20b%2CO%3D%C3%BC");
        assertThat(Place.request("x".repeat(5000)).source()).hasSize("urn:certcourier:http:".length() + 64)
                .satisfies(source -> assertThat(URI.create(source)).isNotNull());
        assertThat(Place.request("a\nb").source()).doesNotContain("\n");
    }

    @Test
    void a_caller_is_not_printed() {
        assertThat(Place.request("somebody").toString()).isEqualTo("http request");
    }
}
