package io.certcourier.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Collectors;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class StrictJsonTest {

    /** 1,024 names that weigh the same: AB and B! do, for a hash of multiply by 33 and add. */
    private static byte[] namesOfOneHash() {
        return IntStream.range(0, 1 << 10).mapToObj(bits -> '"' + IntStream.range(0, 10)
                .mapToObj(bit -> (bits >> bit & 1) == 0 ? "AB" : "B!").collect(Collectors.joining()) + "\":1")
                .collect(Collectors.joining(",", "{", "}")).getBytes(UTF_8);
    }

    private static byte[] namesOf(int round) {
        return IntStream.range(0, 40).mapToObj(i -> "\"member" + round + "x" + i + "\":1")
                .collect(Collectors.joining(",", "{", "}"))
                .getBytes(UTF_8);
    }

    /** The parser's memory of names is shared by all records: what one does to it must not meet the next. */
    @Test
    void names_of_one_record_do_no_harm_to_the_next() {
        for (int round = 0; round < 300; round++) {
            StrictJson.parse(namesOfOneHash());

            assertThat(StrictJson.parse(namesOf(round)).size()).isEqualTo(40);
        }
    }

    @Test
    void names_of_one_hash_are_names() {
        assertThat(StrictJson.parse(namesOfOneHash()).size()).isEqualTo(1024);
    }
}
