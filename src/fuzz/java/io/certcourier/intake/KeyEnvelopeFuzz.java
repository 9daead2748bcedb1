package io.certcourier.intake;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** {@link KeyEnvelopeFuzzTest}, guided by coverage. */
class KeyEnvelopeFuzz {

    @FuzzTest(maxDuration = "10m")
    void judge(byte[] input) {
        KeyEnvelopeFuzzTest.judge(input);
    }
}
