package io.certcourier.scm;

import com.code_intelligence.jazzer.junit.FuzzTest;

/** {@link RequestSignerFuzzTest}, guided by coverage. */
class RequestSignerFuzz {

    @FuzzTest(maxDuration = "10m")
    void judge(byte[] input) {
        RequestSignerFuzzTest.judge(input);
    }
}
