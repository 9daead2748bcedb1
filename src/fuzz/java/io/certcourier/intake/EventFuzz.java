package io.certcourier.intake;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** {@link EventBytesFuzzTest}, guided by coverage. */
class EventFuzz {

    @FuzzTest(maxDuration = "10m")
    void judge(byte[] input) {
        EventBytesFuzzTest.judge(input);
    }
}
